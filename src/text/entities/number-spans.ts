/** Numbers in digits, Chinese numerals and English words, where they stand in a folded text. */
import { readChineseNumber, CHINESE_NUMBER } from './chinese-number.ts';
import { findEnglishNumbers } from './english-number.ts';

const DIGITS =
  /(?<![\d.a-z#])(?<!\d[:/-])(-(?=\d))?(\d{1,3}(?:,\d{3}){1,5}(?!\d)|\d{1,16}(?!\d))(\.\d{1,9}(?!\d))?(?![:/]\d|-\d|[月号]|[a-z]{1,6}\d)( ?[百千万亿]+)?/g;
const SCALES: Readonly<Record<string, number>> = {
  百: 100,
  千: 1000,
  万: 1e4,
  百万: 1e6,
  千万: 1e7,
  亿: 1e8,
};

/** A number and where it stands in the folded text. */
export interface NumberSpan {
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/** The numbers of a folded text, in the order they stand; see `findNumbers` for what counts as one. */
export function numberSpansIn(text: string): readonly NumberSpan[] {
  const spans = [...digitNumbers(text), ...chineseNumbers(text), ...findEnglishNumbers(text)];
  return spans.sort((a, b) => a.start - b.start);
}

function digitNumbers(text: string): readonly NumberSpan[] {
  const spans: NumberSpan[] = [];
  for (const match of text.matchAll(DIGITS)) {
    if (text[match.index - 1] === '第') continue;
    const plain = `${(match[2] ?? '').replaceAll(',', '')}${match[3] ?? ''}`;
    const scale = SCALES[(match[4] ?? '').trim()];
    const factor = match[4] === undefined ? 1 : scale;
    if (factor === undefined) continue;
    const value = Number(`${match[1] ?? ''}${plain}`) * factor;
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) continue;
    const length = match[0].length;
    spans.push({ start: match.index, end: match.index + length, value: exact(value) });
  }
  return spans;
}

function chineseNumbers(text: string): readonly NumberSpan[] {
  const spans: NumberSpan[] = [];
  for (const match of text.matchAll(CHINESE_NUMBER)) {
    const value = readChineseNumber(match[0]);
    if (value !== undefined) {
      spans.push({ start: match.index, end: match.index + match[0].length, value });
    }
  }
  return spans;
}

/** Without the dust of binary fractions: 1.1 * 10,000 is 11,000. */
function exact(value: number): number {
  return Number(value.toPrecision(15));
}
