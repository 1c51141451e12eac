import type { Samples } from './samples.ts';

/** How {@link trainSvm} trains. */
export interface SvmOptions {
  /** What a line on the wrong side costs, against the size of the weights. */
  readonly cost: number;
  /** Ends when no line's gradient is farther off than this. */
  readonly tolerance: number;
  /** Passes over the lines that are still undecided, at most, for each intent. */
  readonly passes: number;
}

/**
 * Linear support vector machines, one intent against the rest, squared hinge loss: dual coordinate
 * descent with shrinking (Hsieh et al. 2008, "A dual coordinate descent method for large-scale linear
 * SVM", algorithm 3; the method of LIBLINEAR's solver 1).
 * @param take is given each intent's weights, one number a feature; the array is used again for the next
 */
export function trainSvm(
  samples: Samples,
  { cost, tolerance, passes }: SvmOptions,
  random: () => number,
  take: (intent: number, weights: Float64Array) => void,
): void {
  const { ids, values, starts, labels, features, intents } = samples;
  const lines = labels.length;
  const diagonal = 0.5 / cost;
  const squares = new Float64Array(lines).fill(diagonal);
  for (let i = 0; i < lines; i += 1) {
    for (let j = starts[i] ?? 0; j < (starts[i + 1] ?? 0); j += 1) {
      squares[i] = (squares[i] ?? 0) + (values[j] ?? 0) ** 2;
    }
  }
  const weights = new Float64Array(features);
  const alpha = new Float64Array(lines);
  const order = new Int32Array(lines);
  for (let intent = 0; intent < intents.length; intent += 1) {
    weights.fill(0);
    alpha.fill(0);
    for (let i = 0; i < lines; i += 1) order[i] = i;
    let active = lines;
    let bound = Infinity;
    for (let pass = 0; pass < passes; pass += 1) {
      let highest = -Infinity;
      let lowest = Infinity;
      for (let i = active - 1; i > 0; i -= 1) swap(order, i, Math.floor(random() * (i + 1)));
      for (let at = 0; at < active; at += 1) {
        const i = order[at] ?? 0;
        const sign = labels[i] === intent ? 1 : -1;
        const from = starts[i] ?? 0;
        const to = starts[i + 1] ?? 0;
        let sum = 0;
        for (let j = from; j < to; j += 1) sum += (weights[ids[j] ?? 0] ?? 0) * (values[j] ?? 0);
        const before = alpha[i] ?? 0;
        const gradient = sum * sign - 1 + diagonal * before;
        if (before === 0 && gradient > bound) {
          active -= 1;
          swap(order, at, active);
          at -= 1;
          continue;
        }
        const projected = before === 0 ? Math.min(gradient, 0) : gradient;
        if (projected > highest) highest = projected;
        if (projected < lowest) lowest = projected;
        if (Math.abs(projected) < 1e-12) continue;
        const after = Math.max(before - gradient / (squares[i] ?? 1), 0);
        alpha[i] = after;
        const step = (after - before) * sign;
        if (step === 0) continue;
        for (let j = from; j < to; j += 1) {
          const id = ids[j] ?? 0;
          weights[id] = (weights[id] ?? 0) + step * (values[j] ?? 0);
        }
      }
      if (highest - lowest <= tolerance) {
        if (active === lines) break;
        active = lines;
        bound = Infinity;
      } else {
        bound = highest <= 0 ? Infinity : highest;
      }
    }
    take(intent, weights);
  }
}

function swap(order: Int32Array, a: number, b: number): void {
  const kept = order[a] ?? 0;
  order[a] = order[b] ?? 0;
  order[b] = kept;
}
