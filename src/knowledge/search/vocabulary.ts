import { weightOfWord } from './stop-terms.ts';

/** The kinds of terms, each with a score of its own. */
export const CHARS = 0;
export const WORDS = 1;
export const PARTS = 2;
export const SOUNDS = 3;
/** Number of kinds. */
export const KINDS = 4;

/** A term of a text. */
export interface Term {
  /** Unique over all kinds. */
  readonly key: string;
  readonly kind: number;
  readonly text: string;
}

/** How much a term may count, whatever its rarity: 0 to 1. */
function weightOf({ kind, text }: Term): number {
  return kind === CHARS || kind === WORDS ? weightOfWord(text) : 1;
}

/** What is looked for. */
export interface Query {
  /** Numbers of the terms that any entry has. */
  readonly known: readonly number[];
  /** By kind: sum over the terms that no entry has, of weight times the highest rarity. */
  readonly unknown: Float64Array;
}

/** Up to here rarity follows the very number of entries. */
const EXACT_SIZE = 10;
const STEP = 1.1;

/** The size that rarity is computed with: in steps, so that one more entry does not change all values. */
function steppedSize(entries: number): number {
  if (entries <= EXACT_SIZE) return entries;
  let size = EXACT_SIZE;
  while (size < entries) size *= STEP;
  return size;
}

/** Numbers the terms of all entries and knows how rare each is. Terms that no entry has any more go. */
export class Vocabulary {
  readonly #ids = new Map<string, number>();
  readonly #keys: (string | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #entriesWith: number[] = [];
  readonly #weights: number[] = [];
  /** By term: {@link CHARS} and so on. */
  kinds = new Uint8Array(1024);
  /** By term: weight times rarity, the summand of BM25 and of all similarities. */
  values = new Float32Array(1024);
  /** Changes whenever any of `values` may have. */
  version = 0;
  #entries = 0;
  #size = 0;

  /** One above the highest number in use. */
  get end(): number {
    return this.#keys.length;
  }

  /** Rarity of a term that no entry has. */
  get rarest(): number {
    return rarity(this.#size, 0);
  }

  /** The number of a term; a new one where it has none. Count it before anything else is learnt. */
  learn(term: Term): number {
    const known = this.#ids.get(term.key);
    if (known !== undefined) return known;
    const id = this.#free.pop() ?? this.#keys.length;
    this.#ids.set(term.key, id);
    this.#keys[id] = term.key;
    this.#weights[id] = weightOf(term);
    this.#entriesWith[id] = 0;
    if (id >= this.kinds.length) this.#widen();
    this.kinds[id] = term.kind;
    return id;
  }

  /** @param distinct the terms of an entry that is new, each once */
  count(distinct: Iterable<number>): void {
    this.#entries += 1;
    for (const id of distinct) {
      this.#entriesWith[id] = (this.#entriesWith[id] ?? 0) + 1;
      this.#value(id);
    }
    this.#resize();
  }

  /** The reverse of {@link count}. */
  discount(distinct: Iterable<number>): void {
    this.#entries -= 1;
    for (const id of distinct) {
      const left = (this.#entriesWith[id] ?? 0) - 1;
      this.#entriesWith[id] = left;
      if (left > 0) this.#value(id);
      else this.#forget(id);
    }
    this.#resize();
  }

  /** Numbers for a query; learns nothing, so that messages do not fill the memory. */
  look(terms: readonly Term[]): Query {
    const known: number[] = [];
    const unknown = new Float64Array(KINDS);
    for (const term of terms) {
      const { key, kind } = term;
      const id = this.#ids.get(key);
      if (id === undefined) unknown[kind] = (unknown[kind] ?? 0) + weightOf(term) * this.rarest;
      else known.push(id);
    }
    return { known, unknown };
  }

  /** The query as if one entry had lost some of its terms: those that no other entry has are unknown. */
  unlearnt({ known, unknown }: Query, lost: (term: number) => boolean): Query {
    const left: number[] = [];
    const more = Float64Array.from(unknown);
    for (const term of known) {
      if (this.#entriesWith[term] === 1 && lost(term)) {
        const kind = this.kinds[term] ?? 0;
        more[kind] = (more[kind] ?? 0) + (this.#weights[term] ?? 0) * this.rarest;
      } else left.push(term);
    }
    return { known: left, unknown: more };
  }

  #value(id: number): void {
    this.values[id] = (this.#weights[id] ?? 0) * rarity(this.#size, this.#entriesWith[id] ?? 0);
  }

  #forget(id: number): void {
    const key = this.#keys[id];
    if (key !== undefined) this.#ids.delete(key);
    this.#keys[id] = undefined;
    this.#free.push(id);
  }

  #resize(): void {
    this.version += 1;
    const size = steppedSize(this.#entries);
    if (size === this.#size) return;
    this.#size = size;
    for (let id = 0; id < this.#keys.length; id++) this.#value(id);
  }

  #widen(): void {
    const length = this.kinds.length * 2;
    const kinds = new Uint8Array(length);
    const values = new Float32Array(length);
    kinds.set(this.kinds);
    values.set(this.values);
    this.kinds = kinds;
    this.values = values;
  }
}

/** Robertson and Sparck Jones, as Lucene has it: never below 0. */
function rarity(entries: number, withTerm: number): number {
  return Math.log(1 + Math.max(0.5, entries - withTerm + 0.5) / (withTerm + 0.5));
}
