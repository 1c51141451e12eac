import { readChineseNumber } from './chinese-number.ts';
import { foundAt, type Found } from './found.ts';
import { readingOf, type Readable } from './reading.ts';

const HAN_NUMBER = '[零〇一二两三四五六七八九十百]{1,8}(?:点[零〇一二三四五六七八九]{1,6})?';
const PARTS = new RegExp(`百分百|(百|千|万)分之(${HAN_NUMBER}|\\d{1,6}(?:\\.\\d{1,6})?)`, 'g');
const PARTS_OF: Readonly<Record<string, number>> = { 百: 1, 千: 10, 万: 100 };
/** 八折, 8.5折, 八五折, 85折: what is left to pay; not 打折, 骨折, 折旧. */
const DISCOUNT =
  /(?<![\d.零一二三四五六七八九十几])(\d{1,2}(?:\.\d)?|[一二三四五六七八九][一二三四五六七八九]?|对|半) ?折(?![叠磨旧扣返腾断合射线本起])/g;
const SIGN = /(?<![\d.])(-?\d{1,7}(?:\.\d{1,6})?) ?(?:%|percent\b|per cent\b|pct\b)/g;
const SIGN_BEHIND_WORD = / ?(?:%|percent\b|per cent\b|pct\b)/y;

/**
 * Shares of a hundred: `20%`, "twenty percent", 百分之二十, 千分之五 (0.5), and what a discount leaves to
 * pay: 八折 is 80, 八五折 and 8.5折 are 85, 半折 is 50.
 */
export function findPercents(source: Readable): readonly Found<number>[] {
  const { text, folded, numbers } = readingOf(source);
  const founds: Found<number>[] = [];
  const add = (start: number, length: number, value: number | undefined): void => {
    if (value === undefined) return;
    founds.push(foundAt(text, folded, start, start + length, Number(value.toPrecision(12))));
  };
  for (const match of folded.text.matchAll(PARTS)) {
    const value = match[0] === '百分百' ? 100 : numberOf(match[2]);
    const parts = PARTS_OF[match[1] ?? ''] ?? 1;
    add(match.index, match[0].length, value === undefined ? undefined : value / parts);
  }
  for (const match of folded.text.matchAll(DISCOUNT)) {
    add(match.index, match[0].length, discountOf(match[1] ?? ''));
  }
  for (const match of folded.text.matchAll(SIGN)) {
    add(match.index, match[0].length, Number(match[1]));
  }
  for (const { start, end, value } of numbers) {
    if (/\d/.test(folded.text.charAt(start))) continue;
    SIGN_BEHIND_WORD.lastIndex = end;
    const sign = SIGN_BEHIND_WORD.exec(folded.text);
    if (sign !== null) add(start, end - start + sign[0].length, value);
  }
  return founds.sort((a, b) => a.start - b.start);
}

function numberOf(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  return /^\d/.test(written) ? Number(written) : readChineseNumber(written);
}

function discountOf(written: string): number | undefined {
  if (written === '对' || written === '半') return 50;
  const digits = Array.from(written, (c) => {
    const at = '零一二三四五六七八九'.indexOf(c);
    return at < 0 ? c : String(at);
  }).join('');
  const value = Number(digits);
  if (!(value > 0)) return undefined;
  return value < 10 ? value * 10 : value;
}
