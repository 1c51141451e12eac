/** Trains one linear classifier: what a support vector machine and a logistic regression agree on. */
import type { Lang } from '../../message.ts';
import { OUT_OF_SCOPE, type TermLine } from '../classify.ts';
import { termsOf } from '../terms.ts';
import { pack } from './linear-classifier.ts';
import { samplesOf } from './samples.ts';
import { seeded } from './shuffle.ts';
import { trainSoftmax } from './softmax.ts';
import { trainSvm } from './svm.ts';
import { Vocabulary, learnFeatures } from './vocabulary.ts';

/** What a classifier is made of. Each number was chosen on validation files: docs/understanding.md. */
export interface Recipe {
  /** What the logistic regression counts in the sum; 0 leaves it out. */
  readonly softmaxShare: number;
  /** What the support vector machine counts in the sum; 0 leaves it out. */
  readonly svmShare: number;
  /** What a line on the wrong side costs the support vector machine. */
  readonly cost: number;
  /** Passes of the logistic regression over all lines, at most. */
  readonly epochs: number;
  /** Share of features that the logistic regression leaves out at random. */
  readonly dropout: number;
  /** Weight of each of {@link KINDS}; 0 leaves it out. */
  readonly kinds: readonly number[];
  /** What a feature that training has not seen counts in a message's length, of the rarest seen. */
  readonly unknown: number;
  /** Whether the names of intents are lines, too. */
  readonly names: boolean;
  /** {@link Classifier.temperature} */
  readonly temperature: number;
  /** {@link Classifier.doubt} */
  readonly doubt: number;
}

const COMMON = {
  softmaxShare: 1,
  svmShare: 4,
  cost: 0.5,
  epochs: 20,
  dropout: 0.3,
  kinds: [1, 1.2, 0.4],
  unknown: 0.8,
} as const;

/** The recipes that serve. Names of intents are English, and in Chinese new pairs tell little. */
export const RECIPES: Readonly<Record<Lang, Recipe>> = {
  zh: { ...COMMON, names: false, temperature: 0.7, doubt: 0 },
  en: { ...COMMON, names: true, temperature: 0.4, doubt: 0.25 },
};

const TOLERANCE = 0.1;
const PASSES = 40;
const RATE = 1;
const FEWEST_EPOCHS = 2;
/** Features of all lines that the logistic regression may visit; bounds its time. */
const VISITS = 9e6;
/** Up to this many lines this many passes do: more of them cost time and give little. */
const SMALL = { lines: 5000, epochs: 6 };

/** Above this many features by intents, features that a single line has are left out. */
const WIDE = 2e7;

/** A classifier trained on lines, as bytes. The same lines and seed give the same bytes. */
export function fit(
  lang: Lang,
  lines: readonly TermLine[],
  seed: number,
  recipe: Recipe = RECIPES[lang],
): Uint8Array {
  const { softmaxShare, svmShare, cost, dropout, kinds, unknown, temperature, doubt } = recipe;
  const all = recipe.names ? [...lines, ...named(lang, lines)] : lines;
  const intents = new Set(all.map((line) => line.intent)).size;
  let learned = learnFeatures(all, 1);
  if (learned.features.length * intents > WIDE) learned = learnFeatures(all, 2);
  const scales = { kinds, unknown, lines: all.length };
  const vocabulary = new Vocabulary(learned.features, learned.idf, scales);
  const samples = samplesOf(vocabulary, all);
  const most = all.length <= SMALL.lines ? Math.min(recipe.epochs, SMALL.epochs) : recipe.epochs;
  const visits = Math.round(VISITS / samples.ids.length);
  const epochs = softmaxShare === 0 ? 0 : Math.min(most, Math.max(FEWEST_EPOCHS, visits));
  const weights = trainSoftmax(samples, { epochs, rate: RATE, dropout }, seeded(seed));
  const machine = { cost, tolerance: TOLERANCE, passes: svmShare === 0 ? 0 : PASSES };
  trainSvm(samples, machine, seeded(seed + 1), (intent, part) => {
    for (let f = 0, at = intent; f < part.length; f += 1, at += intents) {
      weights[at] = softmaxShare * (weights[at] ?? 0) + svmShare * (part[f] ?? 0);
    }
  });
  return pack({
    temperature,
    doubt,
    scales,
    intents: samples.intents,
    features: learned.features,
    idf: learned.idf,
    weights,
  });
}

/**
 * The name of each intent as one more line ("card_arrival" reads "card arrival"): with few lines it
 * is worth several, with many it does no harm (docs/understanding.md).
 */
function named(lang: Lang, lines: readonly TermLine[]): TermLine[] {
  const intents = [...new Set(lines.map((line) => line.intent))].filter((i) => i !== OUT_OF_SCOPE);
  if (intents.length < 2) return [];
  return intents.flatMap((intent) => {
    const words = intent
      .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
      .replaceAll(/[^A-Za-z0-9]+/g, ' ')
      .trim();
    const terms = termsOf(words, lang);
    return terms.length === 0 ? [] : [{ terms, intent }];
  });
}
