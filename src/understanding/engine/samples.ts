import type { TermLine } from '../classify.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * Training lines in flat arrays: features `ids[starts[i]]` to `ids[starts[i + 1]]` are line i. The last
 * feature of each is the bias, a number of its own behind the vocabulary.
 */
export interface Samples {
  readonly ids: Int32Array;
  readonly values: Float32Array;
  readonly starts: Int32Array;
  /** Index of the intent of each line. */
  readonly labels: Int32Array;
  /** Numbers of features, the bias included. */
  readonly features: number;
  readonly intents: readonly string[];
}

/** Lines as {@link Samples}; intents in the order of their first line. */
export function samplesOf(vocabulary: Vocabulary, lines: readonly TermLine[]): Samples {
  const intents = [...new Set(lines.map((line) => line.intent))];
  const numbers = new Map(intents.map((intent, i) => [intent, i]));
  const vectors = lines.map(({ terms }) => vocabulary.vector(terms));
  const total = vectors.reduce((sum, vector) => sum + vector.features.length + 1, 0);
  const ids = new Int32Array(total);
  const values = new Float32Array(total);
  const starts = new Int32Array(lines.length + 1);
  const bias = vocabulary.size;
  let at = 0;
  vectors.forEach((vector, i) => {
    ids.set(vector.features, at);
    values.set(vector.values, at);
    at += vector.features.length;
    ids[at] = bias;
    values[at] = 1;
    at += 1;
    starts[i + 1] = at;
  });
  const labels = Int32Array.from(lines, ({ intent }) => numbers.get(intent) ?? 0);
  return { ids, values, starts, labels, features: bias + 1, intents };
}
