import { factor, substitute } from './cholesky.ts';

/** One choice that was made: features of each option, and which was right. */
export interface Choice {
  readonly options: readonly (readonly number[])[];
  readonly right: number;
}

/** Pull of the weights to 0, against 1 choice. */
const PULL = 0.01;

/** The options' shares: exponentials of their weighted features. */
function sharesOf({ options }: Choice, weights: readonly number[]): number[] {
  const values = options.map((o) => o.reduce((sum, x, p) => sum + x * (weights[p] ?? 0), 0));
  const top = Math.max(...values);
  const powers = values.map((v) => Math.exp(v - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}

/** What the weights lose: minus the mean logarithm of the right options' shares, and the pull. */
export function lossOf(choices: readonly Choice[], weights: readonly number[]): number {
  let loss = (PULL / 2) * weights.reduce((sum, w) => sum + w * w, 0);
  for (const choice of choices) {
    loss -= Math.log(Math.max(sharesOf(choice, weights)[choice.right] ?? 0, 1e-12));
  }
  return loss / Math.max(1, choices.length);
}

/**
 * Weights of features that make the right options most likely (multinomial logit), by Newton's method
 * with halved steps: few weights, the same every time. With two options, one of them all zeros, it is
 * logistic regression.
 * @param size number of features
 */
export function fitChoices(choices: readonly Choice[], size: number): number[] {
  let weights = Array.from({ length: size }, () => 0);
  let loss = lossOf(choices, weights);
  for (let round = 0; round < 50; round += 1) {
    const step = newtonStep(choices, weights);
    let better: number[] | undefined;
    for (let half = 0; half < 20 && better === undefined; half += 1) {
      const next = weights.map((w, p) => w - (step[p] ?? 0) / 2 ** half);
      if (lossOf(choices, next) < loss) better = next;
    }
    if (better === undefined) break;
    const before = loss;
    weights = better;
    loss = lossOf(choices, weights);
    if (before - loss < 1e-9) break;
  }
  return weights;
}

function newtonStep(choices: readonly Choice[], weights: readonly number[]): Float64Array {
  const n = weights.length;
  const gradient = Float64Array.from(weights, (w) => PULL * w);
  const hessian = new Float64Array(n * n);
  for (let p = 0; p < n; p += 1) hessian[p * n + p] = PULL;
  for (const choice of choices) {
    const shares = sharesOf(choice, weights);
    const mean = new Float64Array(n);
    choice.options.forEach((option, o) => {
      const share = shares[o] ?? 0;
      for (let p = 0; p < n; p += 1) {
        const x = option[p] ?? 0;
        mean[p] = (mean[p] ?? 0) + share * x;
        gradient[p] = (gradient[p] ?? 0) + (share - (o === choice.right ? 1 : 0)) * x;
        for (let q = 0; q <= p; q += 1) {
          hessian[p * n + q] = (hessian[p * n + q] ?? 0) + share * x * (option[q] ?? 0);
        }
      }
    });
    for (let p = 0; p < n; p += 1) {
      for (let q = 0; q <= p; q += 1) {
        hessian[p * n + q] = (hessian[p * n + q] ?? 0) - (mean[p] ?? 0) * (mean[q] ?? 0);
      }
    }
  }
  factor(hessian, n);
  substitute(hessian, n, gradient, 1);
  return gradient;
}
