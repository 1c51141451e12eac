import { writeFile } from 'node:fs/promises';
import { setTable } from './set-table.ts';
import { CONTENDERS, findSets, measureSets } from './sets.ts';

/** What to measure and where to put it. */
export interface AllOptions {
  readonly json: boolean;
  /** node-nlp too, as it comes and as far as its settings go: takes some minutes. */
  readonly baseline: boolean;
  /** Names of sets; default all. */
  readonly only?: readonly string[];
  /** File for the results as JSON, besides standard output. */
  readonly out?: string;
}

/**
 * Measures every labelled set of a folder: on its validation file, or by cross-validation where it
 * has none.
 * @throws FileError for files that can't be read
 */
export async function evaluateAll(dir: string, options: AllOptions): Promise<void> {
  const sets = await findSets(dir, options.only);
  const contenders = options.baseline ? CONTENDERS : (['ours'] as const);
  const reports = await measureSets(sets, contenders, (set, contender) =>
    console.error(`${set}: ${contender} …`),
  );
  const json = JSON.stringify({ sets: reports });
  if (options.out !== undefined) await writeFile(options.out, `${json}\n`);
  console.log(options.json ? json : setTable(reports));
}
