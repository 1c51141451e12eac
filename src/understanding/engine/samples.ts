import { KINDS, eachFeature } from './features.ts';
import { LANES, ROW, type Lanes } from './lanes/lanes.ts';
import { inverse, type Scales } from './vocabulary.ts';

/**
 * Lines cut into numbered features, once for all classifiers that learn from some of them. Line i has
 * the entries from `starts[i]` to `starts[i + 1]`, a feature each.
 */
export interface Cut {
  /** In the order of their numbers, which is that of their first line. */
  readonly features: readonly string[];
  readonly ids: Int32Array;
  readonly kinds: Uint8Array;
  /** How often the line has it. */
  readonly times: Uint16Array;
  readonly starts: Int32Array;
}

/** Lines as {@link Cut}. */
export function cutLines(lines: readonly { readonly terms: readonly string[] }[]): Cut {
  const numbers = new Map<string, number>();
  /** By feature, its latest entry. */
  const latest: number[] = [];
  const starts = new Int32Array(lines.length + 1);
  let ids = new Int32Array(64 * lines.length);
  let kinds = new Uint8Array(ids.length);
  let times = new Uint16Array(ids.length);
  let count = 0;
  let first = 0;
  const take = (feature: string, kind: number): void => {
    let id = numbers.get(feature);
    if (id === undefined) {
      id = numbers.size;
      numbers.set(feature, id);
      latest.push(-1);
    }
    const known = latest[id] ?? -1;
    if (known >= first && kinds[known] === kind) {
      times[known] = Math.min(65_535, (times[known] ?? 0) + 1);
      return;
    }
    if (count === ids.length) {
      ids = grown(ids, new Int32Array(2 * count));
      kinds = grown(kinds, new Uint8Array(2 * count));
      times = grown(times, new Uint16Array(2 * count));
    }
    ids[count] = id;
    kinds[count] = kind;
    times[count] = 1;
    latest[id] = count;
    count += 1;
  };
  lines.forEach(({ terms }, line) => {
    first = count;
    eachFeature(terms, take);
    starts[line + 1] = count;
  });
  return {
    features: [...numbers.keys()],
    ids: ids.subarray(0, count),
    kinds: kinds.subarray(0, count),
    times: times.subarray(0, count),
    starts,
  };
}

function grown<A extends Int32Array | Uint8Array | Uint16Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

/**
 * All lines of a {@link Cut}, weighed by what some of them have. The arrays `ids` and `values` lie in
 * {@link Lanes}; features `ids[starts[i]]` to `ids[ends[i]]` are line i, as byte offsets of rows. The
 * last of each is the bias, a number of its own behind the features.
 */
export interface Samples {
  readonly ids: Int32Array;
  readonly values: Float32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Index of the intent of each line. */
  readonly labels: Int32Array;
  /** Share of each line's features that are known, 0 to 1. */
  readonly known: Float64Array;
  /** Lines to learn from. */
  readonly learned: Int32Array;
  /** What the learned lines have, the bias not included. */
  readonly features: readonly string[];
  readonly idf: Float32Array;
  /** Most features of a line. */
  readonly longest: number;
  readonly intents: number;
}

/** How many groups of {@link LANES} intents there are. */
export function groupsOf({ intents }: Pick<Samples, 'intents'>): number {
  return Math.ceil(intents / LANES);
}

/** How many learned lines have each feature. */
export function countFeatures({ features, ids, starts }: Cut, learned: Int32Array): Int32Array {
  const having = new Int32Array(features.length);
  const latest = new Int32Array(features.length).fill(-1);
  for (const line of learned) {
    for (let at = starts[line] ?? 0, end = starts[line + 1] ?? 0; at < end; at += 1) {
      const id = ids[at] ?? 0;
      if (latest[id] === line) continue;
      latest[id] = line;
      having[id] = (having[id] ?? 0) + 1;
    }
  }
  return having;
}

/** What {@link weighLines} works with. */
export interface WeighOptions {
  readonly cut: Cut;
  readonly labels: Int32Array;
  readonly intents: number;
  readonly learned: Int32Array;
  /** {@link countFeatures} of the learned lines. */
  readonly having: Int32Array;
  /** Learned lines that a feature must have to be known. */
  readonly least: number;
  readonly scales: Scales;
}

/** Lines as {@link Samples}, with the weights that a {@link Vocabulary} of the learned lines gives. */
export function weighLines(lanes: Lanes, options: WeighOptions): Samples {
  const { cut, labels, intents, learned, having, least, scales } = options;
  const features: string[] = [];
  const rows = new Int32Array(cut.features.length).fill(-1);
  const weights = new Float32Array(cut.features.length);
  cut.features.forEach((feature, id) => {
    const count = having[id] ?? 0;
    if (count < least) return;
    rows[id] = features.length * ROW;
    weights[id] = inverse(count, scales.lines);
    features.push(feature);
  });
  const lines = labels.length;
  const ids = lanes.ints(cut.ids.length + lines);
  const values = lanes.floats(ids.length);
  const starts = new Int32Array(lines);
  const ends = new Int32Array(lines);
  const known = new Float64Array(lines);
  const bias = features.length * ROW;
  const rarest = (scales.unknown * inverse(0, scales.lines)) ** 2;
  const squares = new Float64Array(KINDS.length);
  let longest = 0;
  let at = 0;
  for (let line = 0; line < lines; line += 1) {
    const from = cut.starts[line] ?? 0;
    const to = cut.starts[line + 1] ?? 0;
    let all = 0;
    let seen = 0;
    squares.fill(0);
    for (let e = from; e < to; e += 1) {
      const kind = cut.kinds[e] ?? 0;
      if (scales.kinds[kind] === 0) continue;
      const times = cut.times[e] ?? 1;
      const id = cut.ids[e] ?? 0;
      all += times;
      if ((rows[id] ?? -1) < 0) squares[kind] = (squares[kind] ?? 0) + rarest * times;
      else {
        seen += times;
        squares[kind] = (squares[kind] ?? 0) + (valueOf(times) * (weights[id] ?? 0)) ** 2;
      }
    }
    known[line] = all === 0 ? 0 : seen / all;
    squares.forEach((square, kind) => {
      squares[kind] = square > 0 ? (scales.kinds[kind] ?? 1) / Math.sqrt(square) : 0;
    });
    starts[line] = at;
    for (let e = from; e < to; e += 1) {
      const kind = cut.kinds[e] ?? 0;
      const id = cut.ids[e] ?? 0;
      const row = rows[id] ?? -1;
      if (row < 0 || scales.kinds[kind] === 0) continue;
      ids[at] = row;
      values[at] = valueOf(cut.times[e] ?? 1) * (weights[id] ?? 0) * (squares[kind] ?? 0);
      at += 1;
    }
    ids[at] = bias;
    values[at] = 1;
    at += 1;
    ends[line] = at;
    longest = Math.max(longest, at - (starts[line] ?? 0));
  }
  const idf = weights.filter((_, id) => (rows[id] ?? -1) >= 0);
  return { ids, values, starts, ends, labels, known, learned, features, idf, longest, intents };
}

function valueOf(times: number): number {
  return times === 1 ? 1 : 1 + Math.log(times);
}
