import { join } from 'node:path';
import { readLabelled } from '../src/cli/eval/labelled-file.ts';
import { measure, type Outcome } from '../src/cli/eval/metrics.ts';
import { ConfigError } from '../src/errors.ts';
import type { Lang, Utterance } from '../src/message.ts';
import { OUT_OF_SCOPE, bestIntent, confidences } from '../src/understanding/classify.ts';
import { RECIPES, fit, type Recipe } from '../src/understanding/engine/fit.ts';
import { LinearClassifier } from '../src/understanding/engine/linear-classifier.ts';
import { blocks, seeded, shuffled } from '../src/understanding/engine/shuffle.ts';
import { termLines, termsOf } from '../src/understanding/terms.ts';
import { readOptions } from './options.ts';
import { describeMachine, printTable, writeResult } from './result.ts';

const SEED = 20261122;
/** Lines of the whole set that a few-shot set is tested on. */
const MOST_TESTED = 2500;

/** What each idea changes in the recipe that serves. */
const VARIANTS: Readonly<Record<string, Partial<Recipe>>> = {
  'as it serves': {},
  'no logistic regression': { softmaxShare: 0 },
  'no support vector machine': { svmShare: 0 },
  'no dropout': { dropout: 0 },
  'cost 0.25': { cost: 0.25 },
  'cost 1': { cost: 1 },
  'no parts of words': { kinds: [1, 0, 0.4, 0.7] },
  'no sounds': { kinds: [1, 1.2, 0, 0.7] },
  'sounds in full': { kinds: [1, 1.2, 1, 0.7] },
  'no words of Chinese': { kinds: [1, 1.2, 0.4, 0] },
  'unknown features do not count': { unknown: 0 },
  'no names of intents': { names: false },
  'no doubt': { doubt: 0 },
};

interface Set {
  readonly name: string;
  readonly lang: Lang;
  readonly train: readonly Utterance[];
  readonly test: readonly Utterance[];
}

/** What each idea of the classifier gives: accuracy and out-of-scope detection with and without it. */
export async function bench(args: readonly string[]): Promise<void> {
  const settings = readOptions(args, { data: '', only: '' });
  if (settings.data === '') {
    throw new ConfigError([{ name: '--data', fault: 'is missing: a folder with labelled sets' }]);
  }
  const machine = await describeMachine();
  const sets = await readSets(settings.data);
  const wanted = settings.only === '' ? sets : sets.filter((s) => settings.only.includes(s.name));
  const rows: Record<string, string | number>[] = [];
  for (const set of wanted) {
    for (const [variant, change] of Object.entries(VARIANTS)) {
      rows.push({ set: set.name, variant, ...tryOut(set, { ...RECIPES[set.lang], ...change }) });
      console.error(JSON.stringify(rows.at(-1)));
    }
    const cleaned = { ...set, train: withoutSuspects(set) };
    rows.push({
      set: set.name,
      variant: `without ${set.train.length - cleaned.train.length} suspect lines`,
      ...tryOut(cleaned, RECIPES[set.lang]),
    });
  }
  printTable(rows);
  const command = ['npm run bench -- ablation', ...args].join(' ');
  console.log(await writeResult('ablation', { command, machine, settings, rows }));
}

function tryOut(set: Set, recipe: Recipe): Record<string, string | number> {
  const from = process.cpuUsage();
  const bytes = fit(set.lang, termLines(set.train, set.lang), SEED, recipe);
  const seconds = process.cpuUsage(from).user / 1e6;
  const classifier = new LinearClassifier(bytes);
  const outcomes = set.test.map((line) => classify(classifier, set.lang, line));
  const { accuracy, oos } = measure(outcomes, OUT_OF_SCOPE);
  return {
    accuracy: Number((100 * (accuracy ?? NaN)).toFixed(2)),
    auroc: oos === undefined ? '' : Number((oos.auroc ?? NaN).toFixed(4)),
    'recall at 5 %': oos === undefined ? '' : recallAt(outcomes, 0.05),
    'CPU s': Number(seconds.toFixed(1)),
    MB: Number((bytes.length / 1e6).toFixed(1)),
  };
}

function classify(classifier: LinearClassifier, lang: Lang, line: Utterance): Outcome {
  const all = confidences(classifier, classifier.activations(termsOf(line.text, lang)));
  const best = bestIntent(all);
  const predicted = classifier.intents[best];
  const score = all[best] ?? 0;
  return {
    intent: line.intent,
    ...(predicted === undefined ? {} : { predicted }),
    score,
    rejected: false,
  };
}

/** Share of lines out of scope below the score that this share of the lines in scope is below. */
function recallAt(outcomes: readonly Outcome[], budget: number): number {
  const inside = outcomes.filter((o) => o.intent !== OUT_OF_SCOPE).map((o) => o.score);
  const outside = outcomes.filter((o) => o.intent === OUT_OF_SCOPE);
  inside.sort((a, b) => a - b);
  const cut = inside[Math.floor(inside.length * budget)] ?? 0;
  return Number(((100 * outside.filter((o) => o.score < cut).length) / outside.length).toFixed(1));
}

/** Lines that a classifier without them takes for another intent, and is nearly certain. */
function withoutSuspects({ train, lang }: Set): readonly Utterance[] {
  const parts = blocks(
    train.map((line) => line.intent),
    5,
  );
  const suspect = new Set<number>();
  for (const part of parts) {
    const held = new Set(part);
    const kept = train.filter((_, i) => !held.has(i));
    const classifier = new LinearClassifier(fit(lang, termLines(kept, lang), SEED));
    for (const i of part) {
      const line = train[i];
      if (line === undefined) continue;
      const { predicted, score } = classify(classifier, lang, line);
      if (predicted !== line.intent && score > 0.9) suspect.add(i);
    }
  }
  return train.filter((_, i) => !suspect.has(i));
}

const SETS: readonly [name: string, lang: Lang][] = [
  ['clinc150', 'en'],
  ['banking77oos', 'en'],
  ['hwu64', 'en'],
  ['massive_zh', 'zh'],
  ['massive_zh_oos', 'zh'],
];
const FEW_SHOT = ['banking77_5shot', 'banking77_10shot'];

/** The sets with a validation file, and few-shot sets with lines of the whole set that they leave out. */
async function readSets(dir: string): Promise<readonly Set[]> {
  const read = (name: string, part: string): Promise<readonly Utterance[]> =>
    readLabelled(join(dir, `${name}.${part}.tsv`));
  const whole = await read('banking77', 'train');
  const few = FEW_SHOT.map(async (name): Promise<Set> => {
    const train = await read(name, 'train');
    const texts = new Set(train.map((line) => line.text));
    const rest = whole.filter((line) => !texts.has(line.text));
    return { name, lang: 'en', train, test: shuffled(rest, seeded(SEED)).slice(0, MOST_TESTED) };
  });
  const valid = SETS.map(async ([name, lang]): Promise<Set> => {
    return { name, lang, train: await read(name, 'train'), test: await read(name, 'valid') };
  });
  return Promise.all([...few, ...valid]);
}
