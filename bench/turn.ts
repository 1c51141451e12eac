import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Defect } from '../src/errors.ts';
import { layOutContent, provideModels } from './content.ts';
import { probeFsync } from './disk.ts';
import { readOptions } from './options.ts';
import { describeMachine, printTable, writeResult } from './result.ts';
import { rounded, summary } from './stats.ts';
import type { Cost, Piece } from './turn/side.ts';
import { WORKLOADS } from './turn/workloads.ts';

/** Order in the table; `sample` is the baseline. */
const SIDES = ['ours', 'sample'] as const;
type SideName = (typeof SIDES)[number];

/**
 * CPU of one turn: this project's pipeline with its durable commits beside plain botbuilder in the
 * layout of its official samples. `--only waterfall` measures one kind of turn; `--profile DIR` writes a
 * CPU profile of each process there.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const settings = readOptions(args, {
    rounds: 5,
    turns: 6000,
    alone: 900,
    conversations: 200,
    only: '',
    profile: '',
  });
  const machine = await describeMachine();
  const dataDir = await mkdtemp(join(tmpdir(), 'yingda-bench-turn-'));
  const fsync = await probeFsync(dataDir);
  const content = await layOutContent(join(dataDir, 'content'), ['survey']);
  await provideModels(content, dataDir);
  const folders = [dataDir, content.dialogsDir, content.knowledgeDir];
  const processes = {
    ours: await start('ours', folders, settings.profile),
    sample: await start('sample', folders, settings.profile),
  };
  try {
    const wanted = WORKLOADS.filter((w) => settings.only === '' || w === settings.only);
    const sizes = [
      { conversations: settings.conversations, turns: settings.turns },
      { conversations: 1, turns: settings.alone },
    ].filter(({ turns }) => turns > 0);
    const pieces: Piece[] = wanted.flatMap((workload) =>
      sizes.map((size) => ({ workload, ...size })),
    );
    const rounds = await measure(processes, pieces, settings.rounds);
    const table = pieces.map((piece, i) => compare(piece, rounds, i));
    printTable(table);
    const command = ['npm run bench -- turn', ...args].join(' ');
    const file = await writeResult('turn', { command, machine, fsync, settings, table, rounds });
    console.log(`CPU µs a turn; fsync p50 ${fsync.p50Ms} ms; ${file}`);
  } finally {
    for (const side of SIDES) {
      if (!processes[side].connected) continue;
      processes[side].send('close');
      await once(processes[side], 'exit');
    }
    await rm(dataDir, { recursive: true, force: true });
  }
}

type Rounds = readonly Readonly<Record<SideName, readonly Cost[]>>[];

/** Interleaved: each round does each piece on one side and then the other; a first round warms up. */
async function measure(
  processes: Readonly<Record<SideName, ChildProcess>>,
  pieces: readonly Piece[],
  rounds: number,
): Promise<Rounds> {
  const all: Record<SideName, Cost[]>[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const costs: Record<SideName, Cost[]> = { ours: [], sample: [] };
    for (const piece of pieces) {
      for (const side of SIDES) costs[side].push(await ask(processes[side], piece));
    }
    if (round > 0) all.push(costs);
    console.error(`round ${round} of ${rounds}`);
  }
  return all;
}

function compare(piece: Piece, rounds: Rounds, at: number): Record<string, string | number> {
  const of = (side: SideName, field: 'cpuUs' | 'wallUs') =>
    summary(rounds.map((r) => r[side][at]?.[field] ?? Number.NaN));
  const ours = of('ours', 'cpuUs');
  const sample = of('sample', 'cpuUs');
  return {
    turn: piece.workload,
    conversations: piece.conversations,
    oursBest: ours.best,
    oursMedian: ours.median,
    oursWallMedian: of('ours', 'wallUs').median,
    sampleBest: sample.best,
    sampleMedian: sample.median,
    ratioBest: rounded(ours.best / sample.best, 2),
    ratioMedian: rounded(ours.median / sample.median, 2),
  };
}

async function start(
  side: SideName,
  folders: readonly string[],
  profile: string,
): Promise<ChildProcess> {
  const flags = ['--import=tsx', '--expose-gc'];
  if (profile !== '') flags.push('--cpu-prof', '--cpu-prof-dir', profile);
  const child = fork(join(import.meta.dirname, 'turn/child.ts'), [side, ...folders], {
    execArgv: flags,
  });
  await answerOf(child);
  return child;
}

async function ask(child: ChildProcess, piece: Piece): Promise<Cost> {
  child.send(piece);
  return (await answerOf(child)) as Cost;
}

function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Defect('a process of the bench ended'));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}
