import { foundAt, type Found } from './found.ts';
import { readingOf, type Readable } from './reading.ts';

const SYMBOLS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const CODE = /(?<![0-9a-z])[0-9a-hj-npqrtuwxy](?:[ -]?[0-9a-hj-npqrtuwxy]){17}(?![0-9a-z])/y;
const START = /(?<![0-9a-z])[0-9a-hj-npqrtuwxy]/g;

/**
 * Whether `code` is a unified social credit code with a right check character (GB 32100-2015: 18
 * characters of `0-9A-HJ-NPQRTUWXY`, the last one makes the weighted sum a multiple of 31).
 * @param code in capitals, without spaces
 */
export function isCreditCode(code: string): boolean {
  if (code.length !== 18) return false;
  let sum = 0;
  for (let i = 0; i < 18; i++) {
    const symbol = SYMBOLS.indexOf(code.charAt(i));
    if (symbol < 0) return false;
    sum += symbol * (WEIGHTS[i] ?? 1);
  }
  return sum % 31 === 0;
}

/** Right unified social credit codes, in capitals; lower case, full width and spaces are understood. */
export function findCreditCodes(source: Readable): readonly Found<string>[] {
  const { text, folded } = readingOf(source);
  const founds: Found<string>[] = [];
  let from = 0;
  for (const start of folded.text.matchAll(START)) {
    if (start.index < from) continue;
    CODE.lastIndex = start.index;
    const match = CODE.exec(folded.text);
    const code = match?.[0].replace(/[ -]/g, '').toUpperCase();
    if (match === null || code === undefined || !isCreditCode(code)) continue;
    from = match.index + match[0].length;
    founds.push(foundAt(text, folded, match.index, from, code));
  }
  return founds;
}
