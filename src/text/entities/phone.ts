import { foundAt, type Found } from './found.ts';
import { readingOf, type Readable, type Reading } from './reading.ts';

const PHONE =
  /(?<![\da-z+-])(?<!\+\d{1,3} ?)(?:(?:\+|00)?[ ]?\(?86\)?[ -]?)?(1[ -]?[3-9](?:[ -]?\d){9})(?!-?\d|[a-z])/g;
const SPOKEN = /^(?:(?:00)?86)?(1[3-9]\d{9})$/;

/**
 * Mainland mobile numbers (11 digits from 13 to 19), with or without +86, 86 or 0086; also in full
 * width, read aloud in Chinese or English ("one three eight, double zero…"), or with single spaces or
 * dashes inside. The value is the 11 digits.
 */
export function findPhones(source: Readable): readonly Found<string>[] {
  const reading = readingOf(source);
  const { text, folded, plain } = reading;
  const written = Array.from(plain.matchAll(PHONE), (match) => {
    const digits = (match[1] ?? '').replace(/[ -]/g, '');
    return foundAt(text, folded, match.index, match.index + match[0].length, digits);
  });
  return withSpoken(reading, written, (digits) => SPOKEN.exec(digits)?.[1]);
}

/**
 * `written` and, in order, the numbers read aloud that `accept` takes.
 * @param accept the value, `undefined` where the digits are none
 */
export function withSpoken(
  { text, folded, spoken }: Reading,
  written: readonly Found<string>[],
  accept: (digits: string) => string | undefined,
): readonly Found<string>[] {
  const founds = [...written];
  for (const { start, end, digits } of spoken) {
    const value = accept(digits);
    if (value === undefined) continue;
    const found = foundAt(text, folded, start, end, value);
    if (!written.some((other) => other.start < found.end && other.end > found.start)) {
      founds.push(found);
    }
  }
  return founds.length === written.length ? written : founds.sort((a, b) => a.start - b.start);
}
