/** Words, for search, for explaining and for showing; beside characters they are a feature of the classifier. */
import type { Lang } from '../message.ts';
import { fold, placeOf } from './fold.ts';
import { TRADE_WORDS } from './trade-words.ts';

/** A word, folded, and where it stands in the text that was given. */
export interface Segment {
  readonly text: string;
  /** First character; offsets are UTF-16 units. */
  readonly start: number;
  /** Behind the last. */
  readonly end: number;
}

/** Words that are kept whole, made ready once by {@link wordList}. */
export interface WordList {
  readonly byFirst: ReadonlyMap<string, readonly string[]>;
}

/** The rest of a longer text is left out. */
const LONGEST_TEXT = 10_000;
/** Longer entries of a word list are no words. */
const LONGEST_WORD = 30;
const LATIN = /[\p{Script=Latin}\d]/u;

/**
 * Makes words ready for {@link segment}: product names, terms of the shop. Folded; those of one
 * character or more than 30 are left out. Make it once, not once a message.
 */
export function wordList(words: readonly string[]): WordList {
  const byFirst = new Map<string, string[]>();
  for (const word of new Set(words.map((word) => fold(word).text))) {
    if (word.length < 2 || word.length > LONGEST_WORD) continue;
    const list = byFirst.get(word.charAt(0)) ?? [];
    list.push(word);
    byFirst.set(word.charAt(0), list);
  }
  for (const list of byFirst.values()) list.sort((a, b) => b.length - a.length);
  return { byFirst };
}

const segmenters = new Map<Lang, Intl.Segmenter>();
let trade: WordList | undefined;

/**
 * Cuts a text into words; marks, spaces and emoji are none. Own words and words of trade (退货,
 * 快递单号, 支付宝) are found first, the longest at each place; what is left is cut by
 * `Intl.Segmenter`. Some 20 µs a short message; the first call of a language loads its dictionary
 * (30 ms, 4 MB). Linear; deterministic for one version of Node.
 * @param text as written or folded; the first 10,000 characters count
 * @param own default: none
 */
export function segment(text: string, lang: Lang, own?: WordList): readonly Segment[] {
  const folded = fold(text.slice(0, LONGEST_TEXT));
  trade ??= wordList(TRADE_WORDS);
  const lists = own === undefined ? [trade] : [own, trade];
  const segments: Segment[] = [];
  const add = (word: string, start: number): void => {
    segments.push({
      text: word,
      ...placeOf(text, folded.offsets, start, start + word.length),
    });
  };
  let from = 0;
  for (let i = 0; i < folded.text.length;) {
    const word = longestAt(folded.text, i, lists);
    if (word === undefined) {
      i += 1;
      continue;
    }
    cutBetween(folded.text, from, i, lang, add);
    add(word, i);
    i += word.length;
    from = i;
  }
  cutBetween(folded.text, from, folded.text.length, lang, add);
  return segments;
}

function longestAt(text: string, at: number, lists: readonly WordList[]): string | undefined {
  let longest: string | undefined;
  for (const { byFirst } of lists) {
    const found = byFirst
      .get(text.charAt(at))
      ?.find((word) => text.startsWith(word, at) && standsAlone(text, at, word));
    if (found !== undefined && found.length > (longest?.length ?? 0)) longest = found;
  }
  return longest;
}

/** "card" in "discard" is no word. */
function standsAlone(text: string, at: number, word: string): boolean {
  const before = at > 0 && LATIN.test(word.charAt(0)) && LATIN.test(text.charAt(at - 1));
  const end = at + word.length;
  const after = LATIN.test(word.slice(-1)) && LATIN.test(text.charAt(end));
  return !before && !after;
}

function cutBetween(
  text: string,
  from: number,
  to: number,
  lang: Lang,
  add: (word: string, start: number) => void,
): void {
  if (from >= to) return;
  let segmenter = segmenters.get(lang);
  if (segmenter === undefined) {
    segmenter = new Intl.Segmenter(lang, { granularity: 'word' });
    segmenters.set(lang, segmenter);
  }
  for (const { segment: word, index, isWordLike } of segmenter.segment(text.slice(from, to))) {
    if (isWordLike === true) add(word, from + index);
  }
}
