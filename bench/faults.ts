/** `npm run faults [-- NAME] [-- --kills N --seed S …]`: kills under load; NAME `web` (default) or `wechat` */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, messageOf } from '../src/errors.ts';
import { layOutContent, provideModels } from './content.ts';
import { probeFsync } from './disk.ts';
import { runKills } from './faults/kill-run.ts';
import { runPoison } from './faults/poison-run.ts';
import { runWechatKills } from './faults/wechat-run.ts';
import { readOptions } from './options.ts';
import { describeMachine, printTable, writeResult } from './result.ts';

const runs: Readonly<Record<string, (args: readonly string[]) => Promise<boolean>>> = {
  web,
  wechat,
};

async function main(args: readonly string[]): Promise<boolean> {
  const [name = '', ...rest] = args;
  if (name === '' || name.startsWith('-')) return web(args);
  const run = Object.hasOwn(runs, name) ? runs[name] : undefined;
  if (run !== undefined) return run(rest);
  throw new ConfigError([{ name, fault: `is not one of ${Object.keys(runs).join(', ')}` }]);
}

async function wechat(args: readonly string[]): Promise<boolean> {
  const settings = readOptions(args, { kills: 100, seed: 1, users: 24 });
  const machine = await describeMachine();
  const root = await mkdtemp(join(tmpdir(), 'yingda-faults-'));
  try {
    const content = await layOutContent(join(root, 'content'), ['receipt']);
    const dataDir = join(root, 'data');
    await mkdir(dataDir);
    await provideModels(content, dataDir);
    const report = await runWechatKills({ ...settings, content, dataDir }, (kill) => {
      if (kill % 20 === 0) console.error(`${kill} of ${settings.kills} kills`);
    });
    const { verdict, ...counts } = report;
    printTable([
      {
        ...counts,
        ...Object.fromEntries(Object.entries(verdict).map(([k, v]) => [k, (v as string[]).length])),
        clean: String(report.clean),
      },
    ]);
    const command = ['npm run faults -- wechat', ...args].join(' ');
    const result = { command, machine, settings, report };
    console.log(await writeResult('faults-wechat', result));
    return report.clean;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function web(args: readonly string[]): Promise<boolean> {
  const settings = readOptions(args, { kills: 500, seed: 1, groups: 2, conversations: 16 });
  const machine = await describeMachine();
  const root = await mkdtemp(join(tmpdir(), 'yingda-faults-'));
  try {
    const fsync = await probeFsync(root);
    const content = await layOutContent(join(root, 'content'), ['survey', 'crash']);
    const folder = async (name: string): Promise<string> => {
      const dataDir = join(root, name);
      await mkdir(dataDir);
      await provideModels(content, dataDir);
      return dataDir;
    };
    const begun = performance.now();
    let kills = 0;
    const reports = await Promise.all(
      Array.from({ length: settings.groups }, async (_, group) =>
        runKills(
          {
            content,
            conversations: settings.conversations,
            kills: Math.ceil((settings.kills - group) / settings.groups),
            seed: settings.seed + group * 1000,
            dataDir: await folder(`group-${group}`),
          },
          () => {
            kills += 1;
            if (kills % 20 === 0) console.error(`${kills} of ${settings.kills} kills`);
          },
        ),
      ),
    );
    const minutes = Number(((performance.now() - begun) / 60_000).toFixed(1));
    const poison = await runPoison({
      content,
      conversations: 4,
      seed: settings.seed,
      dataDir: await folder('poison'),
    });
    printTable(
      reports.map(({ kills: n, acknowledged, failedTries, verdict, clean }) => ({
        kills: n,
        acknowledged,
        failedTries,
        ...Object.fromEntries(Object.entries(verdict).map(([k, v]) => [k, (v as string[]).length])),
        clean: String(clean),
      })),
    );
    console.log(`a message that kills: ${poison.restarts} restarts, clean ${poison.clean}`);
    const command = ['npm run faults --', ...args].join(' ');
    const result = { command, machine, fsync, settings, minutes, groups: reports, poison };
    console.log(await writeResult('faults', result));
    return poison.clean && reports.every((r) => r.clean);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

process.once('SIGINT', () => process.exit(130));
try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(messageOf(error));
  process.exitCode = 2;
}
