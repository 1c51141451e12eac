/** Reads a message once, for the classifier, for search and for slots. */
import type { Lang } from '../message.ts';
import { fold } from './fold.ts';
import { ADDRESSES, maskedText, masksOf, type Mask } from './masks.ts';
import { isHan } from './script.ts';
import { isPinyinMessage, soundsOf } from './sounds.ts';

export { coreOf, substanceOf } from './core.ts';
export { isQuestion } from './question.ts';

/** A text, made ready once for intents, entities and search. */
export interface Analysis {
  /** As it was written. */
  readonly text: string;
  /** NFKC, lower case, traditional to simplified, runs of spaces and of repeated marks collapsed. */
  readonly normalised: string;
  /**
   * `offsets[i]` is where character `i` of `normalised` begins in `text`; one more entry tells where
   * the last one ends.
   */
  readonly offsets: Uint32Array;
  readonly lang: Lang;
  /**
   * `normalised` with `<order>`, `<phone>`, `<url>`, `<email>`, `<amount>`, `<number>` or `<code>` in
   * the place of each of those: for character n-grams.
   */
  readonly masked: string;
  /** Features for the classifier and terms for search; the same masks stand for the same things. */
  readonly terms: readonly string[];
  /**
   * Pairs of toneless pinyin syllables ({@link soundsOf}): what a message shares with one that has
   * homophone typos or typed pinyin in it. Empty for plain English.
   */
  readonly sounds: readonly string[];
}

const LONGEST_WORD = 40;
/** A letter three times or more; not `x` of sizes, `w` of addresses and `i` of numerals. */
const STRETCHED = /([a-hj-vyz])\1\1/;
const ALL_STRETCHED = /([a-hj-vyz])\1{2,}/g;
const HAN = /\p{Script=Han}/u;
const BEYOND_ASCII = /[^\0-\x7f]/gu;
const LETTER = /^[\p{L}\p{N}\p{M}]$/u;

/**
 * Makes a text ready. Deterministic and linear; what nobody asks for is not computed: terms take a
 * short message some 10 µs, sounds as much again.
 * @param text at most a few thousand characters make sense: {@link cap} it first
 * @param lang default: {@link detectLang}, `zh` for a text without letters. Nothing else depends on it.
 */
export function analyze(text: string, lang?: Lang): Analysis {
  const { text: normalised, offsets } = fold(text);
  let masks: readonly Mask[] | undefined;
  let terms: readonly string[] | undefined;
  let sounds: readonly string[] | undefined;
  const found = (): readonly Mask[] => (masks ??= masksOf(normalised));
  return {
    text,
    normalised,
    offsets,
    lang: lang ?? detectLang(text) ?? 'zh',
    get masked() {
      return maskedText(normalised, found());
    },
    get terms() {
      return (terms ??= termsOf(normalised, found()));
    },
    get sounds() {
      return (sounds ??= soundsOf(normalised, found()));
    },
  };
}

/**
 * The language by script: any Chinese character makes it `zh`, and so do letters that are nothing but
 * pinyin ("wo yao tui huo", not names); otherwise a Latin word makes it `en`, full-width ones too.
 * E-mails, URLs and codes with digits ("SF123") tell nothing: alone they give `undefined`.
 */
export function detectLang(text: string): Lang | undefined {
  if (HAN.test(text)) return 'zh';
  const plain = text.replace(BEYOND_ASCII, (character) => character.normalize('NFKC'));
  const words = plain.replace(ADDRESSES, ' ');
  for (const [token] of words.matchAll(/[\p{L}\d_-]+/gu)) {
    if (/[a-z]/i.test(token) && !/\d/.test(token)) return isPinyinMessage(words) ? 'zh' : 'en';
  }
  return undefined;
}

/** The first `max` UTF-16 units (default 2,000), never cutting a character in two. */
export function cap(text: string, max = 2000): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
}

/** Chinese: characters and pairs of them. Words: themselves and pairs. `?` and `!` are terms too. */
function termsOf(text: string, masks: readonly Mask[]): readonly string[] {
  const terms: string[] = [];
  let mask = 0;
  let before = '';
  let beforeIsWord = false;
  const add = (term: string, word: boolean): void => {
    terms.push(term);
    if (before !== '') terms.push(word && beforeIsWord ? `${before} ${term}` : before + term);
    before = term;
    beforeIsWord = word;
  };
  let i = 0;
  while (i < text.length) {
    const masked = masks[mask];
    if (masked?.start === i) {
      add(masked.term, true);
      mask += 1;
      i = masked.end;
      continue;
    }
    const point = text.codePointAt(i) ?? 0;
    if (isHan(point)) {
      add(String.fromCodePoint(point), false);
      i += point > 0xffff ? 2 : 1;
    } else if (isWord(point)) {
      const end = wordEnd(text, i, masked?.start ?? text.length);
      add(wordTerm(text.slice(i, Math.min(end, i + LONGEST_WORD))), true);
      i = end;
    } else {
      if (point === 0x3f || point === 0x21) terms.push(String.fromCodePoint(point));
      if (point !== 0x20 && point !== 0x2d && point !== 0x5f && point !== 0x27) before = '';
      i += point > 0xffff ? 2 : 1;
    }
  }
  return terms;
}

/** Letters, apostrophes inside a word ("don't"), points inside a number ("1.5"). */
function wordEnd(text: string, start: number, limit: number): number {
  let end = start;
  while (end < limit) {
    const point = text.codePointAt(end) ?? 0;
    const next = text.codePointAt(end + 1) ?? 0;
    const joins =
      (point === 0x27 && isWord(next)) ||
      (point === 0x2e && isDigit(next) && end > start && isDigit(text.charCodeAt(end - 1)));
    if (!joins && !isWord(point)) break;
    end += point > 0xffff ? 2 : 1;
  }
  return end;
}

/** "don't" is `dont`, "soooo" `so`, "gooood" `good`; sizes and "aaa" stay. */
function wordTerm(word: string): string {
  const plain = word.includes("'") ? word.replaceAll("'", '') : word;
  return STRETCHED.test(plain) ? unstretched(plain) : plain;
}

/** `e` and `o` inside a word are often written twice, other letters and those at an end are not. */
function unstretched(word: string): string {
  return word.replace(ALL_STRETCHED, (run: string, letter: string, at: number) => {
    if (run.length === word.length) return run;
    const inside = at > 0 && at + run.length < word.length;
    return inside && (letter === 'e' || letter === 'o') ? letter + letter : letter;
  });
}

function isDigit(point: number): boolean {
  return point >= 0x30 && point <= 0x39;
}

function isWord(point: number): boolean {
  if (point < 0x80) return isDigit(point) || (point >= 0x61 && point <= 0x7a);
  return !isHan(point) && LETTER.test(String.fromCodePoint(point));
}
