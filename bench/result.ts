import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { format } from 'prettier';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..');

/** Where and when a figure was made. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly node: string;
  readonly date: string;
  /** The commit, with `+` where files differ from it. */
  readonly commit: string;
  /** Load of the machine in the minute before the run: other work makes figures worse. */
  readonly loadBefore: number;
}

/** Looks at this machine. Call it before the run begins. */
export async function describeMachine(): Promise<Machine> {
  const list = cpus();
  return {
    cpu: list[0]?.model ?? 'unknown',
    cores: list.length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    date: new Date().toISOString(),
    commit: await commitOf(),
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}

async function commitOf(): Promise<string> {
  try {
    const { stdout } = await run('git', ['rev-parse', 'HEAD'], { cwd: ROOT });
    const { stdout: changed } = await run('git', ['status', '--porcelain', 'src', 'channels'], {
      cwd: ROOT,
    });
    return stdout.trim() + (changed === '' ? '' : '+');
  } catch {
    return 'unknown';
  }
}

/** Writes `bench/results/<name>.json` and answers its path. */
export async function writeResult(
  name: string,
  result: { readonly command: string; readonly machine: Machine } & Readonly<
    Record<string, unknown>
  >,
): Promise<string> {
  const dir = join(import.meta.dirname, 'results');
  await mkdir(dir, { recursive: true });
  const file = join(dir, `${name}.json`);
  const options = { parser: 'json', printWidth: 100 } as const;
  await writeFile(file, await format(JSON.stringify(result), options));
  return relative(process.cwd(), file);
}

/** Prints rows under their column names, aligned. */
export function printTable(rows: readonly Readonly<Record<string, string | number>>[]): void {
  const names = Object.keys(rows[0] ?? {});
  const width = (name: string): number =>
    Math.max(name.length, ...rows.map((row) => String(row[name] ?? '').length));
  const line = (cells: (name: string) => string): string =>
    names.map((name) => cells(name).padEnd(width(name))).join('  ');
  console.log(line((name) => name));
  for (const row of rows) console.log(line((name) => String(row[name] ?? '')));
}
