import { Slices } from './slices.ts';

/** The terms of one entry: of each of its questions, and of its answer. */
export interface Row {
  readonly questions: readonly (readonly number[])[];
  readonly answer: readonly number[];
}

/** Questions of an entry that are left out, for trying out: each whose place is `fold` modulo `folds`. */
export interface Without {
  readonly fold: number;
  readonly folds: number;
}

/** Is the question in this place left out? */
export function isLeft(question: number, without: Without | undefined): boolean {
  return question % (without?.folds ?? Infinity) === without?.fold;
}

/** Where the parts of a row lie in `words`. */
export interface Laid {
  readonly words: Uint32Array;
  /** Number of questions. */
  readonly questions: number;
  /** `words[ends + i]`, counted from `terms`, is where question `i` ends; question 0 begins at `terms`. */
  readonly ends: number;
  readonly terms: number;
  /** The answer's terms follow the last question's and end here. */
  readonly end: number;
}

/** What each entry consists of, as numbers of terms: to score a candidate in full. */
export class EntryRows {
  readonly #slices = new Slices();
  readonly #name: number[] = [];
  readonly #room: number[] = [];

  put(slot: number, { questions, answer }: Row): void {
    const terms = questions.reduce((sum, q) => sum + q.length, answer.length);
    const room = Slices.room(2 + questions.length + terms);
    const name = this.#slices.take(room);
    const { words, start } = this.#slices.at(name);
    words[start] = questions.length;
    words[start + 1] = terms;
    const ends = start + 2;
    const from = ends + questions.length;
    let at = from;
    questions.forEach((question, i) => {
      words.set(question, at);
      at += question.length;
      words[ends + i] = at - from;
    });
    words.set(answer, at);
    this.#name[slot] = name;
    this.#room[slot] = room;
  }

  remove(slot: number): void {
    this.#slices.give(this.#name[slot] ?? 0, this.#room[slot] ?? 0);
    this.#name[slot] = 0;
  }

  of(slot: number): Laid {
    const { words, start } = this.#slices.at(this.#name[slot] ?? 0);
    const questions = words[start] ?? 0;
    const terms = start + 2 + questions;
    return { words, questions, ends: start + 2, terms, end: terms + (words[start + 1] ?? 0) };
  }

  /**
   * The distinct terms of a row, and in how many of its questions each stands: 0 for those of the answer
   * alone.
   */
  times(slot: number, without?: Without): ReadonlyMap<number, number> {
    const { words, questions, ends, terms, end } = this.of(slot);
    const times = new Map<number, number>();
    let i = terms;
    for (let question = 0; question < questions; question++) {
      const to = terms + (words[ends + question] ?? 0);
      const left = isLeft(question, without);
      for (; i < to; i++) if (!left) times.set(words[i] ?? 0, (times.get(words[i] ?? 0) ?? 0) + 1);
    }
    for (; i < end; i++) if (!times.has(words[i] ?? 0)) times.set(words[i] ?? 0, 0);
    return times;
  }

  /** Memory of the rows. */
  get bytes(): number {
    return this.#slices.bytes + 16 * this.#name.length;
  }
}
