/** Learns from choices what counts: multinomial logistic regression with few weights. */
import { factor, substitute } from './cholesky.ts';

/** One choice that was made. */
export interface Choice {
  /** Features of each option, row by row. */
  readonly options: Float64Array;
  /** Which option was right. */
  readonly right: number;
  /** How much it counts; default 1. */
  readonly weight?: number;
}

/** How {@link fitChoices} fits. */
export interface ChoiceOptions {
  /** What the weights are drawn towards; one for each feature of an option. */
  readonly prior: Float64Array;
  /** How strongly, in choices: the more, the nearer they stay. */
  readonly pull: number;
  /** Weights that are near the result, where some are known. Default: the prior. */
  readonly start?: Float64Array;
  /** Options with a smaller share, unless right, do not move the weights. Default 0. */
  readonly negligible?: number;
  /** A round that gains less than this share of the loss is the last. Default 1e-9. */
  readonly enough?: number;
}

const MOST_ROUNDS = 50;
const MOST_HALVINGS = 14;

/** The options' shares: exponentials of their weighted features. */
function sharesOf({ options }: Choice, weights: Float64Array): Float64Array {
  const size = weights.length;
  const shares = new Float64Array(options.length / size);
  let top = -Infinity;
  for (let o = 0, at = 0; o < shares.length; o += 1) {
    let sum = 0;
    for (let p = 0; p < size; p += 1, at += 1) sum += (options[at] ?? 0) * (weights[p] ?? 0);
    shares[o] = sum;
    if (sum > top) top = sum;
  }
  let total = 0;
  for (let o = 0; o < shares.length; o += 1) {
    const power = Math.exp((shares[o] ?? 0) - top);
    shares[o] = power;
    total += power;
  }
  for (let o = 0; o < shares.length; o += 1) shares[o] = (shares[o] ?? 0) / total;
  return shares;
}

/** Surprise at the right options: minus the sum of their shares' logarithms. */
export function surprise(choices: readonly Choice[], weights: Float64Array): number {
  let sum = 0;
  for (const choice of choices) {
    const share = sharesOf(choice, weights)[choice.right] ?? 0;
    sum -= (choice.weight ?? 1) * Math.log(Math.max(share, 1e-300));
  }
  return sum;
}

/**
 * Weights of features that make the right options most likely, by Newton's method with halved steps:
 * convex, so the result hardly depends on where it begins, and it is the same every time. With two
 * options, one of them all zeros, it is logistic regression. Some 20 ms for 400 choices of 30 options
 * and 18 features.
 */
export function fitChoices(choices: readonly Choice[], options: ChoiceOptions): Float64Array {
  const { prior, pull, start = prior, negligible = 0, enough = 1e-9 } = options;
  const loss = (weights: Float64Array): number =>
    weights.reduce(
      (sum, w, p) => sum + (pull / 2) * (w - (prior[p] ?? 0)) ** 2,
      surprise(choices, weights),
    );
  let weights = Float64Array.from(start);
  let value = loss(weights);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const step = newtonStep(choices, weights, prior, pull, negligible);
    let next: Float64Array<ArrayBuffer> | undefined;
    let lower = value;
    for (let half = 0; half < MOST_HALVINGS && next === undefined; half += 1) {
      const tried = weights.map((w, p) => w - (step[p] ?? 0) / 2 ** half);
      lower = loss(tried);
      if (lower < value) next = tried;
    }
    if (next === undefined) break;
    const gained = value - lower;
    weights = next;
    value = lower;
    if (gained < enough * Math.abs(value)) break;
  }
  return weights;
}

/** The step to where the loss would be least if it were a parabola. */
function newtonStep(
  choices: readonly Choice[],
  weights: Float64Array,
  prior: Float64Array,
  pull: number,
  negligible: number,
): Float64Array {
  const n = weights.length;
  const gradient = Float64Array.from(weights, (w, p) => pull * (w - (prior[p] ?? 0)));
  const hessian = new Float64Array(n * n);
  for (let p = 0; p < n; p += 1) hessian[p * n + p] = pull;
  const mean = new Float64Array(n);
  for (const choice of choices) {
    const { options, right, weight = 1 } = choice;
    const shares = sharesOf(choice, weights);
    mean.fill(0);
    for (let o = 0; o < shares.length; o += 1) {
      const share = shares[o] ?? 0;
      if (share < negligible && o !== right) continue;
      const off = share - (o === right ? 1 : 0);
      const row = o * n;
      for (let p = 0; p < n; p += 1) {
        const x = options[row + p] ?? 0;
        if (x === 0) continue;
        gradient[p] = (gradient[p] ?? 0) + weight * off * x;
        mean[p] = (mean[p] ?? 0) + share * x;
        const scaled = weight * share * x;
        for (let q = 0; q <= p; q += 1) {
          hessian[p * n + q] = (hessian[p * n + q] ?? 0) + scaled * (options[row + q] ?? 0);
        }
      }
    }
    for (let p = 0; p < n; p += 1) {
      const scaled = weight * (mean[p] ?? 0);
      for (let q = 0; q <= p; q += 1) {
        hessian[p * n + q] = (hessian[p * n + q] ?? 0) - scaled * (mean[q] ?? 0);
      }
    }
  }
  factor(hessian, n);
  substitute(hessian, n, gradient, 1);
  return gradient;
}
