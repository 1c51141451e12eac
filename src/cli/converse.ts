/** `npm run converse -- [--channel NAME] [--json] FILE…`: plays conversation files, exit 1 on a mismatch. */
import { stat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig, processEnv } from '../config.ts';
import { describeFault, FileError, messageOf } from '../errors.ts';
import { createLogger } from '../log.ts';
import { loadContent, modelsDir } from '../app.ts';
import { discoverChannels } from '../channel/discovery.ts';
import { readScripts, type Script } from './converse/format.ts';
import { HeldClock, playOnEngine } from './converse/stage.ts';
import { findSimulators } from './simulators.ts';
import type { Mismatch } from './converse/play.ts';

interface Result {
  readonly name: string;
  readonly file: string;
  readonly channel: string;
  readonly passed: boolean;
  readonly mismatch?: Mismatch;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { channel: { type: 'string' }, json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (positionals.length === 0) {
    console.error('usage: npm run converse -- [--channel NAME] [--json] FILE…');
    return 2;
  }
  const config = readConfig(processEnv());
  const logger = createLogger(config.logLevel === 'info' ? 'silent' : config.logLevel, {
    write: (line) => process.stderr.write(line),
  });
  const files = (await Promise.all(positionals.map(filesOf))).flat();
  const faults: string[] = [];
  const scripts: Script[] = [];
  for (const file of files) {
    try {
      scripts.push(...(await readScripts(file)));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      faults.push(...error.faults.map(describeFault));
    }
  }
  for (const fault of faults) console.error(fault);

  const channels = new Map(
    (await discoverChannels(join(import.meta.dirname, '../../channels'))).map((c) => [c.name, c]),
  );
  const held = new HeldClock(Math.min(Date.now(), ...scripts.map((s) => s.clock)));
  const content = await loadContent({
    dialogsDir: config.dialogsDir,
    knowledgeDir: config.knowledgeDir,
    modelsDir: modelsDir(config.dataDir),
    clock: held,
    logger,
    watch: false,
  });
  const simulators = await findSimulators([...channels.keys()]);
  const results: Result[] = [];
  for (const script of scripts) {
    const asked = values.channel ?? script.channel;
    for (const channel of asked === 'all' ? channels.keys() : [asked]) {
      const { name, file } = script;
      const mismatch = await playOnEngine(script, channel, {
        content,
        channels,
        logger,
        clock: held,
        simulators,
      });
      const passed = mismatch === undefined;
      results.push({ name, file, channel, passed, ...(passed ? {} : { mismatch }) });
      if (!values.json) print(results.at(-1));
    }
  }
  await content.stop();
  const failed = results.filter((r) => !r.passed).length + faults.length;
  const passed = results.length + faults.length - failed;
  if (values.json) console.log(JSON.stringify({ passed, failed, faults, results }));
  else console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) return [path];
  const names = await readdir(path, { recursive: true });
  return names
    .filter((n) => /\.ya?ml$/u.test(n))
    .sort()
    .map((n) => join(path, n));
}

function print(result: Result | undefined): void {
  if (result === undefined) return;
  const where = `${result.name} [${result.channel}]`;
  if (result.mismatch === undefined) {
    console.log(`ok    ${where}`);
    return;
  }
  const { line, expected, got } = result.mismatch;
  console.log(
    `FAIL  ${where} ${result.file}:${line}\n      expected ${expected}\n      got      ${got}`,
  );
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? messageOf(error) : error);
  process.exitCode = 2;
}
