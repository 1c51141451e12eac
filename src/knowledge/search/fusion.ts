/** How the ways of searching become one probability for each entry. */
import { ENTRY_FEATURES, NONE_FEATURES } from './evidence.ts';

/** What each feature counts. */
export interface Weights {
  /** One for each feature of an entry. */
  readonly entry: Float64Array;
  /** One for each feature of "none of them". */
  readonly none: Float64Array;
}

/** What one query found: features of its candidates, row after row, and of "none of them". */
export interface Found {
  readonly entries: Float64Array;
  readonly none: Float64Array;
  /** Number of candidates. */
  readonly count: number;
}

/**
 * Weights before anything is measured, and what few measurements are drawn towards: the mean of what
 * the demo shop's cross-validation gives in Chinese and in English (`npm run eval -- --knowledge`).
 */
export const PRIOR: Weights = {
  entry: Float64Array.from([
    2.6, -0.4, 3, 5.7, 2.2, 1.6, -1.2, 1.6, 3.9, 0.8, 0.8, 0.8, 3.3, 3.6, 0.2,
  ]),
  none: Float64Array.from([6.2, -1.8, -0.7]),
};

/** How sure a classifier must be to speak neither for nor against an entry. */
const FLOOR = 0.01;
/**
 * What a step of the classifier's log-odds adds to an entry's. Out-of-fold classifiers of the demo shop
 * fit 0.2 to 0.5, with nearly the same answers; the least is taken, because a classifier is too sure of
 * a single word ("积分"), which should bring suggestions.
 */
const CLASSIFIER_WEIGHT = 0.2;
/** What "none of them" gains where a classifier was asked at all. */
const CLASSIFIER_NONE = 0.75;

function logit(confidence: number): number {
  const p = confidence >= 0 ? Math.min(1, confidence) : 0;
  return Math.log((p + FLOOR) / (1 - p + FLOOR));
}

/** What the classifier adds to an entry's utility. */
function gain(confidence: number): number {
  return CLASSIFIER_WEIGHT * (logit(confidence) - logit(0));
}

/** Utility of each candidate, and last of "none of them". */
export function utilities({ entry, none }: Weights, found: Found): Float64Array {
  const out = new Float64Array(found.count + 1);
  for (let i = 0; i < found.count; i++) {
    let sum = 0;
    for (let f = 0; f < ENTRY_FEATURES; f++) {
      sum += (entry[f] ?? 0) * (found.entries[i * ENTRY_FEATURES + f] ?? 0);
    }
    out[i] = sum;
  }
  for (let f = 0; f < NONE_FEATURES; f++) {
    out[found.count] = (out[found.count] ?? 0) + (none[f] ?? 0) * (found.none[f] ?? 0);
  }
  return out;
}

/** Adds what a classifier says. @param confidences one for each candidate */
export function withClassifier(
  utility: Float64Array,
  confidences: readonly number[],
): Float64Array {
  const out = Float64Array.from(utility);
  confidences.forEach((confidence, i) => (out[i] = (out[i] ?? 0) + gain(confidence)));
  out[confidences.length] = (out[confidences.length] ?? 0) + CLASSIFIER_NONE;
  return out;
}

/**
 * Probabilities of the candidates and of "none of them" (the last), which add up to 1: two entries that
 * fit alike are no answer yet, and neither is the best of many that hardly fit (multinomial logit).
 */
export function probabilities(utility: Float64Array): Float64Array {
  const top = utility.reduce((a, b) => Math.max(a, b), -Infinity);
  const out = utility.map((u) => Math.exp(u - top));
  const sum = out.reduce((a, b) => a + b, 0);
  return out.map((p) => p / sum);
}
