import { fork } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, OutsideError } from '../src/errors.ts';
import { memoryChart } from './charts.ts';
import { readOptions } from './options.ts';
import { describeMachine, printTable, writeResult } from './result.ts';
import { quantile, rounded, summary } from './stats.ts';
import type { Trained, Workload } from './training/child.ts';
import { MOST_INTENTS } from './training/lines.ts';
import { swaps } from './training/swap.ts';

const ROOT = join(import.meta.dirname, '..');
/** Points kept of each memory curve. */
const POINTS = 150;

interface Goal {
  /** Of all threads together, in s. */
  readonly cpu?: number;
  readonly wall?: number;
}

/**
 * Time and memory of training, by phase and over time, each workload in a process of its own; and how
 * long a changed utterance of the demo shop takes to be served.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const settings = readOptions(args, { data: '', intents: 1000, lines: 50, swaps: 3, rounds: 3 });
  if (settings.intents > MOST_INTENTS) {
    throw new ConfigError([{ name: '--intents', fault: `is more than ${MOST_INTENTS}` }]);
  }
  const machine = await describeMachine();
  const workloads: readonly (readonly [Workload, Goal, number])[] = [
    [
      { name: 'demo shop', kind: 'shop', knowledgeDir: join(ROOT, 'knowledge') },
      { wall: 2 },
      settings.rounds,
    ],
    ...(settings.data === ''
      ? []
      : ([
          [fileOf(settings.data, 'clinc150'), { cpu: 30 }, 1],
          [fileOf(settings.data, 'banking77'), { cpu: 12 }, 1],
        ] as const)),
    [
      {
        name: `${settings.intents} intents × ${settings.lines} lines`,
        kind: 'made-up',
        intents: settings.intents,
        lines: settings.lines,
      },
      { wall: 300 },
      1,
    ],
  ];
  const results: { readonly workload: string; readonly goal: Goal; readonly rounds: Trained[] }[] =
    [];
  for (const [workload, goal, rounds] of workloads) {
    console.error(`${workload.name} …`);
    const all: Trained[] = [];
    for (let round = 0; round < rounds; round += 1) all.push(await inProcess(workload));
    results.push({ workload: workload.name, goal, rounds: all });
  }
  const changed = await swaps(settings.swaps);
  const table = results.flatMap(({ workload, goal, rounds }) => rowOf(workload, goal, rounds));
  printTable(table);
  const swap = {
    swapMs: summary(changed.map((s) => s.swapMs)),
    goalMs: 5000,
    longestGapMs: summary(changed.map((s) => s.longestGapMs)),
    rounds: changed,
  };
  console.log(
    `one utterance of the demo shop changed: served after ${swap.swapMs.median} ms (goal ${swap.goalMs}), ` +
      `longest gap meanwhile ${swap.longestGapMs.median} ms`,
  );
  await mkdir(join(ROOT, 'docs'), { recursive: true });
  const curves = results.map(({ workload, rounds }) => ({
    name: workload,
    points: thinned(rounds[0]?.memory ?? []),
  }));
  await writeFile(join(ROOT, 'docs/training.svg'), memoryChart('Memory while training', curves));
  const command = ['npm run bench -- training', ...args].join(' ');
  const kept = results.map(({ rounds, ...rest }) => ({
    ...rest,
    rounds: rounds.map((r) => ({ ...r, memory: thinned(r.memory) })),
  }));
  console.log(
    await writeResult('training', { command, machine, settings, table, swap, results: kept }),
  );
}

function fileOf(data: string, set: string): Workload {
  return { name: set, kind: 'file', file: join(data, `${set}.train.tsv`), lang: 'en' };
}

function rowOf(workload: string, goal: Goal, rounds: readonly Trained[]) {
  const [first] = rounds;
  if (first === undefined) return [];
  const seconds = (of: (p: Trained['phases'][number]) => number, phase?: string): number => {
    const sums = rounds.map(({ phases }) =>
      phases.reduce((sum, p) => (phase === undefined || p.phase === phase ? sum + of(p) : sum), 0),
    );
    return rounded(quantile(sums, 0.5) / 1000, 2);
  };
  return [
    {
      workload,
      lines: first.lines,
      intents: first.intents,
      analyseS: seconds((p) => p.wallMs, 'analyse'),
      trainS: seconds((p) => p.wallMs, 'train'),
      loadS: seconds((p) => p.wallMs, 'load'),
      cpuS: seconds((p) => p.cpuMs),
      goal: goal.cpu === undefined ? `≤ ${goal.wall ?? 0} s` : `≤ ${goal.cpu} s CPU`,
      peakMib: rounded(Math.max(...rounds.map((r) => r.peakMib)), 0),
      modelMb: rounded(first.bytes / 1e6, 2),
    },
  ];
}

function thinned(memory: Trained['memory']): Trained['memory'] {
  const step = Math.max(1, Math.ceil(memory.length / POINTS));
  return memory
    .filter((_, i) => i % step === 0 || i === memory.length - 1)
    .map(([s, mib]) => [rounded(s, 2), rounded(mib, 0)]);
}

function inProcess(workload: Workload): Promise<Trained> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'training/child.ts'), {
      execArgv: ['--import=tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(
        new OutsideError('bench', `${workload.name}: the process left with code ${code}`, {
          retryable: false,
        }),
      ),
    );
    child.send(workload);
  });
}
