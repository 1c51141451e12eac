import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { layOutContent, provideModels, type ContentDirs } from './content.ts';
import { probeFsync } from './disk.ts';
import { fill, type Past } from './grow/fill.ts';
import { readOptions } from './options.ts';
import { describeMachine, printTable, writeResult } from './result.ts';
import { rounded, summary } from './stats.ts';
import { openOurs } from './turn/ours.ts';
import type { Side } from './turn/side.ts';
import { scriptOf } from './turn/workloads.ts';

const TEMPLATE_TURNS = 10;

interface Grown {
  readonly name: string;
  readonly past: Past;
  readonly bytes: number;
  readonly side: Side;
}

/**
 * Cost of a turn as the past grows: in conversations of 10 turns within a store of 1,000 messages, in
 * conversations of 10,000 turns, and in conversations of 10 turns within a store of 1,000,000.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const settings = readOptions(args, {
    rounds: 7,
    conversations: 20,
    turns: 10_000,
    messages: 1_000_000,
  });
  setFlagsFromString('--expose-gc');
  globalThis.gc = runInNewContext('gc') as NodeJS.GCFunction;
  const machine = await describeMachine();
  const root = await mkdtemp(join(tmpdir(), 'yingda-bench-grow-'));
  const opened: Grown[] = [];
  try {
    const fsync = await probeFsync(root);
    const content = await layOutContent(join(root, 'content'), ['survey']);
    const template = join(root, 'template');
    await makeTemplate(template, content);
    const pasts: readonly (readonly [string, Past])[] = [
      ['small', { conversations: 100, turns: TEMPLATE_TURNS }],
      ['long conversations', { conversations: settings.conversations, turns: settings.turns }],
      ['large store', { conversations: settings.messages / TEMPLATE_TURNS, turns: TEMPLATE_TURNS }],
    ];
    for (const [name, past] of pasts) {
      const dataDir = join(root, name.replace(' ', '-'));
      await cp(template, dataDir, { recursive: true });
      const { bytes } = fill(dataDir, 'template', past, TEMPLATE_TURNS);
      opened.push({ name, past, bytes, side: await openOurs(dataDir, content) });
      console.error(`${name}: ${Math.round(bytes / 2 ** 20)} MiB`);
    }
    const rounds = await measure(opened, settings.rounds, settings.conversations);
    const table = opened.map((grown) => row(grown, rounds, settings.conversations));
    printTable(table);
    const command = ['npm run bench -- grow', ...args].join(' ');
    console.log(await writeResult('grow', { command, machine, fsync, settings, table, rounds }));
  } finally {
    for (const { side } of opened) await side.close();
    await rm(root, { recursive: true, force: true });
  }
}

interface Figure {
  readonly alone: { readonly cpuUs: number; readonly wallUs: number };
  readonly together: { readonly cpuUs: number; readonly wallUs: number };
}

async function makeTemplate(dataDir: string, content: ContentDirs): Promise<void> {
  await provideModels(content, dataDir);
  const side = await openOurs(dataDir, content);
  const lines = [...scriptOf('faq', 0), ...scriptOf('waterfall', 0)].slice(0, TEMPLATE_TURNS);
  for (const { text } of lines) await side.say('faq', 'template', text);
  await side.close();
}

/** Interleaved; each round uses other conversations, spread over the whole store. */
async function measure(
  opened: readonly Grown[],
  rounds: number,
  conversations: number,
): Promise<Readonly<Record<string, Figure>>[]> {
  const all: Record<string, Figure>[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const figures: Record<string, Figure> = {};
    for (const { name, past, side } of opened) {
      const names = Array.from({ length: conversations }, (_, i) => {
        const step = Math.floor(past.conversations / conversations);
        return `old-${i * step + (round % step)}`;
      });
      const alone = await timed(names.length, async () => {
        for (const each of names) await talk(side, each);
      });
      const together = await timed(names.length, () =>
        Promise.all(names.map((each) => talk(side, each))),
      );
      figures[name] = { alone, together };
    }
    if (round > 0) all.push(figures);
    console.error(`round ${round} of ${rounds}`);
  }
  return all;
}

const TALK = [...scriptOf('faq', 0), ...scriptOf('waterfall', 0)];

async function talk(side: Side, conversation: string): Promise<void> {
  for (const { text } of TALK) await side.say('faq', conversation, text);
}

async function timed(talks: number, work: () => Promise<unknown>): Promise<Figure['alone']> {
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await work();
  const wall = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  const turns = talks * TALK.length;
  return { cpuUs: rounded((user + system) / turns), wallUs: rounded((wall * 1000) / turns) };
}

function row(
  { name, past, bytes }: Grown,
  rounds: readonly Readonly<Record<string, Figure>>[],
  conversations: number,
): Record<string, string | number> {
  const of = (store: string, how: keyof Figure, what: 'cpuUs' | 'wallUs') =>
    summary(rounds.map((r) => r[store]?.[how][what] ?? Number.NaN));
  const against = (how: keyof Figure, what: 'cpuUs' | 'wallUs'): number =>
    rounded(of(name, how, what).median / of('small', how, what).median, 2);
  return {
    past: name,
    messages: past.conversations * past.turns,
    turnsEach: past.turns,
    MiB: Math.round(bytes / 2 ** 20),
    aloneCpuUs: of(name, 'alone', 'cpuUs').median,
    aloneWallUs: of(name, 'alone', 'wallUs').median,
    [`cpuUs of ${conversations}`]: of(name, 'together', 'cpuUs').median,
    [`wallUs of ${conversations}`]: of(name, 'together', 'wallUs').median,
    cpuRatio: against('alone', 'cpuUs'),
    wallRatio: against('alone', 'wallUs'),
    togetherCpuRatio: against('together', 'cpuUs'),
    togetherWallRatio: against('together', 'wallUs'),
  };
}
