import type { Lang } from '../../message.ts';
import { LanguageIndex } from './language-index.ts';
import type { EntryScore, SearchWith, Searchable } from './language-index.ts';
import { measure } from './measure.ts';
import type { Synonyms } from './synonyms.ts';
import type { Thresholds } from './thresholds.ts';

/** An entry as the library holds it. */
export interface Volume {
  readonly id: string;
  /** The same revision is the same entry. */
  readonly revision: string;
  /** What is searched of it. */
  readonly in: Readonly<Record<Lang, Searchable>>;
}

/** Up to here everything is measured anew after each change. */
const SMALL = 20_000;
/** Above it, once so large a share of the entries has changed. */
const MUCH = 0.1;

/**
 * Search over all entries in both languages, kept from one version of the knowledge to the next: only
 * what differs is indexed again.
 */
export class Library {
  readonly #indexes: Readonly<Record<Lang, LanguageIndex>>;
  readonly #revisions = new Map<string, string>();
  #unmeasured = Infinity;

  constructor(synonyms: Readonly<Record<Lang, Synonyms>>) {
    this.#indexes = {
      zh: new LanguageIndex('zh', synonyms.zh),
      en: new LanguageIndex('en', synonyms.en),
    };
  }

  /** Makes the library hold exactly these, and measures how it should decide. */
  hold(volumes: Iterable<Volume>): void {
    const gone = new Set(this.#revisions.keys());
    for (const volume of volumes) {
      gone.delete(volume.id);
      if (this.#revisions.get(volume.id) === volume.revision) continue;
      this.#revisions.set(volume.id, volume.revision);
      for (const lang of LANGS) this.#indexes[lang].put(volume.id, volume.in[lang]);
      this.#unmeasured += 1;
    }
    for (const id of gone) {
      this.#revisions.delete(id);
      for (const lang of LANGS) this.#indexes[lang].remove(id);
      this.#unmeasured += 1;
    }
    this.#measure();
  }

  search(text: string, lang: Lang, how: SearchWith): readonly EntryScore[] {
    return this.#indexes[lang].search(text, how);
  }

  thresholds(lang: Lang): Thresholds {
    return this.#indexes[lang].tuned.thresholds;
  }

  #measure(): void {
    const size = this.#revisions.size;
    if (this.#unmeasured === 0 || (size > SMALL && this.#unmeasured < MUCH * size)) return;
    for (const lang of LANGS) this.#indexes[lang].tuned = measure(this.#indexes[lang]);
    this.#unmeasured = 0;
  }
}

const LANGS = ['zh', 'en'] as const;
