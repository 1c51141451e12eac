/** Entry of a training thread: trains the classifiers it is told to, answers once, ends. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Lang } from '../../message.ts';
import type { HeldOut, TermLine } from '../classify.ts';
import { Fitter } from './fitter.ts';
import { trainClassifier } from './node-nlp.ts';
import { RECIPES } from './recipe.ts';

/** One classifier to train: on all lines but those of `hold`, which it then classifies. */
export interface Job {
  readonly hold: readonly number[];
}

/** What a training thread is started with. */
export interface Task {
  readonly lang: Lang;
  readonly lines: readonly TermLine[];
  /** Names of intents as lines. */
  readonly names: readonly TermLine[];
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

const { task } = workerData as { readonly task: Task };
const { lang, lines, names, seed } = task;
let fitter: Fitter | undefined;

/** The classifier that serves is trained through node-nlp; those that are only measured need not be. */
async function run({ hold }: Job): Promise<Done> {
  if (hold.length === 0) {
    const trained = await trainClassifier(lang, lines, names, seed);
    fitter = trained.fitter;
    return { heldOut: [], bytes: trained.bytes };
  }
  fitter ??= new Fitter(lines, { recipe: RECIPES[lang], seed, names });
  return { heldOut: fitter.without(hold) };
}

const done: Done[] = [];
for (const job of task.jobs) {
  done.push(await run(job));
  parentPort?.postMessage({ progress: done.length } satisfies Message);
}
parentPort?.postMessage({ done } satisfies Message);
