/** Fixed lines and numbers abroad, checked against the numbering plans that libphonenumber knows. */
import { createRequire } from 'node:module';
import type * as Plans from 'libphonenumber-js/min';
import { foundAt, type Found } from './found.ts';
import { readingOf, type Readable } from './reading.ts';

let plans: typeof Plans | undefined;

/** Loaded at the first number that needs it (some 50 ms, 2 MB). */
function numberingPlans(): typeof Plans {
  return (plans ??= createRequire(import.meta.url)('libphonenumber-js/min') as typeof Plans);
}

/** With + or 00 and a country; digits in groups by spaces, dashes, points, brackets. */
const ABROAD = /(?<![\da-z+])(?:\+ ?|00)[1-9](?:[ .()-]{0,2}\d){6,14}(?![\da-z])(?!-\d)/g;
/** A fixed line of the mainland with its area code, and an extension that is left out. */
const FIXED =
  /(?<![\da-z+.-])(?:\(0\d{2,3}\) ?|0\d{2,3}[ -]?)[2-9]\d{2,3}[ -]?\d{4}(?![\da-z])(?!-\d{5})/g;
/** Service numbers that all of the mainland reaches. */
const SERVICE = /(?<![\da-z+.-])[48]00(?:[ -]?\d){7}(?![\da-z])(?!-\d)/g;
/** So many are checked in one text: checking is the dear part. */
const MOST = 50;

/**
 * Fixed lines of the mainland (with their area code, or 400 and 800) and numbers abroad (with + or 00
 * and a country), as E.164: `+862162345678`, `+14155552671`. Mobile numbers of the mainland are left to
 * `findPhones`. At most 50 of a text are looked at.
 */
export function findInternationalPhones(source: Readable): readonly Found<string>[] {
  const { text, folded, plain } = readingOf(source);
  const candidates = [
    ...matches(plain, ABROAD),
    ...matches(plain, FIXED),
    ...matches(plain, SERVICE),
  ].sort((a, b) => a.index - b.index);
  const founds: Found<string>[] = [];
  for (const match of candidates.slice(0, MOST)) {
    const value = e164Of(match[0]);
    if (value === undefined || /^\+861[3-9]\d{9}$/.test(value)) continue;
    founds.push(foundAt(text, folded, match.index, match.index + match[0].length, value));
  }
  return founds;
}

function matches(text: string, pattern: RegExp): readonly RegExpExecArray[] {
  return Array.from(text.matchAll(pattern)).slice(0, MOST);
}

function e164Of(written: string): string | undefined {
  const plain = written.replace(/[ .()-]/g, '').replace(/^00/, '+');
  const parsed = numberingPlans().parsePhoneNumberFromString(plain, 'CN');
  return parsed?.isValid() === true ? parsed.number : undefined;
}
