import { Slices } from './slices.ts';

/** Which entries hold a term, and how often. */
export interface Postings {
  /** See {@link slotOf} and {@link timesOf}. */
  readonly words: Uint32Array;
  readonly start: number;
  readonly end: number;
}

const TIMES_BITS = 4;
const MOST_TIMES = 2 ** TIMES_BITS - 1;

function postingOf(slot: number, times: number): number {
  return ((slot << TIMES_BITS) | Math.min(times, MOST_TIMES)) >>> 0;
}

/** The entry of a posting. */
export function slotOf(posting: number): number {
  return posting >>> TIMES_BITS;
}

/** In how many questions of its entry the term stands, 15 at most; 0 where only the answer has it. */
export function timesOf(posting: number): number {
  return posting & MOST_TIMES;
}

/**
 * An inverted index that can be changed: a list of entries for each term. Adding is constant;
 * removing reads the lists of the entry's terms. Nothing is left behind, so there is nothing to
 * compact.
 */
export class PostingLists {
  readonly #slices = new Slices();
  readonly #name: number[] = [];
  readonly #room: number[] = [];
  readonly #length: number[] = [];

  add(term: number, slot: number, times: number): void {
    const length = this.#length[term] ?? 0;
    const room = this.#room[term] ?? 0;
    if (length === room) this.#grow(term, length, room);
    const { words, start } = this.#slices.at(this.#name[term] ?? 0);
    words[start + length] = postingOf(slot, times);
    this.#length[term] = length + 1;
  }

  /** @param times as it was added with */
  remove(term: number, slot: number, times: number): void {
    const { words, start, end } = this.of(term);
    const at = words.indexOf(postingOf(slot, times), start);
    if (at < start || at >= end) return;
    words[at] = words[end - 1] ?? 0;
    this.#length[term] = end - start - 1;
    if (end - start === 1) this.#drop(term);
  }

  of(term: number): Postings {
    const length = this.#length[term] ?? 0;
    if (length === 0) return NOTHING;
    const { words, start } = this.#slices.at(this.#name[term] ?? 0);
    return { words, start, end: start + length };
  }

  /** Memory of the lists. */
  get bytes(): number {
    return this.#slices.bytes + 24 * this.#name.length;
  }

  #grow(term: number, length: number, room: number): void {
    const wider = Slices.room(length === 0 ? 1 : Math.ceil(length * 1.5) + 1);
    const name = this.#slices.take(wider);
    if (length > 0) {
      const from = this.#slices.at(this.#name[term] ?? 0);
      const to = this.#slices.at(name);
      to.words.set(from.words.subarray(from.start, from.start + length), to.start);
      this.#slices.give(this.#name[term] ?? 0, room);
    }
    this.#name[term] = name;
    this.#room[term] = wider;
  }

  #drop(term: number): void {
    this.#slices.give(this.#name[term] ?? 0, this.#room[term] ?? 0);
    this.#name[term] = 0;
    this.#room[term] = 0;
  }
}

const NOTHING: Postings = { words: new Uint32Array(0), start: 0, end: 0 };
