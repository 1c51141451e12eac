import { analyze } from '../../text/analyzer.ts';
import { fold } from '../../text/fold.ts';
import { segment } from '../../text/segment.ts';
import type { Lang } from '../../message.ts';
import { weightOfWord } from './stop-terms.ts';
import type { Synonyms } from './synonyms.ts';
import { CHARS, PARTS, SOUNDS, WORDS } from './vocabulary.ts';
import type { Term } from './vocabulary.ts';

const SPELT = /^[a-z]{3,}$/;
const LETTERS = /^[a-z\d]/;

/** Terms of one text, each once. */
class Terms {
  readonly list: Term[] = [];
  readonly #seen = new Set<string>();

  add(kind: number, text: string): void {
    const key = `${kind}${text}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.list.push({ key, kind, text });
  }
}

/**
 * What is searched for, after synonyms: characters and pairs of them (of Latin script: words and
 * pairs), words, trigrams of Latin words (so that "refunded" and a typing error still find "refund"),
 * and for Chinese pairs of sounds (so that a homophone does). Some 50 µs.
 */
export function searchTerms(text: string, lang: Lang, synonyms: Synonyms): readonly Term[] {
  const plain = synonyms.apply(fold(text).text);
  const analysis = analyze(plain, lang);
  const terms = new Terms();
  for (const term of analysis.terms) {
    terms.add(CHARS, term);
    if (term.includes(' ') || !LETTERS.test(term)) continue;
    if (lang === 'en') terms.add(WORDS, term);
    if (SPELT.test(term) && weightOfWord(term) === 1) addParts(term, terms);
  }
  if (lang === 'zh') {
    for (const word of segment(plain, lang)) terms.add(WORDS, word.text);
    for (const pair of analysis.sounds) terms.add(SOUNDS, pair);
  }
  return terms.list;
}

function addParts(word: string, terms: Terms): void {
  const framed = `^${word}$`;
  for (let i = 0; i + 3 <= framed.length; i++) terms.add(PARTS, framed.slice(i, i + 3));
}
