import { KINDS, eachFeature } from './features.ts';

/** A message as numbers: features that training knows, and how much each counts. */
export interface Vector {
  readonly features: readonly number[];
  readonly values: readonly number[];
  /** Share of the message's features that are known, 0 to 1. */
  readonly known: number;
}

/** How features are weighed; a part of the model. */
export interface Scales {
  /** Weight of each of {@link KINDS}; a kind of weight 0 is not counted at all. */
  readonly kinds: readonly number[];
  /**
   * What an unknown feature counts in a message's length, in parts of the rarest known one: what
   * nobody taught makes a message less like anything.
   */
  readonly unknown: number;
  /** Lines that were learned from. */
  readonly lines: number;
}

/** Numbers the features of training lines and weighs them by rarity (TF-IDF, sublinear). */
export class Vocabulary {
  readonly #ids: ReadonlyMap<string, number>;
  readonly #idf: Float32Array;
  readonly #kinds: readonly number[];
  readonly #rarest: number;

  /**
   * @param features in the order of their numbers
   * @param idf of each
   */
  constructor(features: readonly string[], idf: Float32Array, scales: Scales) {
    this.#ids = new Map(features.map((feature, id) => [feature, id]));
    this.#idf = idf;
    this.#kinds = scales.kinds;
    this.#rarest = scales.unknown * inverse(0, scales.lines);
  }

  get size(): number {
    return this.#idf.length;
  }

  vector(terms: readonly string[]): Vector {
    const counts = KINDS.map(() => new Map<number, number>());
    const squares = KINDS.map(() => 0);
    let known = 0;
    let all = 0;
    eachFeature(terms, (feature, kind) => {
      if (this.#kinds[kind] === 0) return;
      all += 1;
      const id = this.#ids.get(feature);
      if (id === undefined) {
        squares[kind] = (squares[kind] ?? 0) + this.#rarest ** 2;
        return;
      }
      known += 1;
      const count = counts[kind];
      count?.set(id, (count.get(id) ?? 0) + 1);
    });
    const features: number[] = [];
    const values: number[] = [];
    counts.forEach((count, kind) => {
      let square = squares[kind] ?? 0;
      const first = values.length;
      for (const [id, times] of count) {
        const value = (1 + Math.log(times)) * (this.#idf[id] ?? 0);
        features.push(id);
        values.push(value);
        square += value * value;
      }
      const scale = square > 0 ? (this.#kinds[kind] ?? 1) / Math.sqrt(square) : 0;
      for (let i = first; i < values.length; i += 1) values[i] = (values[i] ?? 0) * scale;
    });
    return { features, values, known: all === 0 ? 0 : known / all };
  }
}

/** A feature's weight by the number of lines that have it. */
export function inverse(having: number, lines: number): number {
  return Math.log((1 + lines) / (1 + having)) + 1;
}
