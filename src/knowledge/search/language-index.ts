import { cap } from '../../text/analyzer.ts';
import type { Lang } from '../../message.ts';
import { Candidates } from './candidates.ts';
import { EntryRows } from './entry-rows.ts';
import type { Without } from './entry-rows.ts';
import { ENTRY_FEATURES, Evidence, NONE_FEATURES } from './evidence.ts';
import { ExactIndex } from './exact.ts';
import { PRIOR, probabilities, utilities, withClassifier } from './fusion.ts';
import type { Found, Weights } from './fusion.ts';
import { PostingLists } from './postings.ts';
import { searchTerms } from './search-terms.ts';
import type { Synonyms } from './synonyms.ts';
import { FALLBACK } from './thresholds.ts';
import type { Thresholds } from './thresholds.ts';
import { Vocabulary } from './vocabulary.ts';
import type { Query } from './vocabulary.ts';

/** Longest part of a message that is searched for, in UTF-16 units. */
const MAX_QUERY = 500;

/** What is searched of one entry in one language. */
export interface Searchable {
  readonly utterances: readonly string[];
  readonly answer: string;
}

/** What one entry got for a query. */
export interface EntryScore {
  readonly id: string;
  /** Probability that it is what was asked for; 1 for the very question. */
  readonly score: number;
  readonly by: 'exact' | 'keyword' | 'classifier';
}

/** How a search is narrowed and helped. */
export interface SearchWith {
  /** Entries that may be found; default all. */
  readonly allow?: (id: string) => boolean;
  /** Confidence of the classifier, 0 to 1, by entry; default: no classifier was asked. */
  readonly classified?: ReadonlyMap<string, number>;
}

/** What is found for a question of the index as if it were not there. */
export interface Attempt extends Found {
  /** Place of the question's own entry among the candidates, `count` where it is none. */
  readonly own: number;
  /** Features of "none of them" as if the whole entry were not there. */
  readonly noneWithoutEntry: Float64Array;
}

interface Stored {
  readonly id: string;
  readonly utterances: readonly string[];
}

/** How an index decides; measured by {@link measure}. */
export interface Tuned {
  readonly weights: Weights;
  readonly thresholds: Thresholds;
}

/**
 * The questions and answers of all entries in one language, one entry at a time added, replaced or
 * removed: what it finds depends on the entries it holds and not on how they came there. At 100,000
 * entries a change takes some milliseconds (`npm run bench -- search`).
 */
export class LanguageIndex {
  readonly #lang: Lang;
  readonly #synonyms: Synonyms;
  readonly #exact: ExactIndex;
  readonly #vocabulary = new Vocabulary();
  readonly #lists = new PostingLists();
  readonly #rows = new EntryRows();
  readonly #candidates = new Candidates(this.#vocabulary, this.#lists);
  readonly #evidence = new Evidence(this.#vocabulary, this.#rows);
  readonly #slots = new Map<string, number>();
  readonly #stored: (Stored | undefined)[] = [];
  readonly #free: number[] = [];
  /** How it decides. Set it after measuring. */
  tuned: Tuned = { weights: PRIOR, thresholds: FALLBACK };

