import { mean, share } from './rates.ts';

/** What a recognizer made of one labelled line. */
export interface Outcome {
  readonly intent: string;
  /** The best intent, nothing rejected; absent where nothing speaks for any. */
  readonly predicted?: string;
  /** Its probability, 0 without one. */
  readonly score: number;
  readonly rejected: boolean;
}

/** How well one intent is recognised; fractions, `null` where there is nothing to measure. */
interface IntentMetrics {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number;
  /** Lines of this intent. */
  readonly support: number;
}

/** How lines out of scope are told from the rest; fractions, `null` where there is nothing to measure. */
interface OosMetrics {
  /** Chance that a line in scope scores above one out of scope. */
  readonly auroc: number | null;
  /** Of the lines out of scope, how many were rejected. */
  readonly recall: number;
  /** Of the rejected lines, how many were out of scope. */
  readonly precision: number | null;
  readonly inScopeRejected: number | null;
  /** Of the lines in scope, how many were recognised right and not rejected. */
  readonly inScopeAccuracyAtThreshold: number | null;
}

/** The measures of a test file, `null` without lines in scope; lines out of scope count in `oos` alone. */
export interface Metrics {
  readonly accuracy: number | null;
  readonly macroF1: number | null;
  readonly ece: number | null;
  readonly oos?: OosMetrics;
  readonly perIntent: Readonly<Record<string, IntentMetrics>>;
  readonly confusions: readonly Confusion[];
}

/** Lines of one intent that were taken for another. */
interface Confusion {
  readonly intent: string;
  readonly predicted: string;
  readonly count: number;
}

/** Predictions whose scores lie in one part of 0 to 1: what they promised and what came of it. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean score; 0 without predictions. */
  readonly promised: number;
  /** Share that was right; 0 without predictions. */
  readonly right: number;
}

/** Equal bins of the calibration error. */
const BINS = 15;

/** @param outOfScope the intent that means out of scope */
export function measure(outcomes: readonly Outcome[], outOfScope: string): Metrics {
  const inside = outcomes.filter((o) => o.intent !== outOfScope);
  const outside = outcomes.filter((o) => o.intent === outOfScope);
  const perIntent = intentMetrics(inside);
  const f1 = [...perIntent.values()].map((m) => m.f1);
  return {
    accuracy: share(inside, right),
    macroF1: mean(f1),
    ece: calibrationError(reliability(inside, outOfScope)),
    ...(outside.length === 0 ? {} : { oos: oosMetrics(inside, outside) }),
    perIntent: Object.fromEntries([...perIntent].sort(([a], [b]) => (a < b ? -1 : 1))),
    confusions: confusionsOf(inside),
  };
}

const right = (o: Outcome): boolean => o.predicted === o.intent;

function intentMetrics(outcomes: readonly Outcome[]): ReadonlyMap<string, IntentMetrics> {
  const counts = new Map<string, { support: number; predicted: number; right: number }>();
  const of = (intent: string): { support: number; predicted: number; right: number } => {
    const count = counts.get(intent) ?? { support: 0, predicted: 0, right: 0 };
    counts.set(intent, count);
    return count;
  };
  for (const outcome of outcomes) {
    of(outcome.intent).support += 1;
    if (outcome.predicted !== undefined) of(outcome.predicted).predicted += 1;
    if (right(outcome)) of(outcome.intent).right += 1;
  }
  return new Map(
    [...counts].map(([intent, { support, predicted, right: hits }]) => [
      intent,
      {
        precision: predicted === 0 ? null : hits / predicted,
        recall: support === 0 ? null : hits / support,
        f1: (2 * hits) / (support + predicted),
        support,
      },
    ]),
  );
}

/**
 * The reliability diagram of the lines in scope, nothing rejected; its gaps, weighted by count, are
 * the calibration error.
 */
export function reliability(outcomes: readonly Outcome[], outOfScope: string): readonly Bin[] {
  const sums = Array.from({ length: BINS }, () => ({ count: 0, score: 0, right: 0 }));
  for (const outcome of outcomes) {
    if (outcome.intent === outOfScope) continue;
    const sum = sums[Math.min(BINS - 1, Math.floor(outcome.score * BINS))];
    if (sum === undefined) continue;
    sum.count += 1;
    sum.score += outcome.score;
    if (right(outcome)) sum.right += 1;
  }
  return sums.map(({ count, score, right: hits }, i) => ({
    from: i / BINS,
    to: (i + 1) / BINS,
    count,
    promised: score / Math.max(1, count),
    right: hits / Math.max(1, count),
  }));
}

function calibrationError(bins: readonly Bin[]): number | null {
  const all = bins.reduce((sum, { count }) => sum + count, 0);
  const gaps = bins.map(({ count, promised, right: hits }) => count * Math.abs(promised - hits));
  return all === 0 ? null : gaps.reduce((a, b) => a + b, 0) / all;
}

function oosMetrics(inside: readonly Outcome[], outside: readonly Outcome[]): OosMetrics {
  const rejectedInside = inside.filter((o) => o.rejected).length;
  const rejectedOutside = outside.filter((o) => o.rejected).length;
  const rejected = rejectedInside + rejectedOutside;
  return {
    auroc: auroc(
      inside.map((o) => o.score),
      outside.map((o) => o.score),
    ),
    recall: rejectedOutside / outside.length,
    precision: rejected === 0 ? null : rejectedOutside / rejected,
    inScopeRejected: share(inside, (o) => o.rejected),
    inScopeAccuracyAtThreshold: share(inside, (o) => right(o) && !o.rejected),
  };
}

/** Area under the ROC curve by ranks (Mann-Whitney); ties count half. */
function auroc(high: readonly number[], low: readonly number[]): number | null {
  if (high.length === 0 || low.length === 0) return null;
  const all = [
    ...high.map((score) => ({ score, high: true })),
    ...low.map((score) => ({ score, high: false })),
  ].sort((a, b) => a.score - b.score);
  let ranks = 0;
  for (let i = 0; i < all.length;) {
    let end = i + 1;
    while (all[end]?.score === all[i]?.score) end += 1;
    const rank = (i + 1 + end) / 2;
    for (; i < end; i += 1) if (all[i]?.high === true) ranks += rank;
  }
  return (ranks - (high.length * (high.length + 1)) / 2) / (high.length * low.length);
}

function confusionsOf(outcomes: readonly Outcome[]): Confusion[] {
  const counts = new Map<string, Confusion>();
  for (const outcome of outcomes) {
    if (right(outcome)) continue;
    const predicted = outcome.predicted ?? 'None';
    const key = JSON.stringify([outcome.intent, predicted]);
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { intent: outcome.intent, predicted, count });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}
