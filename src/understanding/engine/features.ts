/** What a classifier counts in a message: its terms, its Chinese words, how they sound, and parts of other words. */
import { SOUND, WORD } from '../term-marks.ts';

/** Kinds of features; each kind is normalised by itself, so that many of one do not drown the others. */
export const KINDS = ['term', 'part', 'sound', 'word'] as const;

const SHORTEST_PART = 2;
const LONGEST_PART = 5;
const LATIN = /^[a-z0-9]+$/;
/** Of a longer word only the beginning is cut into parts. */
const LONGEST_WORD = 24;
/** Stands before a part, so that it is told from a term. */
export const PART = '#';

/** Called with each feature of a message and the index of its kind; parts may come repeatedly. */
export type Take = (feature: string, kind: number) => void;

/** Tells the features of distinct terms. Linear in their length. */
export function eachFeature(terms: readonly string[], take: Take): void {
  for (const term of terms) {
    if (term.startsWith(SOUND)) {
      take(term, 2);
      continue;
    }
    if (term.startsWith(WORD)) {
      take(term, 3);
      continue;
    }
    take(term, 0);
    if (!LATIN.test(term)) continue;
    const word = ` ${term.slice(0, LONGEST_WORD)} `;
    for (let length = SHORTEST_PART; length <= LONGEST_PART; length += 1) {
      for (let at = 0; at + length <= word.length; at += 1) {
        take(PART + word.slice(at, at + length), 1);
      }
    }
  }
}