  constructor(lang: Lang, synonyms: Synonyms) {
    this.#lang = lang;
    this.#synonyms = synonyms;
    this.#exact = new ExactIndex(lang);
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Bytes of the lists and rows, without the strings. */
  get bytes(): number {
    return this.#lists.bytes + this.#rows.bytes;
  }

  /** Adds an entry, or puts it in the place of the one before. One without utterances is never found. */
  put(id: string, { utterances, answer }: Searchable): void {
    this.remove(id);
    if (utterances.length === 0) return;
    const slot = this.#free.pop() ?? this.#stored.length;
    this.#slots.set(id, slot);
    this.#stored[slot] = { id, utterances };
    const questions = utterances.map((text) => this.#learn(text));
    this.#rows.put(slot, { questions, answer: this.#learn(answer) });
    const times = this.#rows.times(slot);
    this.#vocabulary.count(times.keys());
    for (const [term, count] of times) this.#lists.add(term, slot, count);
    for (const utterance of utterances) this.#exact.add(utterance, id);
  }

  /** Takes an entry out; one that is not there changes nothing. */
  remove(id: string): void {
    const slot = this.#slots.get(id);
    const stored = slot === undefined ? undefined : this.#stored[slot];
    if (slot === undefined || stored === undefined) return;
    const times = this.#rows.times(slot);
    for (const [term, count] of times) this.#lists.remove(term, slot, count);
    this.#vocabulary.discount(times.keys());
    this.#rows.remove(slot);
    for (const utterance of stored.utterances) this.#exact.remove(utterance, id);
    this.#slots.delete(id);
    this.#stored[slot] = undefined;
    this.#free.push(slot);
  }

  /**
   * The score of each entry that may be meant, best first; those with the very question, where there
   * are any, and nothing else.
   */
  search(text: string, how: SearchWith = {}): readonly EntryScore[] {
    const query = cap(text, MAX_QUERY);
    const allow = how.allow ?? (() => true);
    const exact = this.#exact.find(query).filter(allow);
    if (exact.length > 0) return exact.map((id) => ({ id, score: 1, by: 'exact' }));
    const { ids, found } = this.#find(this.#look(query), allow, how.classified);
    const utility = utilities(this.tuned.weights, found);
    const plain = probabilities(utility);
    const confidences = ids.map((id) => how.classified?.get(id) ?? 0);
    const helped =
      how.classified === undefined ? plain : probabilities(withClassifier(utility, confidences));
    const scores = ids.map((id, i): EntryScore => {
      const by = (confidences[i] ?? 0) > (plain[i] ?? 0) ? 'classifier' : 'keyword';
      return { id, score: helped[i] ?? 0, by };
    });
    return scores.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  }

  /** Entries with the number of their questions, in the order they were put. */
  questions(): readonly { readonly id: string; readonly count: number }[] {
    return [...this.#slots].map(([id, slot]) => {
      return { id, count: this.#stored[slot]?.utterances.length ?? 0 };
    });
  }

  /**
   * Searches for a question of an entry as if neither it nor the others of its fold were there.
   * @returns `undefined` where there is no such question
   */
  attempt(id: string, question: number, folds: number): Attempt | undefined {
    const slot = this.#slots.get(id);
    const text = slot === undefined ? undefined : this.#stored[slot]?.utterances[question];
    if (text === undefined) return undefined;
    const without = { fold: question % folds, folds };
    const whole = this.#look(text);
    const rest = this.#rows.times(slot ?? 0, without);
    const query = this.#vocabulary.unlearnt(whole, (term) => !rest.has(term));
    const { ids, found } = this.#find(query, () => true, undefined, without);
    const own = ids.indexOf(id);
    const noneWithoutEntry = new Float64Array(NONE_FEATURES);
    this.#evidence.begin(this.#vocabulary.unlearnt(whole, () => true));
    this.#evidence.readNone(noneWithoutEntry);
    this.#evidence.end();
    return { ...found, own: own < 0 ? found.count : own, noneWithoutEntry };
  }

  /** Of every entry the same part is left out: else its own entry alone would be at a disadvantage. */
  #partOf(slot: number, { fold, folds }: Without): Without {
    const few = Math.min(folds, Math.max(2, this.#stored[slot]?.utterances.length ?? 0));
    return { fold: fold % few, folds: few };
  }

  #learn(text: string): readonly number[] {
    return searchTerms(text, this.#lang, this.#synonyms).map((term) =>
      this.#vocabulary.learn(term),
    );
  }

  #look(text: string): Query {
    return this.#vocabulary.look(searchTerms(text, this.#lang, this.#synonyms));
  }

  #find(
    query: Query,
    allow: (id: string) => boolean,
    classified?: ReadonlyMap<string, number>,
    part?: Without,
  ): { readonly ids: readonly string[]; readonly found: Found } {
    const idOf = (slot: number): string => this.#stored[slot]?.id ?? '';
    const slots = this.#candidates.find(query, this.#stored.length, (slot) => allow(idOf(slot)));
    for (const id of mostLikely(classified)) {
      const slot = this.#slots.get(id);
      if (slot !== undefined && !slots.includes(slot) && allow(id)) slots.push(slot);
    }
    const entries = new Float64Array(slots.length * ENTRY_FEATURES);
    const none = new Float64Array(NONE_FEATURES);
    this.#evidence.begin(query);
    slots.forEach((slot, i) => {
      this.#evidence.read(slot, entries, i * ENTRY_FEATURES, part && this.#partOf(slot, part));
    });
    this.#evidence.readNone(none);
    this.#evidence.end();
    return { ids: slots.map(idOf), found: { entries, none, count: slots.length } };
  }
}

/** What a classifier is this sure of is looked at even where no term is shared. */
const WORTH_A_LOOK = 0.2;

function mostLikely(classified: ReadonlyMap<string, number> | undefined): readonly string[] {
  if (classified === undefined) return [];
  return [...classified].filter(([, p]) => p >= WORTH_A_LOOK).map(([id]) => id);
}
