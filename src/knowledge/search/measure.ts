/** Measures on the entries themselves how an index should decide. */
import { ENTRY_FEATURES } from './evidence.ts';
import { PRIOR, probabilities, utilities } from './fusion.ts';
import type { Weights } from './fusion.ts';
import type { Attempt, LanguageIndex, Tuned } from './language-index.ts';
import { FALLBACK, thresholdsFor } from './thresholds.ts';
import type { Outcome } from './thresholds.ts';
import { tune } from './tuning.ts';
import type { Trial } from './tuning.ts';

/** Below this number of questions that have a sibling nothing is measured. */
const ENOUGH = 40;
/** Questions to measure with: more would only slow the start. */
const SAMPLE = 300;
/** From this size on a search takes milliseconds, and fewer must do. */
const LARGE = 20_000;
const SAMPLE_OF_LARGE = 100;
/** With a question one in so many of its siblings is left out: customers do not ask in their words. */
const FOLDS = 5;
/** How often a question comes that no entry answers, beside each that one does. */
const UNKNOWN = 0.3;
/** Candidates less probable than this before tuning are not tuned on: they would only take time. */
const OUT_OF_THE_QUESTION = 1e-3;
/** Entries that are offered at most. */
const OFFERED = 5;

/** The search for a question, and the same as if its whole entry were not there. */
interface Pair {
  readonly known: Trial;
  readonly unknown: Trial;
}

function pairOf(whole: Attempt): Pair {
  const attempt = likelyOf(whole);
  return {
    known: { ...attempt, right: attempt.own, weight: 1 },
    unknown: { ...withoutOwn(attempt), weight: UNKNOWN },
  };
}

/** The attempt with its own entry and the candidates that are not out of the question. */
function likelyOf(attempt: Attempt): Attempt {
  const { entries, count, own } = attempt;
  const p = probabilities(utilities(PRIOR, attempt));
  const kept = Array.from({ length: count }, (_, i) => i).filter(
    (i) => i === own || (p[i] ?? 0) >= OUT_OF_THE_QUESTION,
  );
  const left = new Float64Array(kept.length * ENTRY_FEATURES);
  kept.forEach((from, to) => {
    left.set(
      entries.subarray(from * ENTRY_FEATURES, (from + 1) * ENTRY_FEATURES),
      to * ENTRY_FEATURES,
    );
  });
  const place = own === count ? kept.length : kept.indexOf(own);
  return { ...attempt, entries: left, count: kept.length, own: place };
}

function withoutOwn({
  entries,
  noneWithoutEntry: none,
  count,
  own,
}: Attempt): Omit<Trial, 'weight'> {
  if (own === count) return { entries, none, count, right: count };
  const left = new Float64Array((count - 1) * ENTRY_FEATURES);
  left.set(entries.subarray(0, own * ENTRY_FEATURES));
  left.set(entries.subarray((own + 1) * ENTRY_FEATURES), own * ENTRY_FEATURES);
  return { entries: left, none, count: count - 1, right: count - 1 };
}

function sample(index: LanguageIndex): Pair[] {
  const usable = index.questions().filter(({ count }) => count > 1);
  const all = usable.reduce((sum, { count }) => sum + count, 0);
  if (all < ENOUGH) return [];
  const step = Math.max(1, all / (index.size > LARGE ? SAMPLE_OF_LARGE : SAMPLE));
  const pairs: Pair[] = [];
  let next = 0;
  let before = 0;
  for (const { id, count } of usable) {
    for (; Math.floor(next) < before + count; next += step) {
      const attempt = index.attempt(id, Math.floor(next) - before, Math.min(FOLDS, count));
      if (attempt !== undefined) pairs.push(pairOf(attempt));
    }
    before += count;
  }
  return pairs;
}

function outcomeOf(weights: Weights, trial: Trial): Outcome {
  const entries = probabilities(utilities(weights, trial)).subarray(0, trial.count);
  const score = entries.reduce((a, b) => Math.max(a, b), 0);
  const own = trial.right < trial.count ? (entries[trial.right] ?? 0) : -1;
  const better = entries.reduce((n, p) => (p > own ? n + 1 : n), 0);
  const right = own >= 0 && better === 0;
  return { score, right, offered: own >= 0 && better < OFFERED, weight: trial.weight };
}

/**
 * Measures weights and thresholds of a knowledge base on itself: a sample of its questions is searched
 * for as if they, and one in five of their siblings, were not there, and as if their whole entry were
 * not. Thresholds are those of questions that the weights were not tuned on (two halves, crosswise).
 * Takes some 100 ms a language for the demo shop, 2 s for 100,000 entries.
 * @returns the prior and {@link FALLBACK} for fewer than 40 questions that have a sibling
 */
export function measure(index: LanguageIndex): Tuned {
  const pairs = sample(index);
  if (pairs.length === 0) return { weights: PRIOR, thresholds: FALLBACK };
  const weights = tune(pairs.flatMap(trialsOf));
  const halves = [0, 1].map((half) => pairs.filter((_, i) => i % 2 === half));
  const outcomes = halves.flatMap((tested, half) => {
    const others = tune((halves[1 - half] ?? []).flatMap(trialsOf), weights);
    return tested.flatMap(trialsOf).map((trial) => outcomeOf(others, trial));
  });
  return { weights, thresholds: thresholdsFor(outcomes) };
}

function trialsOf({ known, unknown }: Pair): Trial[] {
  return [known, unknown];
}
