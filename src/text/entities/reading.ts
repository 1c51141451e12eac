import { fold, type Folded } from '../fold.ts';
import { withPlainDigits } from './found.ts';
import { numberSpansIn, type NumberSpan } from './number-spans.ts';
import { spokenRuns, type SpokenRun } from './spoken-digits.ts';

/** Longer texts are no messages: so much of one is read, so that none takes long. */
export const LONGEST_READ = 5000;

/** A text made ready once for all finders; what only some of them need is made when it is asked for. */
export class Reading {
  readonly text: string;
  readonly folded: Folded;
  #plain: string | undefined;
  #numbers: readonly NumberSpan[] | undefined;
  #spoken: readonly SpokenRun[] | undefined;

  /** @param limit so many UTF-16 units of the text are read, from its beginning */
  constructor(text: string, limit = LONGEST_READ) {
    this.text = text.length > limit ? text.slice(0, limit) : text;
    this.folded = fold(this.text);
  }

  /** The folded text with numbers read aloud in Chinese as digits; every position stays. */
  get plain(): string {
    return (this.#plain ??= withPlainDigits(this.folded.text));
  }

  /** The numbers of the folded text, in the order they stand. */
  get numbers(): readonly NumberSpan[] {
    return (this.#numbers ??= numberSpansIn(this.folded.text));
  }

  /** Numbers read aloud digit by digit, in either language. */
  get spoken(): readonly SpokenRun[] {
    return (this.#spoken ??= spokenRuns(this.folded.text));
  }
}

/** What every finder takes: a text, or one that was made ready before. */
export type Readable = string | Reading;

/** The text, made ready: the first {@link LONGEST_READ} units of it. */
export function readingOf(source: Readable): Reading {
  return typeof source === 'string' ? new Reading(source) : source;
}
