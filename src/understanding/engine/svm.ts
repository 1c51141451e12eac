import { LANES, ROW, type Lanes } from './lanes/lanes.ts';
import { groupsOf, type Samples } from './samples.ts';
import { shuffle } from './shuffle.ts';

/** How {@link trainSvm} trains. */
export interface SvmOptions {
  /** What a line on the wrong side costs, against the size of the weights. */
  readonly cost: number;
  /** Ends when no line's gradient is farther off than this. */
  readonly tolerance: number;
  /** Passes over the lines that still move, at most, for each group of intents. */
  readonly passes: number;
}

/** A line whose gradient is less than this part of the tolerance off stays where it is. */
const LEAST_STEP = 0.3;

/** Numbers that {@link trainSvm} takes of the memory. */
export function roomOfSvm(lines: number, rows: number): number {
  return (rows + lines) * LANES + 2 * lines + (LANES + 1) * LANES + 20;
}

/**
 * Linear support vector machines, one intent against the rest, squared hinge loss, by dual coordinate
 * descent (Hsieh et al. 2008, "A dual coordinate descent method for large-scale linear SVM", the method
 * of LIBLINEAR's solver 1), {@link LANES} intents side by side. Lines that no intent of a group moves
 * by rest until the others are done; then all are looked at once more.
 * @param take is given the weights of each group of intents, a row for each feature; the array is used
 * again for the next group
 */
export function trainSvm(
  lanes: Lanes,
  samples: Samples,
  { cost, tolerance, passes }: SvmOptions,
  random: () => number,
  take: (group: number, weights: Float32Array) => void,
): void {
  const { ids, values, starts, ends, labels, learned, features, intents } = samples;
  const { descend } = lanes.kernel;
  const diagonal = 0.5 / cost;
  const squares = squaresOf(lanes, samples, diagonal);
  const weights = lanes.floats((features.length + 1) * LANES);
  const alphas = lanes.floats(labels.length * LANES);
  const signs = lanes.floats((LANES + 1) * LANES);
  const settings = lanes.floats(20);
  settings.fill(1, 0, 4);
  settings.fill(diagonal, 4, 8);
  settings.fill(LEAST_STEP * tolerance, 12, 16);
  for (let group = 0; group < groupsOf(samples); group += 1) {
    const first = group * LANES;
    const used = Math.min(LANES, intents - first);
    weights.fill(0);
    prepare(signs, alphas, used, 1 / diagonal);
    const order = learned.slice();
    let active = order.length;
    for (let pass = 0; pass < passes; pass += 1) {
      const all = active === order.length;
      settings.fill(0, 16);
      shuffle(order, active, random);
      for (let at = 0; at < active; at += 1) {
        const line = order[at] ?? 0;
        const lane = (labels[line] ?? 0) - first;
        const start = 4 * (starts[line] ?? 0);
        const moved = descend(
          ids.byteOffset + start,
          ids.byteOffset + 4 * (ends[line] ?? 0),
          values.byteOffset + start,
          weights.byteOffset,
          signs.byteOffset + ROW * (lane >= 0 && lane < LANES ? lane : LANES),
          alphas.byteOffset + ROW * line,
          squares.byteOffset + 8 * line,
          settings.byteOffset,
        );
        if (moved !== 0) continue;
        active -= 1;
        order[at] = order[active] ?? 0;
        order[active] = line;
        at -= 1;
      }
      if (Math.max(...settings.subarray(16)) > tolerance) continue;
      if (all) break;
      active = order.length;
    }
    take(group, weights);
  }
}

/** Of each line, the square of its length with the diagonal, and 1 through that. */
function squaresOf(
  lanes: Lanes,
  { values, starts, ends, labels }: Samples,
  diagonal: number,
): Float32Array {
  const squares = lanes.floats(2 * labels.length);
  for (let line = 0; line < labels.length; line += 1) {
    let square = diagonal;
    for (let j = starts[line] ?? 0; j < (ends[line] ?? 0); j += 1) square += (values[j] ?? 0) ** 2;
    squares[2 * line] = square;
    squares[2 * line + 1] = 1 / square;
  }
  return squares;
}

/** Signs for a line of each lane and, last, of none; lanes that are no intent begin where they end. */
function prepare(signs: Float32Array, alphas: Float32Array, used: number, end: number): void {
  for (let i = 0; i < signs.length; i += 1) {
    const lane = i % LANES;
    const own = lane === Math.floor(i / LANES);
    signs[i] = lane >= used ? 0 : own ? 1 : -1;
  }
  alphas.fill(0);
  if (used === LANES) return;
  for (let i = 0; i < alphas.length; i += LANES) alphas.fill(end, i + used, i + LANES);
}
