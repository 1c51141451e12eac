import { analyze } from '../../text/analyzer.ts';
import type { Lang } from '../../message.ts';

const WORD = /[\p{L}\p{N}]/u;

/** Puts one word in the place of each of its synonyms, so that they find each other. */
export class Synonyms {
  readonly #canonical = new Map<string, string>();
  /** Length of the longest known word, by its first UTF-16 unit. */
  readonly #longest = new Map<string, number>();
  /** Words of a language with spaces are only replaced whole. */
  readonly #whole: boolean;

  /** @param groups words with one meaning; the first stands for all of its group */
  constructor(lang: Lang, groups: readonly (readonly string[])[]) {
    this.#whole = lang === 'en';
    for (const group of groups) {
      const [first = '', ...others] = group.map((word) => analyze(word, lang).normalised.trim());
      if (first === '') continue;
      // The word itself is known too, and is kept whole where a synonym is a part of it.
      for (const word of [first, ...others]) {
        const initial = word.charAt(0);
        if (initial === '') continue;
        this.#canonical.set(word, first);
        this.#longest.set(initial, Math.max(this.#longest.get(initial) ?? 0, word.length));
      }
    }
  }

  /** @param text normalised by the analyzer */
  apply(text: string): string {
    let out = '';
    let copied = 0;
    let i = 0;
    while (i < text.length) {
      const length = this.#matchAt(text, i);
      if (length === 0) {
        i += 1;
        continue;
      }
      const word = text.slice(i, i + length);
      out += text.slice(copied, i) + (this.#canonical.get(word) ?? word);
      i += length;
      copied = i;
    }
    return out + text.slice(copied);
  }

  /** Length of the longest known word that begins at `i`, or 0. */
  #matchAt(text: string, i: number): number {
    const longest = this.#longest.get(text.charAt(i));
    if (longest === undefined || (this.#whole && WORD.test(text.charAt(i - 1)))) return 0;
    for (let length = Math.min(longest, text.length - i); length > 0; length--) {
      if (this.#whole && WORD.test(text.charAt(i + length))) continue;
      if (this.#canonical.has(text.slice(i, i + length))) return length;
    }
    return 0;
  }
}
