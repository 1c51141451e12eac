/** What the finders in this folder have in common. All of them are pure and linear in the text. */
import { placeOf, type Folded } from '../fold.ts';

/** A value read from a text. */
export interface Found<T> {
  readonly value: T;
  /** Where it begins in the text as it was written, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** The part it was read from, as it was written. */
  readonly quote: string;
}

/** A value that was read from `start` to `end` of the folded text. */
export function foundAt<T>(
  original: string,
  folded: Folded,
  start: number,
  end: number,
  value: T,
): Found<T> {
  const place = placeOf(original, folded.offsets, start, end);
  const written = original.slice(place.start, place.end);
  const quote = written.trimStart();
  return { value, start: place.end - quote.length, end: place.end, quote };
}

const CHINESE_DIGITS = '零〇一幺二三四五六七八九两壹贰叁肆伍陆柒捌玖';
const PLAIN_DIGITS = '00112345678921' + '23456789';
const READ_ALOUD =
  /[零〇一幺二三四五六七八九两壹贰叁肆伍陆柒捌玖](?:[ -]?[零〇一幺二三四五六七八九两壹贰叁肆伍陆柒捌玖]){10,}/g;

/** Numbers read out digit by digit ("一三八…", 11 or more) in plain digits; every position stays. */
export function withPlainDigits(folded: string): string {
  return folded.replace(READ_ALOUD, (run) =>
    Array.from(run, (c) => PLAIN_DIGITS[CHINESE_DIGITS.indexOf(c)] ?? c).join(''),
  );
}

/** The lengths of all digit runs, with single spaces or dashes inside them, of at least `min` digits. */
export function digitRuns(folded: string, min: number): readonly string[] {
  const runs = folded.matchAll(/\d(?:[ -]?\d)*/g);
  return Array.from(runs, ([run]) => run.replace(/[ -]/g, '')).filter((run) => run.length >= min);
}
