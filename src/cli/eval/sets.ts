import { fork } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError, OutsideError, messageOf } from '../../errors.ts';
import type { Lang } from '../../message.ts';
import type { Bin, Metrics } from './metrics.ts';
import type { Report } from './evaluate.ts';

/** Who is measured: ours, node-nlp as its README sets it up, node-nlp as far as its settings go. */
export const CONTENDERS = ['ours', 'node-nlp', 'node-nlp-configured'] as const;
export type ContenderName = (typeof CONTENDERS)[number];

/** The measures of one contender on one set. Rates are fractions. */
export interface SetResult
  extends Omit<Report, keyof Metrics>, Omit<Metrics, 'perIntent' | 'confusions'> {
  /** Of one training, all threads together. */
  readonly trainCpuSeconds: number;
  /** Most memory of the process that trained. */
  readonly peakRssMib: number;
  /** Promised against right, for the calibration plot. */
  readonly reliability: readonly Bin[];
}

/** One labelled set. */
export interface LabelledSet {
  readonly name: string;
  readonly train: string;
  /** Absent: the set is cross-validated. */
  readonly valid?: string;
}

/** A set with what came of it. */
export interface SetReport {
  readonly name: string;
  readonly lang: Lang;
  readonly split: 'validation' | 'cross-validation';
  readonly trainLines: number;
  /** In scope. */
  readonly intents: number;
  readonly results: Readonly<Partial<Record<ContenderName, SetResult>>>;
}

/** What a child process is told to measure. */
export interface SetJob {
  readonly set: LabelledSet;
  readonly contender: ContenderName;
}

/** What it answers. */
export type SetAnswer =
  | {
      readonly kind: 'done';
      readonly about: Omit<SetReport, 'results'>;
      readonly result: SetResult;
    }
  | { readonly kind: 'failed'; readonly message: string };

const TRAIN = /^(.{1,100})\.train\.(?:tsv|csv|jsonl)$/u;

/**
 * The labelled sets of a folder: each `X.train.tsv` (or .csv, .jsonl), with `X.valid.tsv` where it is.
 * @param only names to keep; default all
 * @throws FileError where there are none, or a name of `only` is not there
 */
export async function findSets(dir: string, only?: readonly string[]): Promise<LabelledSet[]> {
  const files = await readdir(dir).catch((error: unknown) => {
    const mend = 'give a folder that can be read';
    throw new FileError([{ file: dir, fault: messageOf(error), mend }]);
  });
  const sets = files.sort().flatMap((file): LabelledSet[] => {
    const name = TRAIN.exec(file)?.[1];
    if (name === undefined) return [];
    const valid = file.replace('.train.', '.valid.');
    const set = { name, train: join(dir, file) };
    return [files.includes(valid) ? { ...set, valid: join(dir, valid) } : set];
  });
  const missing = only?.filter((name) => !sets.some((set) => set.name === name)) ?? [];
  if (sets.length === 0 || missing.length > 0) {
    const fault = sets.length === 0 ? 'has no X.train.tsv' : `has no ${missing.join(', ')}`;
    throw new FileError([{ file: dir, fault, mend: 'name sets as X.train.tsv and X.valid.tsv' }]);
  }
  return sets.filter(({ name }) => only === undefined || only.includes(name));
}

/**
 * Measures sets, each contender in a process of its own, so that no one's memory counts for another.
 * @param progress told before each one
 * @throws OutsideError `training` where a process fails
 */
export async function measureSets(
  sets: readonly LabelledSet[],
  contenders: readonly ContenderName[],
  progress: (set: string, contender: ContenderName) => void,
): Promise<readonly SetReport[]> {
  const reports: SetReport[] = [];
  for (const set of sets) {
    const results: Partial<Record<ContenderName, SetResult>> = {};
    let about: Omit<SetReport, 'results'> | undefined;
    for (const contender of contenders) {
      progress(set.name, contender);
      const answer = await inProcess({ set, contender });
      results[contender] = answer.result;
      about = answer.about;
    }
    if (about !== undefined) reports.push({ ...about, results });
  }
  return reports;
}

function inProcess(job: SetJob): Promise<SetAnswer & { readonly kind: 'done' }> {
  const failed = (why: string): OutsideError =>
    new OutsideError('training', `${job.set.name}, ${job.contender}: ${why}`, { retryable: false });
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'set-child.ts'), {
      execArgv: ['--import=tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.once('message', (answer: SetAnswer) => {
      if (answer.kind === 'done') resolve(answer);
      else reject(failed(answer.message));
    });
    child.once('error', (error) => reject(failed(error.message)));
    child.once('exit', (code) => reject(failed(`the process left with code ${code}`)));
    child.send(job);
  });
}
