/** What speaks for an entry: how a query and the entry's questions and answer agree, as features. */
import { isLeft } from './entry-rows.ts';
import type { EntryRows, Laid, Without } from './entry-rows.ts';
import { CHARS, KINDS, PARTS, SOUNDS, WORDS } from './vocabulary.ts';
import type { Query, Vocabulary } from './vocabulary.ts';

const OF_KIND = 5;
const SCORED = [CHARS, WORDS, PARTS] as const;
/**
 * Features of an entry; for characters, words and parts of words each: BM25 of the entry as a share
 * of the best possible, likeness to the most alike question and mean likeness to the three most alike,
 * BM25 as it is, and the share that the answer covers.
 */
export const ENTRY_FEATURES = SCORED.length * OF_KIND;
/** Features of "none of them": 1, and the unknown share of the query's characters and words. */
export const NONE_FEATURES = 3;

/** BM25's k1: a word said in one question of three says nearly all there is to say. */
const K1 = 1 / 3;
/** What a term counts that only the answer has. */
const ANSWER_TIMES = 0.75;
/** A query is taken to weigh at least this many of the rarest terms: "how do I" is no evidence. */
const LEAST = 0.7;
/** What the same sound counts beside the same character. */
const HEARD = 0.85;
/** BM25 that counts 1, in rarest terms. */
const MUCH = 10;
const ALIKE_COUNTED = 3;
/** Entries whose sums are kept: some megabytes. */
const MOST_WHOLES = 5000;

/**
 * Reads features. One query at a time: {@link begin}, any number of {@link read}, {@link end}.
 * Its arrays are made once: a query leaves no garbage but its terms.
 */
export class Evidence {
  readonly #vocabulary: Vocabulary;
  readonly #rows: EntryRows;
  /** By term: its place in the query plus 1, 0 for terms that are not in it. */
  #place = new Uint16Array(1024);
  /** By entry: of each question and kind, the sum of values; of entries that were read lately. */
  readonly #wholes = new Map<number, Float64Array>();
  #version = -1;
  #query: Query = { known: [], unknown: new Float64Array(KINDS) };
  #times = new Float64Array(64);
  #inAnswer = new Uint8Array(64);
  /** By kind: what the query could get at most. */
  readonly #best = new Float64Array(KINDS);
  readonly #shared = new Float64Array(KINDS);
  /** By kind: likeness of the most alike questions, the highest first. */
  readonly #alike = new Float64Array(KINDS * ALIKE_COUNTED);
  readonly #covered = new Float64Array(KINDS);
  readonly #answered = new Float64Array(KINDS);

  constructor(vocabulary: Vocabulary, rows: EntryRows) {
    this.#vocabulary = vocabulary;
    this.#rows = rows;
  }

