import type { PostingLists } from './postings.ts';
import { slotOf, timesOf } from './postings.ts';
import { CHARS, SOUNDS } from './vocabulary.ts';
import type { Query, Vocabulary } from './vocabulary.ts';

/** Entries that are scored in full: in a small base the right one is hardly ever below the 16th. */
const MOST_OF_SMALL = 16;
const SMALL = 1000;
const MOST = 32;
/** Postings that one query reads at most: some 1 ms. The rarest terms come first. */
const BUDGET = 100_000;
/** BM25's saturation of a term by the number of questions it stands in; 0 is "in the answer". */
const SATURATION = Float32Array.from({ length: 16 }, (_, times) => {
  const counted = Math.max(times, 0.75);
  return counted / (counted + 1 / 3);
});

/**
 * Finds the entries that share most with a query, by BM25 over the inverted index. Very frequent terms
 * are left out where reading them would take long: the full score counts them again.
 */
export class Candidates {
  readonly #vocabulary: Vocabulary;
  readonly #lists: PostingLists;
  #sums = new Float32Array(1024);

  constructor(vocabulary: Vocabulary, lists: PostingLists) {
    this.#vocabulary = vocabulary;
    this.#lists = lists;
  }

  /**
   * At most 32 (16 of up to 1,000 entries), best first.
   * @param slots one above the highest slot in use
   * @param allow which may be found
   */
  find(query: Query, slots: number, allow: (slot: number) => boolean): number[] {
    if (this.#sums.length < slots) this.#sums = new Float32Array(slots + (slots >> 1));
    const touched = this.#sum(query);
    const best = this.#best(touched, slots > SMALL ? MOST : MOST_OF_SMALL, allow);
    for (const slot of touched) this.#sums[slot] = 0;
    return best;
  }

  #sum({ known, unknown }: Query): number[] {
    const { values, kinds } = this.#vocabulary;
    const heard = (unknown[CHARS] ?? 0) > 0;
    const sums = this.#sums;
    const touched: number[] = [];
    // Sounds say nothing new where all is written as it is known.
    const telling = heard ? [...known] : known.filter((term) => kinds[term] !== SOUNDS);
    const rarestFirst = telling.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
    let left = BUDGET;
    for (const term of rarestFirst) {
      const { words, start, end } = this.#lists.of(term);
      const value = values[term] ?? 0;
      if (end - start > left && touched.length > 0) continue;
      const stop = Math.min(end, start + left);
      left -= stop - start;
      for (let i = start; i < stop; i++) {
        const posting = words[i] ?? 0;
        const slot = slotOf(posting);
        const sum = sums[slot] ?? 0;
        if (sum === 0) touched.push(slot);
        sums[slot] = sum + value * (SATURATION[timesOf(posting)] ?? 0);
      }
    }
    return touched;
  }

  /** Insertion into a short list: nearly every entry is below its last one. */
  #best(touched: readonly number[], most: number, allow: (slot: number) => boolean): number[] {
    const sums = this.#sums;
    const best: number[] = [];
    let least = 0;
    for (const slot of touched) {
      const sum = sums[slot] ?? 0;
      if ((best.length === most && sum <= least) || !allow(slot)) continue;
      let at = best.length === most ? most - 1 : best.length;
      while (at > 0 && (sums[best[at - 1] ?? 0] ?? 0) < sum) {
        best[at] = best[at - 1] ?? 0;
        at -= 1;
      }
      best[at] = slot;
      least = sums[best.at(-1) ?? 0] ?? 0;
    }
    return best;
  }
}
