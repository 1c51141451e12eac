/** Entry of a training thread: trains the classifiers it is told to, answers once, ends. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Lang } from '../../message.ts';
import { OUT_OF_SCOPE, bestIntent, confidences, type HeldOut, type TermLine } from '../classify.ts';
import { LinearClassifier } from './linear-classifier.ts';
import { trainClassifier } from './node-nlp.ts';

/** One classifier to train: on all lines but those of `hold`, which it then classifies. */
export interface Job {
  readonly hold: readonly number[];
}

/** What a training thread is started with. */
export interface Task {
  readonly lang: Lang;
  readonly lines: readonly TermLine[];
  readonly jobs: readonly Job[];
  readonly seed: number;
}

/** The answer to one job. `bytes` only where nothing was held out. */
export interface Done {
  readonly heldOut: readonly HeldOut[];
  readonly bytes?: Uint8Array;
}

/** What a thread tells while it works: the number of its jobs that are done. */
export type Message = { readonly progress: number } | { readonly done: readonly Done[] };

async function run({ lang, lines, seed }: Task, job: Job): Promise<Done> {
  const hold = new Set(job.hold);
  const kept = lines.filter((_, i) => !hold.has(i));
  const bytes = await trainClassifier(lang, kept, seed);
  if (hold.size === 0) return { heldOut: [], bytes };
  const classifier = new LinearClassifier(bytes);
  const heldOut = job.hold.flatMap((i): HeldOut[] => {
    const line = lines[i];
    if (line === undefined || line.intent === OUT_OF_SCOPE) return [];
    const all = confidences(classifier, classifier.activations(line.terms));
    const best = bestIntent(all);
    const predicted = classifier.intents[best];
    const confidence = all[best] ?? 0;
    const correct = predicted === line.intent;
    return [{ line: i, ...(predicted === undefined ? {} : { predicted }), confidence, correct }];
  });
  return { heldOut };
}

const { task } = workerData as { readonly task: Task };
const done: Done[] = [];
for (const job of task.jobs) {
  done.push(await run(task, job));
  parentPort?.postMessage({ progress: done.length } satisfies Message);
}
parentPort?.postMessage({ done } satisfies Message);
