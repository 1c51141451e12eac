import { foundAt, type Found } from './found.ts';
import { withSpoken } from './phone.ts';
import { readingOf, type Readable } from './reading.ts';

const ORDER =
  /(?:(?<![\da-z-])|(?<=(?<![a-z])(?:no|id|order|number|ord)))2[ -]?0(?:[ -]?\d){9}(?!-?\d|[a-z])/g;
const DATE_FIRST = /^\d{4}[ -]\d{1,2}[ -]\d{1,2}(?!\d)/;
const DATE_AND_COUNT = /^\d{4}-\d{2}-\d{2}-\d{3}$|^\d{4} \d{2} \d{2} \d{3}$/;
const SPOKEN = /^20\d{9}$/;

/**
 * Order numbers: 11 digits beginning with 20, also in full width, read aloud in Chinese or English,
 * with single spaces or dashes inside, or written as day and count (`2026-11-01-001`). A part of a
 * longer run of digits is none, nor is a date with a number behind it (`2026-11-01 100`).
 */
export function findOrderNumbers(source: Readable): readonly Found<string>[] {
  const reading = readingOf(source);
  const { text, folded, plain } = reading;
  const written = Array.from(plain.matchAll(ORDER))
    .filter(([whole]) => !DATE_FIRST.test(whole) || DATE_AND_COUNT.test(whole))
    .map((match) => {
      const digits = match[0].replace(/[ -]/g, '');
      return foundAt(text, folded, match.index, match.index + match[0].length, digits);
    });
  return withSpoken(reading, written, (digits) => (SPOKEN.test(digits) ? digits : undefined));
}

const LABEL =
  /(?:(?:订单|定单|单据)(?:编号|号码|号)?|\border(?: (?:number|no\.?|num|id|#))?|(?<![快递运])单号)(?:是|为|is|was)?[ :#]{0,3}/g;
const CODE = /(?<![a-z\d])(?:[a-z]{0,6}-?\d[a-z\d]*(?:-[a-z\d]+)*)/y;

/**
 * Numbers of any form that a text calls an order number ("订单号 SO-20261101", "order #12345678"): 8 to
 * 20 letters and digits, four digits at least. The value has capitals and no dashes.
 */
export function findNamedOrderNumbers(source: Readable): readonly Found<string>[] {
  const { text, folded, plain } = readingOf(source);
  const founds: Found<string>[] = [];
  for (const label of plain.matchAll(LABEL)) {
    CODE.lastIndex = label.index + label[0].length;
    const [code] = CODE.exec(plain) ?? [];
    const value = code?.replaceAll('-', '').toUpperCase();
    if (code === undefined || value === undefined) continue;
    if (value.length < 8 || value.length > 20 || value.replace(/\D/g, '').length < 4) continue;
    const start = label.index + label[0].length;
    founds.push(foundAt(text, folded, start, start + code.length, value));
  }
  return founds;
}
