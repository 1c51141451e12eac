/** Numbers of cards that carry a check digit: mainland ID cards and bank cards. */
import { foundAt, type Found } from './found.ts';
import { readingOf, type Readable } from './reading.ts';

/** Provinces that ID cards name (GB/T 2260), and 83 for residents of Taiwan. */
const PROVINCES = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)/;
const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS = '10X98765432';
/** Older than anyone who holds a card. */
const FIRST_YEAR = 1850;

/**
 * Whether it is a mainland ID card number with a right check character (GB 11643-1999), a known
 * province and a day of birth that the calendar has. Whether the person exists it cannot tell.
 * @param id 18 characters, `X` in capitals
 */
export function isIdCard(id: string): boolean {
  if (!/^\d{17}[\dX]$/.test(id) || !PROVINCES.test(id)) return false;
  if (!isDay(Number(id.slice(6, 10)), Number(id.slice(10, 12)), Number(id.slice(12, 14)))) {
    return false;
  }
  const sum = ID_WEIGHTS.reduce((total, weight, i) => total + weight * Number(id.charAt(i)), 0);
  return ID_CHECKS.charAt(sum % 11) === id.charAt(17);
}

function isDay(year: number, month: number, date: number): boolean {
  const at = new Date(Date.UTC(year, month - 1, date));
  return year >= FIRST_YEAR && at.getUTCMonth() === month - 1 && at.getUTCDate() === date;
}

/** Payment systems and banks; 20… are days and order numbers, 0, 1, 7 and 8 no banks. */
const BANKS = /^(?:2[2-7]|[34569])/;

/**
 * Whether it may be a bank card: 13 to 19 digits, a first digit that banks use, and a right check
 * digit (Luhn, ISO/IEC 7812-1).
 * @param card digits only
 */
export function isBankCard(card: string): boolean {
  return /^\d{13,19}$/.test(card) && BANKS.test(card) && !/^(\d)\1*$/.test(card) && isLuhn(card);
}

/** Whether the digits have a right check digit by Luhn. */
function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = i % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Groups of digits, parted by single spaces or dashes; the last may end in x. */
const GROUPED = /(?<![\da-z.])(?<!\d[ -])\d+x?(?:[ -]\d+x?)*(?![\da-z]|\.\d)/g;
const GROUP = /\d+x?/g;
const MOST_GROUPS = 8;

interface Group {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
}

/**
 * Right mainland ID card numbers as 18 characters, `X` in capitals; also in full width, in lower case,
 * or in groups ("110101 19900307 1234").
 */
export function findIdCards(source: Readable): readonly Found<string>[] {
  return findCards(source, ([first, ...rest]) => {
    const id = [first, ...rest]
      .map((group) => group?.digits ?? '')
      .join('')
      .toUpperCase();
    return isIdCard(id) ? id : undefined;
  });
}

/**
 * Bank card numbers as digits only; also in full width, or in groups of four ("6222 0212 3456 …").
 * An ID card whose digits happen to fit is none.
 */
export function findBankCards(source: Readable): readonly Found<string>[] {
  return findCards(source, (groups) => {
    const card = groups.map(({ digits }) => digits).join('');
    if (card.endsWith('x') || !isBankCard(card) || isIdCard(card)) return undefined;
    return areCardGroups(groups) ? card : undefined;
  });
}

/** Groups as they are printed on cards: fours with a rest, 4-6-5 (American Express), 6-13. */
function areCardGroups(groups: readonly Group[]): boolean {
  const lengths = groups.map(({ digits }) => digits.length);
  if (lengths.length === 1) return true;
  const fours = lengths.slice(0, -1).every((length) => length === 4) && (lengths.at(-1) ?? 9) <= 7;
  return fours || ['4-6-5', '4-6-4', '6-13', '6-10', '8-8'].includes(lengths.join('-'));
}

/** What `read` makes of neighbouring groups, the longest that it takes at each place. */
function findCards(
  source: Readable,
  read: (groups: readonly Group[]) => string | undefined,
): readonly Found<string>[] {
  const { text, folded, plain } = readingOf(source);
  const founds: Found<string>[] = [];
  for (const run of plain.matchAll(GROUPED)) {
    const groups = Array.from(run[0].matchAll(GROUP), (m) => ({
      start: run.index + m.index,
      end: run.index + m.index + m[0].length,
      digits: m[0],
    }));
    let from = 0;
    while (from < groups.length) {
      const taken = longest(groups.slice(from, from + MOST_GROUPS), read);
      const last = groups[from + (taken?.count ?? 0) - 1];
      const first = groups[from];
      if (taken !== undefined && first !== undefined && last !== undefined) {
        founds.push(foundAt(text, folded, first.start, last.end, taken.value));
      }
      from += taken?.count ?? 1;
    }
  }
  return founds;
}

function longest(
  groups: readonly Group[],
  read: (groups: readonly Group[]) => string | undefined,
): { readonly count: number; readonly value: string } | undefined {
  for (let count = groups.length; count > 0; count--) {
    const window = groups.slice(0, count);
    const length = window.reduce((sum, { digits }) => sum + digits.length, 0);
    if (length < 13 || length > 19) continue;
    const value = read(window);
    if (value !== undefined) return { count, value };
  }
  return undefined;
}
