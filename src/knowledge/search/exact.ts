import { coreOf } from '../../text/analyzer.ts';
import type { Lang } from '../../message.ts';

const NOT_WORD = /[^\p{L}\p{N}]+/gu;

/** Entries by their questions, word for word: politeness, marks and spelling variants apart. */
export class ExactIndex {
  readonly #lang: Lang;
  readonly #entries = new Map<string, string[]>();

  constructor(lang: Lang) {
    this.#lang = lang;
  }

  add(utterance: string, entry: string): void {
    const key = this.#key(utterance);
    if (key === '') return;
    const same = this.#entries.get(key);
    if (same === undefined) this.#entries.set(key, [entry]);
    else if (!same.includes(entry)) same.push(entry);
  }

  remove(utterance: string, entry: string): void {
    const key = this.#key(utterance);
    const left = (this.#entries.get(key) ?? []).filter((other) => other !== entry);
    if (left.length === 0) this.#entries.delete(key);
    else this.#entries.set(key, left);
  }

  /** Several where entries share a question, which entries of different times may. */
  find(text: string): readonly string[] {
    return this.#entries.get(this.#key(text)) ?? [];
  }

  #key(text: string): string {
    return coreOf(text, this.#lang).replace(NOT_WORD, ' ').trim();
  }
}
