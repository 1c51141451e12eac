import { LANES, ROW, type Lanes } from './lanes/lanes.ts';
import { groupsOf, type Samples } from './samples.ts';
import { shuffle } from './shuffle.ts';

/** How {@link trainSoftmax} trains. */
export interface SoftmaxOptions {
  /** Passes over all lines. */
  readonly epochs: number;
  /** Step at the beginning; it falls to 0 in a straight line. */
  readonly rate: number;
  /** Share of a line's features that is left out each time, anew. */
  readonly dropout: number;
}

/** Where all gradients of a group of intents are nearer to 0 than this, they are not worth the time. */
const LEAST_GRADIENT = 1e-4;

/**
 * Multinomial logistic regression by stochastic gradient descent with feature dropout (Wang and
 * Manning 2013, "Fast dropout training"). It ends while it still moves, which is its regularisation.
 * @param rows weights, all zeros, changed in place: a row for each feature, group of intents by group
 */
export function trainSoftmax(
  lanes: Lanes,
  samples: Samples,
  rows: Float32Array,
  { epochs, rate, dropout }: SoftmaxOptions,
  random: () => number,
): void {
  const { ids, values, starts, ends, labels, learned, features, intents, longest } = samples;
  const { sum, add } = lanes.kernel;
  const groups = groupsOf(samples);
  const group = (features.length + 1) * ROW;
  const kept = lanes.ints(longest);
  const scaled = lanes.floats(longest);
  /** Sums, then exponentials, then steps; those of lanes behind the last intent stay 0. */
  const shares = lanes.floats(groups * LANES);
  const from = kept.byteOffset;
  const by = scaled.byteOffset;
  const order = learned.slice();
  const grown = 1 / (1 - dropout);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, order.length, random);
    for (const line of order) {
      const size = rate * (1 - step / (epochs * order.length));
      step += 1;
      let used = 0;
      for (let j = starts[line] ?? 0, end = ends[line] ?? 0; j < end; j += 1) {
        if (random() < dropout) continue;
        kept[used] = ids[j] ?? 0;
        scaled[used] = (values[j] ?? 0) * grown;
        used += 1;
      }
      const end = from + 4 * used;
      let at = rows.byteOffset;
      let out = shares.byteOffset;
      for (let g = 0; g < groups; g += 1, at += group, out += ROW) sum(from, end, by, at, out);
      const total = exponentials(shares, intents);
      const label = labels[line] ?? 0;
      at = rows.byteOffset;
      out = shares.byteOffset;
      for (let g = 0; g < groups; g += 1, at += group, out += ROW) {
        const last = Math.min(intents, (g + 1) * LANES);
        if (steps(shares, g * LANES, last, label, total, size)) add(from, end, by, at, out);
      }
    }
  }
}

/** Turns the first numbers into their exponentials, in parts of the largest; tells their sum. */
function exponentials(numbers: Float32Array, count: number): number {
  let top = -Infinity;
  for (let k = 0; k < count; k += 1) {
    const x = numbers[k] ?? 0;
    if (x > top) top = x;
  }
  let total = 0;
  for (let k = 0; k < count; k += 1) {
    const x = Math.exp((numbers[k] ?? 0) - top);
    numbers[k] = x;
    total += x;
  }
  return total;
}

/** Turns exponentials into steps against the gradient; tells whether any is worth it. */
function steps(
  shares: Float32Array,
  from: number,
  to: number,
  label: number,
  total: number,
  size: number,
): boolean {
  let worth = false;
  for (let k = from; k < to; k += 1) {
    const gradient = (shares[k] ?? 0) / total - (k === label ? 1 : 0);
    if (gradient > LEAST_GRADIENT || gradient < -LEAST_GRADIENT) worth = true;
    shares[k] = -size * gradient;
  }
  return worth;
}
