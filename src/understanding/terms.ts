import type { Lang, Utterance } from '../message.ts';
import { analyze, cap } from '../text/analyzer.ts';
import type { TermLine } from './classify.ts';

/** First character of a term that is a pair of pinyin syllables. */
export const SOUND = '~';
/** First character of a term that tells how a message begins, and of one that tells how it ends. */
const BEGIN = '^';
const END = '$';

/**
 * Features of a message for training and recognition, distinct: the analyzer's terms, how the message
 * begins and ends, and how its Chinese sounds. Empty for a text without words.
 */
export function termsOf(text: string, lang: Lang): string[] {
  const { terms, sounds } = analyze(cap(text), lang);
  const words = terms.filter((term) => !term.includes(' '));
  const [first] = words;
  if (first === undefined) return [];
  return [
    ...new Set([
      ...terms,
      BEGIN + first,
      END + (words.at(-1) ?? first),
      ...sounds.map((sound) => SOUND + sound),
    ]),
  ];
}

/** Training lines as a classifier sees them; lines without a term teach nothing and are left out. */
export function termLines(lines: readonly Utterance[], lang: Lang): TermLine[] {
  return lines
    .map(({ text, intent }) => ({ terms: termsOf(text, lang), intent }))
    .filter(({ terms }) => terms.length > 0);
}
