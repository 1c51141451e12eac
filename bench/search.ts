import { fork } from 'node:child_process';
import { once } from 'node:events';
import { basename, join } from 'node:path';
import { OutsideError } from '../src/errors.ts';
import { readOptions } from './options.ts';
import { describeMachine, printTable, writeResult } from './result.ts';
import type { Figures, Job } from './search/child.ts';
import { ENGINES, type EngineName } from './search/engines.ts';
import { labelledSets, type SetName } from './search/sets.ts';

/**
 * Search over the knowledge base beside MiniSearch and Orama, as they come and with a tokenizer for
 * Chinese: speed at 100,000 entries, and which entry is found for questions that are in no entry, of
 * the demo shop and (with `--data DIR`) of labelled files. Each engine and set has a process of its own.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const settings = readOptions(args, {
    entries: 100_000,
    asked: 2000,
    seconds: 60,
    data: '',
    out: 'search',
  });
  const machine = await describeMachine();
  const langs = ['zh', 'en'] as const;
  const { entries: size, asked, seconds } = settings;
  const sets: SetName[] = [
    ...langs.map((lang): SetName => ({ kind: 'large', lang, size, asked })),
    ...langs.map((lang): SetName => ({ kind: 'shop', lang })),
    ...(settings.data === '' ? [] : labelledSets(settings.data)),
  ];
  const rows: (Figures & { readonly set: string; readonly engine: string })[] = [];
  for (const set of sets) {
    for (const engine of Object.keys(ENGINES) as EngineName[]) {
      if (set.lang === 'en' && engine.endsWith('bigrams')) continue;
      const figures = await measured({ engine, set, seconds });
      rows.push({ set: nameOf(set), engine, ...figures });
      console.error(`${nameOf(set)}: ${engine}`);
    }
  }
  printTable(rows.map((row) => ({ ...row })));
  const command = ['npm run bench -- search', ...args].join(' ');
  console.log(await writeResult(settings.out, { command, machine, settings, goals: GOALS, rows }));
}

const GOALS = { entries: 100_000, queryP99Ms: 20, buildSeconds: 60, addMs: 50 };

function nameOf(set: SetName): string {
  const what = set.kind === 'labelled' ? basename(set.file, '.train.tsv') : set.kind;
  return `${what} ${set.lang}`;
}

async function measured(job: Job): Promise<Figures> {
  const child = fork(join(import.meta.dirname, 'search/child.ts'), [JSON.stringify(job)], {
    execArgv: ['--import=tsx', '--expose-gc', '--max-old-space-size=8192'],
  });
  const died = once(child, 'exit').then(([code]) => {
    throw new OutsideError('bench', `${job.engine} ended with code ${String(code)}`, {
      retryable: false,
    });
  });
  const [figures] = (await Promise.race([once(child, 'message'), died])) as [Figures];
  died.catch(() => undefined);
  return figures;
}
