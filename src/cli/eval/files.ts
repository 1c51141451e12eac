import { FileError } from '../../errors.ts';
import type { Lang, Utterance } from '../../message.ts';
import { OUT_OF_SCOPE } from '../../understanding/classify.ts';
import { adviceOf, adviceText } from './advice-text.ts';
import { oursAsConfigured } from './embeddings.ts';
import { crossValidate, evaluate, FOLDS } from './evaluate.ts';
import { readLabelled } from './labelled-file.ts';
import { tableOf } from './table.ts';

/** How results are shown, and in which language lines are read where their script is not to decide. */
export interface Shown {
  readonly json: boolean;
  readonly lang?: Lang;
}

/** The language of labelled lines: `zh` where at least half of them hold a Chinese character. */
export function langOfLines(lines: readonly Utterance[]): Lang {
  const han = lines.filter(({ text }) => /\p{Script=Han}/u.test(text)).length;
  return han * 2 >= lines.length ? 'zh' : 'en';
}

/**
 * Trains on `train` and tests on `test`; without `test`, cross-validates `train` and advises its author.
 * @throws FileError for a file that can't be read, or a training file without a line in scope
 */
export async function evaluateFiles(
  train: string,
  test: string | undefined,
  { json, lang: wanted }: Shown,
): Promise<void> {
  const lines = await readLabelled(train);
  const testLines = test === undefined ? undefined : await readLabelled(test);
  if (lines.every((line) => line.intent === OUT_OF_SCOPE)) {
    const mend = 'add lines with intents to train on';
    throw new FileError([{ file: train, fault: 'has no line in scope', mend }]);
  }
  const lang = wanted ?? langOfLines(lines);
  const now = () => performance.now();
  const ours = await oursAsConfigured();
  if (testLines !== undefined) {
    console.error(`training on ${lines.length} lines …`);
    const { report } = await evaluate(ours, lang, lines, testLines, now);
    console.log(json ? JSON.stringify(report) : tableOf(report));
    return;
  }
  const measured = await crossValidate(ours, lang, lines, now, (fold) =>
    console.error(`cross-validating ${lines.length} lines, part ${fold} of ${FOLDS} …`),
  );
  const advice = adviceOf(lines, lang, measured.tested);
  const place = (line: number): string => `${train}:${lines[line]?.line ?? 1}`;
  if (json) {
    console.log(JSON.stringify({ ...measured.report, folds: FOLDS, advice }));
    return;
  }
  console.log(tableOf(measured.report));
  console.log(`\n${adviceText(advice, lines, place)}`);
}
