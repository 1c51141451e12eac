import { create, insert, search } from '@orama/orama';
import MiniSearch from 'minisearch';
import { LanguageIndex } from '../../src/knowledge/search/language-index.ts';
import { measure } from '../../src/knowledge/search/measure.ts';
import { Synonyms } from '../../src/knowledge/search/synonyms.ts';
import { fold } from '../../src/text/fold.ts';
import type { Lang } from '../../src/message.ts';
import type { Entry } from './corpus.ts';

/** A way to search that is compared. */
export interface Engine {
  add(entry: Entry): void;
  /** Told once all entries of the beginning are in. */
  ready(): void;
  /** Ids, best first, at most five. */
  search(text: string): string[];
}

/** Entries asked for. */
const WANTED = 5;

/** Characters and pairs of them for Chinese, words for the rest: what the others lack for Chinese. */
function bigrams(text: string): string[] {
  const out: string[] = [];
  for (const [run] of fold(text).text.matchAll(/\p{Script=Han}+|[\p{L}\p{N}]+/gu)) {
    if (!/\p{Script=Han}/u.test(run)) out.push(run);
    else for (let i = 0; i < run.length; i++) out.push(run.charAt(i), run.slice(i, i + 2));
  }
  return [...new Set(out)];
}

/** This project's index, tuned on its own entries as it is when it is loaded. */
function ours(lang: Lang): Engine {
  const index = new LanguageIndex(lang, new Synonyms(lang, []));
  return {
    add: ({ id, questions, answer }) => index.put(id, { utterances: questions, answer }),
    ready: () => (index.tuned = measure(index)),
    search: (text) =>
      index
        .search(text)
        .slice(0, WANTED)
        .map((hit) => hit.id),
  };
}

const joined = ({ id, questions, answer }: Entry) => ({
  id,
  questions: questions.join('\n'),
  answer,
});

function miniSearch(tokenize?: (text: string) => string[]): Engine {
  const index = new MiniSearch({
    fields: ['questions', 'answer'],
    searchOptions: { boost: { questions: 2 } },
    ...(tokenize === undefined ? {} : { tokenize }),
  });
  return {
    add: (entry) => index.add(joined(entry)),
    ready: () => undefined,
    search: (text) =>
      index
        .search(text)
        .slice(0, WANTED)
        .map((hit) => String(hit.id)),
  };
}

function orama(tokenize?: (text: string) => string[]): Engine {
  const db = create({
    schema: { questions: 'string', answer: 'string' } as const,
    ...(tokenize === undefined
      ? {}
      : {
          components: {
            tokenizer: { language: 'english', normalizationCache: new Map(), tokenize },
          },
        }),
  });
  return {
    add: (entry) => void insert(db, joined(entry)),
    ready: () => undefined,
    search(text) {
      // Without a threshold of 1 it wants every word of the message in the entry.
      const options = { term: text, limit: WANTED, threshold: 1, boost: { questions: 2 } };
      const found = search(db, options);
      if (found instanceof Promise) throw new TypeError('Orama answered later');
      return found.hits.map((hit) => hit.id);
    },
  };
}

/** By name; "bigrams" are given characters and pairs of them, the rest is as it comes. */
export const ENGINES = {
  ours,
  minisearch: () => miniSearch(),
  'minisearch, bigrams': () => miniSearch(bigrams),
  orama: () => orama(),
  'orama, bigrams': () => orama(bigrams),
} as const satisfies Readonly<Record<string, (lang: Lang) => Engine>>;

/** Name of an engine. */
export type EngineName = keyof typeof ENGINES;