  begin(query: Query): void {
    const { kinds, values, end, rarest, version } = this.#vocabulary;
    if (version !== this.#version || this.#wholes.size > MOST_WHOLES) this.#wholes.clear();
    this.#version = version;
    if (this.#place.length < end) this.#place = new Uint16Array(end + (end >> 2));
    if (this.#times.length < query.known.length) {
      this.#times = new Float64Array(query.known.length * 2);
      this.#inAnswer = new Uint8Array(query.known.length * 2);
    }
    this.#query = query;
    this.#best.set(query.unknown);
    query.known.forEach((term, i) => {
      this.#place[term] = i + 1;
      const kind = kinds[term] ?? 0;
      this.#best[kind] = (this.#best[kind] ?? 0) + (values[term] ?? 0);
    });
    for (let kind = 0; kind < KINDS; kind++) {
      this.#best[kind] = Math.max(this.#best[kind] ?? 0, LEAST * rarest);
    }
  }

  end(): void {
    for (const term of this.#query.known) this.#place[term] = 0;
  }

  /** Features of "none of them" for the query: what is unknown in writing but not by its sound is known. */
  readNone(into: Float64Array): void {
    const unheard = this.#hears() ? this.#unknownShare(SOUNDS) / HEARD : 1;
    into[0] = 1;
    into[1] = Math.min(unheard, this.#unknownShare(CHARS));
    into[2] = Math.min(unheard, this.#unknownShare(WORDS));
  }

  #unknownShare(kind: number): number {
    return (this.#query.unknown[kind] ?? 0) / (this.#best[kind] ?? 1);
  }

  /** The query has sounds of more than one pair. */
  #hears(): boolean {
    const { kinds } = this.#vocabulary;
    const unknown = this.#query.unknown[SOUNDS] ?? 0;
    return unknown > 0 || this.#query.known.some((term) => kinds[term] === SOUNDS);
  }

  /** Features of an entry, into `into` from `at` on. */
  read(slot: number, into: Float64Array, at: number, without?: Without): void {
    const count = this.#query.known.length;
    this.#times.fill(0, 0, count);
    this.#inAnswer.fill(0, 0, count);
    this.#alike.fill(0);
    const row = this.#rows.of(slot);
    const terms = this.#readQuestions(row, this.#wholesOf(slot, row), without);
    for (let i = terms; i < row.end; i++) {
      const place = this.#place[row.words[i] ?? 0] ?? 0;
      if (place > 0) this.#inAnswer[place - 1] = 1;
    }
    this.#cover();
    this.#write(into, at);
  }

  #wholesOf(slot: number, { words, questions, ends, terms }: Laid): Float64Array {
    const known = this.#wholes.get(slot);
    if (known !== undefined) return known;
    const { kinds, values } = this.#vocabulary;
    const wholes = new Float64Array(questions * KINDS);
    let i = terms;
    for (let question = 0; question < questions; question++) {
      const end = terms + (words[ends + question] ?? 0);
      for (; i < end; i++) {
        const term = words[i] ?? 0;
        const to = question * KINDS + (kinds[term] ?? 0);
        wholes[to] = (wholes[to] ?? 0) + (values[term] ?? 0);
      }
    }
    this.#wholes.set(slot, wholes);
    return wholes;
  }

  /** @returns where the answer's terms begin */
  #readQuestions(
    { words, questions, ends, terms }: Laid,
    wholes: Float64Array,
    without: Without | undefined,
  ): number {
    let i = terms;
    for (let question = 0; question < questions; question++) {
      const end = terms + (words[ends + question] ?? 0);
      if (!isLeft(question, without)) this.#readQuestion(words, i, end, wholes, question * KINDS);
      i = end;
    }
    return i;
  }

  /** @param whole where the sums of the question begin in `wholes` */
  #readQuestion(
    words: Uint32Array,
    start: number,
    end: number,
    wholes: Float64Array,
    whole: number,
  ): void {
    const { kinds, values } = this.#vocabulary;
    const places = this.#place;
    const shared = this.#shared;
    const times = this.#times;
    let any = false;
    for (let i = start; i < end; i++) {
      const term = words[i] ?? 0;
      const place = places[term] ?? 0;
      if (place === 0) continue;
      if (!any) shared.fill(0);
      any = true;
      const kind = kinds[term] ?? 0;
      shared[kind] = (shared[kind] ?? 0) + (values[term] ?? 0);
      times[place - 1] = (times[place - 1] ?? 0) + 1;
    }
    if (!any) return;
    const heard = HEARD * this.#likeness(SOUNDS, wholes[whole + SOUNDS]);
    this.#remember(CHARS, Math.max(this.#likeness(CHARS, wholes[whole + CHARS]), heard));
    this.#remember(WORDS, Math.max(this.#likeness(WORDS, wholes[whole + WORDS]), heard));
    this.#remember(PARTS, this.#likeness(PARTS, wholes[whole + PARTS]));
  }

  /** Of what the query and the question could share, how much they do: 0 to 1. */
  #likeness(kind: number, whole = 1): number {
    const shared = this.#shared[kind] ?? 0;
    if (shared === 0) return 0;
    const ofQuery = Math.min(1, shared / (this.#best[kind] ?? 1));
    return Math.sqrt(ofQuery * Math.min(1, shared / whole));
  }

  #remember(kind: number, likeness: number): void {
    const first = kind * ALIKE_COUNTED;
    let moved = likeness;
    for (let i = first; i < first + ALIKE_COUNTED && moved > 0; i++) {
      const held = this.#alike[i] ?? 0;
      if (held >= moved) continue;
      this.#alike[i] = moved;
      moved = held;
    }
  }

  /** BM25 of the entry as a whole, by kind. */
  #cover(): void {
    const { kinds, values } = this.#vocabulary;
    this.#covered.fill(0);
    this.#answered.fill(0);
    this.#query.known.forEach((term, i) => {
      const answered = this.#inAnswer[i] === 1;
      const times = (this.#times[i] ?? 0) + (answered ? ANSWER_TIMES : 0);
      if (times <= 0) return;
      const kind = kinds[term] ?? 0;
      const value = values[term] ?? 0;
      this.#covered[kind] = (this.#covered[kind] ?? 0) + (value * times) / (times + K1);
      if (answered) this.#answered[kind] = (this.#answered[kind] ?? 0) + value;
    });
  }

  #write(into: Float64Array, at: number): void {
    const much = MUCH * Math.max(this.#vocabulary.rarest, 1e-9);
    const heard = (HEARD * (this.#covered[SOUNDS] ?? 0)) / (this.#best[SOUNDS] ?? 1);
    for (const kind of SCORED) {
      const best = this.#best[kind] ?? 1;
      const own = (this.#covered[kind] ?? 0) / best;
      const covered = kind === PARTS ? own : Math.max(own, heard);
      const alike = kind * ALIKE_COUNTED;
      const first = this.#alike[alike] ?? 0;
      const to = at + kind * OF_KIND;
      into[to] = covered;
      into[to + 1] = first;
      into[to + 2] = (first + (this.#alike[alike + 1] ?? 0) + (this.#alike[alike + 2] ?? 0)) / 3;
      into[to + 3] = (covered * best) / much;
      into[to + 4] = (this.#answered[kind] ?? 0) / best;
    }
  }
}
