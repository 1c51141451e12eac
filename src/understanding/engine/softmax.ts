import type { Samples } from './samples.ts';

/** How {@link trainSoftmax} trains. */
export interface SoftmaxOptions {
  /** Passes over all lines. */
  readonly epochs: number;
  /** Step at the beginning; it falls to 0 in a straight line. */
  readonly rate: number;
  /** Share of a line's features that is left out each time, anew. */
  readonly dropout: number;
}

/** Gradients nearer to 0 than this change nothing worth the time. */
const LEAST_GRADIENT = 1e-4;

/**
 * Multinomial logistic regression by stochastic gradient descent with feature dropout (Wang and
 * Manning 2013, "Fast dropout training"). It ends while it still moves, which is its regularisation.
 * @returns weights, feature by feature: intent `k` of feature `f` at `f * intents + k`
 */
export function trainSoftmax(
  samples: Samples,
  { epochs, rate, dropout }: SoftmaxOptions,
  random: () => number,
): Float32Array {
  const { ids, values, starts, labels, features, intents } = samples;
  const lines = labels.length;
  const count = intents.length;
  const weights = new Float32Array(features * count);
  const shares = new Float64Array(count);
  const moved = new Int32Array(count);
  const order = Int32Array.from(labels, (_, i) => i);
  let longest = 0;
  for (let i = 0; i < lines; i += 1) {
    longest = Math.max(longest, (starts[i + 1] ?? 0) - (starts[i] ?? 0));
  }
  const rows = new Int32Array(longest);
  const kept = new Float64Array(longest);
  const grown = 1 / (1 - dropout);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (let i = lines - 1; i > 0; i -= 1) {
      const j = Math.floor(random() * (i + 1));
      const other = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = other;
    }
    for (const line of order) {
      const size = rate * (1 - step / (epochs * lines));
      step += 1;
      let used = 0;
      for (let j = starts[line] ?? 0; j < (starts[line + 1] ?? 0); j += 1) {
        if (random() < dropout) continue;
        rows[used] = (ids[j] ?? 0) * count;
        kept[used] = (values[j] ?? 0) * grown;
        used += 1;
      }
      shares.fill(0);
      for (let u = 0; u < used; u += 1) {
        const row = rows[u] ?? 0;
        const value = kept[u] ?? 0;
        for (let k = 0; k < count; k += 1) {
          shares[k] = (shares[k] ?? 0) + (weights[row + k] ?? 0) * value;
        }
      }
      const movedCount = gradient(shares, labels[line] ?? 0, moved);
      for (let u = 0; u < used; u += 1) {
        const row = rows[u] ?? 0;
        const value = (kept[u] ?? 0) * size;
        for (let m = 0; m < movedCount; m += 1) {
          const k = moved[m] ?? 0;
          weights[row + k] = (weights[row + k] ?? 0) - value * (shares[k] ?? 0);
        }
      }
    }
  }
  return weights;
}

/** Turns sums into the gradient of the loss, in place; tells how many intents it moves, and which. */
function gradient(shares: Float64Array, label: number, moved: Int32Array): number {
  let top = -Infinity;
  for (const share of shares) top = Math.max(top, share);
  let sum = 0;
  for (let k = 0; k < shares.length; k += 1) {
    const share = Math.exp((shares[k] ?? 0) - top);
    shares[k] = share;
    sum += share;
  }
  let count = 0;
  for (let k = 0; k < shares.length; k += 1) {
    const share = (shares[k] ?? 0) / sum - (k === label ? 1 : 0);
    shares[k] = share;
    if (share > LEAST_GRADIENT || share < -LEAST_GRADIENT) {
      moved[count] = k;
      count += 1;
    }
  }
  return count;
}
