/** Weights that fit a knowledge base best, by trying out its own questions. */
import { ENTRY_FEATURES, NONE_FEATURES } from './evidence.ts';
import { PRIOR, probabilities, utilities } from './fusion.ts';
import type { Found, Weights } from './fusion.ts';

/** What was found for a question whose entry is known. */
export interface Trial extends Found {
  /** Place of the right entry among the candidates; `count` where none of them is right. */
  readonly right: number;
  readonly weight: number;
}

const SIZE = ENTRY_FEATURES + NONE_FEATURES;
/** How much a weight must help before it moves 1 away from {@link PRIOR}. */
const RIDGE = 10;
const MOST_ROUNDS = 25;
/** Candidates below this probability do not move the weights. */
const NEGLIGIBLE = 1e-3;
/** A round that gains less than this share of the loss is the last. */
const ENOUGH_GAINED = 1e-4;

function weightsOf(all: Float64Array): Weights {
  return { entry: all.subarray(0, ENTRY_FEATURES), none: all.subarray(ENTRY_FEATURES) };
}

/** What is to be made small: the surprise at what was right, and the distance from the prior. */
function loss(all: Float64Array, prior: Float64Array, trials: readonly Trial[]): number {
  const weights = weightsOf(all);
  let sum = 0;
  for (const trial of trials) {
    const p = probabilities(utilities(weights, trial))[trial.right] ?? 0;
    sum -= trial.weight * Math.log(Math.max(p, 1e-300));
  }
  return all.reduce((s, w, i) => s + (RIDGE / 2) * (w - (prior[i] ?? 0)) ** 2, sum);
}

/** Gradient, and Hessian row by row, of {@link loss}. */
interface Slope {
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

function slopeAt(all: Float64Array, prior: Float64Array, trials: readonly Trial[]): Slope {
  const weights = weightsOf(all);
  const gradient = all.map((w, i) => RIDGE * (w - (prior[i] ?? 0)));
  const hessian = new Float64Array(SIZE * SIZE);
  for (let i = 0; i < SIZE; i++) hessian[i * SIZE + i] = RIDGE;
  const mean = new Float64Array(SIZE);
  const row = new Float64Array(SIZE);
  for (const trial of trials) {
    const p = probabilities(utilities(weights, trial));
    mean.fill(0);
    for (let c = 0; c <= trial.count; c++) {
      rowOf(trial, c, row);
      const share = p[c] ?? 0;
      if (share < NEGLIGIBLE && c !== trial.right) continue;
      const off = share - (c === trial.right ? 1 : 0);
      for (let i = 0; i < SIZE; i++) {
        const x = row[i] ?? 0;
        if (x === 0) continue;
        gradient[i] = (gradient[i] ?? 0) + trial.weight * off * x;
        mean[i] = (mean[i] ?? 0) + share * x;
        const scaled = trial.weight * share * x;
        for (let j = 0; j <= i; j++) {
          hessian[i * SIZE + j] = (hessian[i * SIZE + j] ?? 0) + scaled * (row[j] ?? 0);
        }
      }
    }
    for (let i = 0; i < SIZE; i++) {
      const scaled = trial.weight * (mean[i] ?? 0);
      for (let j = 0; j <= i; j++) {
        hessian[i * SIZE + j] = (hessian[i * SIZE + j] ?? 0) - scaled * (mean[j] ?? 0);
      }
    }
  }
  return { gradient, hessian };
}

/** Features of candidate `c` over all weights; those of "none of them" come last. */
function rowOf(trial: Trial, c: number, into: Float64Array): void {
  into.fill(0);
  if (c === trial.count) into.set(trial.none, ENTRY_FEATURES);
  else {
    into.set(trial.entries.subarray(c * ENTRY_FEATURES, (c + 1) * ENTRY_FEATURES));
  }
}

/** Solves `hessian · x = gradient` by Cholesky, in place; the ridge keeps it positive definite. */
function solve({ gradient, hessian }: Slope): Float64Array {
  const x = Float64Array.from(gradient);
  const at = (i: number, j: number): number => hessian[i * SIZE + j] ?? 0;
  for (let i = 0; i < SIZE; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      hessian[i * SIZE + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / at(j, j);
    }
  }
  for (let i = 0; i < SIZE; i++) {
    for (let k = 0; k < i; k++) x[i] = (x[i] ?? 0) - at(i, k) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / at(i, i);
  }
  for (let i = SIZE - 1; i >= 0; i--) {
    for (let k = i + 1; k < SIZE; k++) x[i] = (x[i] ?? 0) - at(k, i) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / at(i, i);
  }
  return x;
}

/**
 * The most probable weights given the trials, drawn towards {@link PRIOR} (Newton's method; convex, so
 * the result hardly depends on where it begins). Some 20 ms for 400 trials.
 * @param start weights that are near the result, where some are known
 */
export function tune(trials: readonly Trial[], start: Weights = PRIOR): Weights {
  const prior = Float64Array.from([...PRIOR.entry, ...PRIOR.none]);
  let best: Float64Array = Float64Array.from([...start.entry, ...start.none]);
  let value = loss(best, prior, trials);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const step = solve(slopeAt(best, prior, trials));
    let next: Float64Array | undefined;
    let lower = value;
    for (let scale = 1; scale > 1e-4 && next === undefined; scale /= 2) {
      const tried = best.map((w, i) => w - scale * (step[i] ?? 0));
      lower = loss(tried, prior, trials);
      if (lower < value) next = tried;
    }
    if (next === undefined) break;
    const gained = value - lower;
    best = next;
    value = lower;
    if (gained < ENOUGH_GAINED * Math.abs(value)) break;
  }
  return weightsOf(best);
}
