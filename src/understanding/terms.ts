import type { Lang, Utterance } from '../message.ts';
import { analyze, cap } from '../text/analyzer.ts';
import { segment } from '../text/segment.ts';
import type { TermLine } from './classify.ts';
import { BEGIN, END, SOUND, WORD } from './term-marks.ts';

const HAN = /\p{Script=Han}/u;

/**
 * Features of a message for training and recognition, distinct: the analyzer's terms, how the message
 * begins and ends, what words its Chinese has, and how it sounds. Empty for a text without words.
 */
export function termsOf(text: string, lang: Lang): string[] {
  const { terms, sounds, masked } = analyze(cap(text), lang);
  const words = terms.filter((term) => !term.includes(' '));
  const [first] = words;
  if (first === undefined) return [];
  const segments = lang === 'zh' && HAN.test(masked) ? segment(masked, lang) : [];
  return [
    ...new Set([
      ...terms,
      BEGIN + first,
      END + (words.at(-1) ?? first),
      ...segments.filter((each) => HAN.test(each.text)).map((each) => WORD + each.text),
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
