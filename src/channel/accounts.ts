import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { FileError, messageOf, type FileFault } from '../errors.ts';

/** What every account of a channel has: the last part of its route, and its name in addresses. */
export interface Account {
  /** 1 to 40 of `a-z`, `0-9` and `-`; not `default`, which is the account of the plain variables. */
  readonly name: string;
}

/** Keys and secrets are short; a file larger than this, in bytes, is not one of accounts. */
const MOST_BYTES = 1024 * 1024;

/**
 * Reads the file that a channel's `<CHANNEL>_ACCOUNTS` names: a JSON list of accounts.
 * @param shape what one account holds, its `name` included
 * @throws FileError naming row and field of every fault at once. It never shows a value: they are secrets
 */
export async function readAccounts<T extends Account>(
  file: string,
  shape: z.ZodType<T>,
): Promise<readonly T[]> {
  const rows = await readList(file);
  const faults: FileFault[] = [];
  const accounts: T[] = [];
  const rowOf = new Map<string, number>();
  for (const [i, row] of rows.entries()) {
    const name = nameOf(row);
    faults.push(...nameFaults(name, i, rowOf).map((fault) => faultAt(file, i, ['name'], fault)));
    const parsed = shape.safeParse(row);
    if (parsed.success) {
      accounts.push(parsed.data);
      continue;
    }
    for (const { path, message } of parsed.error.issues) {
      const missing = path.length === 1 && path[0] === 'name' && name === undefined;
      if (!missing) faults.push(faultAt(file, i, path, message));
    }
  }
  if (faults.length > 0) throw new FileError(faults);
  return accounts;
}

async function readList(file: string): Promise<readonly unknown[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw refused(file, `can't be read: ${messageOf(error)}`);
  }
  if (text.length > MOST_BYTES) throw refused(file, 'is larger than 1 MiB');
  let list: unknown;
  try {
    list = JSON.parse(text.replace(/^\uFEFF/u, ''));
  } catch {
    // The engine's own message quotes what stands there.
    throw refused(file, 'is not JSON');
  }
  if (!Array.isArray(list)) throw refused(file, 'is not a list');
  if (list.length === 0) throw refused(file, 'names no account');
  return list as readonly unknown[];
}

function refused(file: string, fault: string): FileError {
  return new FileError([{ file, fault, mend: 'write a JSON list of accounts, [{"name": …}, …]' }]);
}

function nameOf(row: unknown): string | undefined {
  const name = row !== null && typeof row === 'object' ? (row as { name?: unknown }).name : null;
  return typeof name === 'string' ? name : undefined;
}

function nameFaults(name: string | undefined, row: number, rowOf: Map<string, number>): string[] {
  if (name === undefined) return ['is missing'];
  if (!/^[a-z0-9-]{1,40}$/u.test(name)) return ['is not 1 to 40 of a-z, 0-9 and -'];
  if (name === 'default') return ['is taken by the account of the plain variables'];
  const first = rowOf.get(name);
  if (first !== undefined) return [`is that of row ${first + 1} too`];
  rowOf.set(name, row);
  return [];
}

function faultAt(
  file: string,
  row: number,
  path: readonly PropertyKey[],
  fault: string,
): FileFault {
  const key = [`[${row + 1}]`, ...path.map(String)].join('.');
  return { file, key, fault, mend: `mend it in row ${row + 1} of the list` };
}
