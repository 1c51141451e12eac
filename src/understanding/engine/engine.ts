import { createRequire } from 'node:module';
import { OutsideError, messageOf } from '../../errors.ts';
import type { Lang } from '../../message.ts';
import type { Engine, TermLine, TrainOptions, Trained } from '../classify.ts';
import { inThread } from '../thread.ts';
import { LinearClassifier } from './linear-classifier.ts';
import { namedLines } from './names.ts';
import { RECIPES } from './recipe.ts';
import { blocks } from './shuffle.ts';
import type { Done, Job, Message, Task } from './train-worker.ts';

/** Up to here every line is held out once; above it one fifth is, by one classifier more. */
const SMALL = 5000;

/** Up to here by 5 classifiers more, above it by 3: they see two thirds of the lines, and that is enough. */
const TINY = 600;

/** Fewer lines than this can't say anything about lines not seen. */
const FEWEST = 10;

const SEED = 20261122;

/** The classifiers to train: the one that serves, and those that are only there to be measured. */
function plan(lines: readonly TermLine[]): Job[] {
  const intents = lines.map((line) => line.intent);
  const serving: Job = { hold: [] };
  if (lines.length < FEWEST || new Set(intents).size < 2) return [serving];
  const count = lines.length > TINY && lines.length <= SMALL ? 3 : 5;
  const parts = blocks(intents, count).filter((part) => part.length > 0);
  const measured = lines.length <= SMALL ? parts : parts.slice(1, 2);
  return [serving, ...measured.map((hold) => ({ hold }))];
}

/** Of the part that is used, read from its package file: the package itself is not loaded here. */
const VERSION = (
  createRequire(import.meta.url)('@nlpjs/nlu/package.json') as { readonly version: string }
).version;

const ENTRY = new URL('./train-worker.ts', import.meta.url);

function failed(cause: unknown): OutsideError {
  const message = `Training did not end well: ${messageOf(cause)}`;
  return new OutsideError('training', message, { retryable: true, cause });
}

/** Runs a task in a thread of its own, which is gone afterwards. */
function trainInThread(
  task: Task,
  signal: AbortSignal,
  progress: (jobs: number) => void,
): Promise<readonly Done[]> {
  return inThread(ENTRY, task, signal, (said) => {
    const message = said as Message;
    if ('done' in message) return message.done;
    progress(message.progress);
    return undefined;
  }).catch((cause: unknown) => {
    throw failed(cause);
  });
}

async function train(
  lang: Lang,
  lines: readonly TermLine[],
  options: TrainOptions,
): Promise<Trained> {
  const jobs = plan(lines);
  const names = namedLines(lang, lines);
  const limit = AbortSignal.timeout(options.timeout);
  const sibling = new AbortController();
  const signal = AbortSignal.any([
    limit,
    sibling.signal,
    ...(options.signal === undefined ? [] : [options.signal]),
  ]);
  const threads = Math.min(options.workers, jobs.length);
  const shares = Array.from({ length: threads }, (_, t) =>
    jobs.filter((_j, i) => i % threads === t),
  );
  const finished = shares.map(() => 0);
  const answers = await Promise.all(
    shares.map((share, t) =>
      trainInThread({ lang, lines, names, jobs: share, seed: SEED }, signal, (count) => {
        finished[t] = count;
        options.progress?.(finished.reduce((a, b) => a + b, 0) / jobs.length);
      }),
    ),
  ).catch((error: unknown) => {
    sibling.abort('the other thread failed');
    throw error;
  });
  // In the order of the jobs, so that the number of threads changes nothing.
  const done = jobs.flatMap((_, i) => answers[i % threads]?.[Math.floor(i / threads)] ?? []);
  const bytes = done.find((d) => d.bytes !== undefined)?.bytes;
  if (bytes === undefined) throw failed('no classifier came back');
  return { bytes, heldOut: done.flatMap((d) => d.heldOut) };
}

/**
 * Our linear classifier, trained inside node-nlp in threads; loading and running it never touches
 * node-nlp.
 */
export const nodeNlpEngine: Engine = {
  id: `nlpjs@${VERSION} linear-5 seed-${SEED} ${JSON.stringify(RECIPES)}`,
  train,
  load: (bytes) => new LinearClassifier(bytes),
};
