import { foundAt, type Found } from './found.ts';
import type { NumberSpan } from './number-spans.ts';
import { readingOf, type Readable } from './reading.ts';

/** An amount of money. */
export interface Money {
  readonly amount: number;
  /** ISO 4217. `$` alone is USD, `¥` is CNY. */
  readonly currency: string;
  /** More was said than the number: 两千多块, 100来块. */
  readonly about?: true;
}

/** What stands before an amount: `¥`, "RMB", "US$". */
const BEFORE: readonly (readonly [string, string])[] = [
  ['cny|rmb|cn¥|人民币', 'CNY'],
  ['usd|us\\$', 'USD'],
  ['hkd|hk\\$', 'HKD'],
  ['twd|ntd|nt\\$', 'TWD'],
  ['sgd|s\\$', 'SGD'],
  ['aud|au\\$|a\\$', 'AUD'],
  ['cad|c\\$', 'CAD'],
  ['eur|€', 'EUR'],
  ['gbp|£', 'GBP'],
  ['jpy|jp¥', 'JPY'],
  ['krw|₩', 'KRW'],
  ['¥', 'CNY'],
  ['\\$', 'USD'],
];
/** What stands behind one, longest first within a currency. */
const BEHIND: readonly (readonly [string, string])[] = [
  ['美元|美金|美刀|刀(?!片|具|架|叉)|(?:us )?dollars?\\b|bucks?\\b|usd\\b', 'USD'],
  ['欧元|欧(?![洲姆盟])|euros?\\b|eur\\b|€', 'EUR'],
  ['英镑|pounds? sterling\\b|quid\\b|gbp\\b|£', 'GBP'],
  ['日元|日币|japanese yen\\b|yen\\b|jpy\\b', 'JPY'],
  ['港币|港元|港纸|hkd\\b|hong kong dollars?\\b', 'HKD'],
  ['新台币|台币|twd\\b|ntd\\b', 'TWD'],
  ['澳门币|澳元|aud\\b', 'AUD'],
  ['加元|加币|cad\\b', 'CAD'],
  ['新加坡元|新币|坡币|sgd\\b', 'SGD'],
  ['韩元|韩币|won\\b(?= each|[ .,!?]|$)|krw\\b', 'KRW'],
  ['卢布|rubles?\\b|rub\\b', 'RUB'],
  ['泰铢|thb\\b|baht\\b', 'THB'],
  ['元人民币|块钱|块人民币|元|圆|人民币|rmb\\b|cny\\b|yuan\\b|kuai\\b|renminbi\\b|¥', 'CNY'],
];
const currencyIn = (list: readonly (readonly [string, string])[], flags: string): RegExp =>
  new RegExp(list.map(([pattern]) => `(${pattern})`).join('|'), flags);

const BEFORE_RUN = new RegExp(
  `(?<![a-z])(?:${BEFORE.map(([pattern]) => `(${pattern})`).join('|')})[ :]?` +
    '(-?\\d{1,3}(?:,\\d{3}){1,5}(?!\\d)|-?\\d{1,15}(?!\\d))(\\.\\d{1,4}(?!\\d))?(?: ?(万|千|百|亿|k|w|m|thousand|million)(?![a-z]))?(?! ?(?:gb|tb|mb)\\b)',
  'g',
);
const UNIT = currencyIn(BEHIND, 'y');
/** 块, which is also a measure word: money where a price ends, or tenths follow. */
const PIECE =
  /块(?!儿|屏|表|手表|电池|蛋糕|肥皂|香皂|布|玻璃|砖|石|地|巧克力|毛巾|饼干|木|板|肉|糖|豆腐|面包|显卡|硬盘|键盘|主板|芯片|电路|充电|移动电源|牌|瓷|拼图|垫|毯|抹布|海绵|腕表|智能|奶|冰|土|田|骨|铁|金|银|铜|内存|滤|镜|电|小的|大的)/y;
const MORE = /[多几来余]/y;
const SLANG_SCALE = /[kw](?=块|元|rmb|刀|美)/y;
/** Tenths and hundredths behind 元 or 块: 五毛, 三角五分, or a bare digit behind 块 ("三块五"). */
const TENTHS = /([零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖]|\d)[角毛](?:钱)?/y;
const HUNDREDTHS =
  /(?:零|又)?([零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖]|\d)分(?!钟|之|期|贝)(?:钱)?/y;
const BARE_TENTHS =
  /([一二两三四五六七八九]|\d)(?![\d一二三四五六七八九十百千万点.,折件个双台箱%:年月日号天])/y;
const WHOLE = /(?:整|正)(?![个常在理套])/y;
const ONLY_SMALL = /([角毛])(?:钱)?(?!巾|衣|线|笔|度|落|毯|病)|分钱/y;
const CENTS = / ?cents?\b/y;
const DIGITS = '零一二三四五六七八九';
const CAPITALS = '零壹贰叁肆伍陆柒捌玖';
const SCALES: Readonly<Record<string, number>> = {
  百: 100,
  千: 1e3,
  k: 1e3,
  thousand: 1e3,
  万: 1e4,
  w: 1e4,
  m: 1e6,
  million: 1e6,
  亿: 1e8,
};

interface Span extends Money {
  readonly start: number;
  readonly end: number;
}

/**
 * Amounts of money with their currency: 35元, 三块五, 叁佰元整, 一百二十块五毛, 五毛, 两千多块, ¥99.9,
 * RMB 50, "$1,250.00", "two hundred dollars", "50 cents". A number without a currency is none, nor are
 * 一块 (together) and a 块 that counts things (两块电池).
 */
export function findMoney(source: Readable): readonly Found<Money>[] {
  const { text, folded, numbers } = readingOf(source);
  const spans: Span[] = Array.from(folded.text.matchAll(BEFORE_RUN), prefixed);
  let before = 0;
  let from = 0;
  for (const number of numbers) {
    while ((spans[before]?.end ?? Infinity) <= number.start) before += 1;
    if (number.start < from || (spans[before]?.start ?? Infinity) < number.end) continue;
    const span = suffixed(folded.text, number);
    if (span === undefined) continue;
    spans.splice(before, 0, span);
    before += 1;
    from = span.end;
  }
  return spans.map(({ start, end, ...money }) => foundAt(text, folded, start, end, money));
}

function prefixed(match: RegExpExecArray): Span {
  const at = match.slice(1, BEFORE.length + 1).findIndex(Boolean);
  const [whole = '', fraction = '', scale = ''] = match.slice(BEFORE.length + 1);
  const amount = Number(`${whole.replaceAll(',', '')}${fraction}`) * (SCALES[scale] ?? 1);
  const end = match.index + match[0].length;
  return { start: match.index, end, amount: exact(amount), currency: BEFORE[at]?.[1] ?? 'CNY' };
}

/** The amount whose number is at `number`, where its unit follows. */
function suffixed(text: string, number: NumberSpan): Span | undefined {
  const at = (pattern: RegExp, from: number): RegExpExecArray | null => {
    pattern.lastIndex = from;
    return pattern.exec(text);
  };
  const { start } = number;
  const scale = at(SLANG_SCALE, number.end)?.[0] ?? '';
  const value = number.value * (SCALES[scale] ?? 1);
  const small = at(ONLY_SMALL, number.end);
  if (small !== null) {
    const tenths = small[1] !== undefined;
    const more = tenths ? at(HUNDREDTHS, number.end + small[0].length) : null;
    const amount = value / (tenths ? 10 : 100) + digitOf(more?.[1]) / 100;
    const end = number.end + small[0].length + (more?.[0].length ?? 0);
    return { start, end, amount: exact(amount), currency: 'CNY' };
  }
  const cents = at(CENTS, number.end);
  if (cents !== null) {
    const end = number.end + cents[0].length;
    return { start, end, amount: exact(value / 100), currency: 'USD' };
  }
  const more = at(MORE, number.end + scale.length);
  let end = number.end + scale.length + (more?.[0].length ?? 0);
  const gap = text.charAt(end) === ' ' ? 1 : 0;
  const unit = at(UNIT, end + gap);
  const piece = unit === null && gap === 0 ? pieceAt(text, number, end) : undefined;
  const length = unit === null ? piece : gap + unit[0].length;
  if (length === undefined) return undefined;
  end += length;
  const found = unit?.slice(1).findIndex(Boolean) ?? -1;
  const currency = BEHIND[found]?.[1] ?? 'CNY';
  const about = more === null ? {} : { about: true as const };
  if (currency !== 'CNY') return { start, end, amount: exact(value), currency, ...about };
  const tenths = at(TENTHS, end);
  end += tenths?.[0].length ?? 0;
  const hundredths = at(HUNDREDTHS, end);
  end += hundredths?.[0].length ?? 0;
  const bare =
    tenths === null && hundredths === null && piece !== undefined ? at(BARE_TENTHS, end) : null;
  end += bare?.[0].length ?? 0;
  end += at(WHOLE, end)?.[0].length ?? 0;
  const amount = value + digitOf(tenths?.[1] ?? bare?.[1]) / 10 + digitOf(hundredths?.[1]) / 100;
  return { start, end, amount: exact(amount), currency, ...about };
}

/** The length of 块 where it is money. */
function pieceAt(text: string, number: NumberSpan, end: number): number | undefined {
  PIECE.lastIndex = end;
  if (PIECE.exec(text) === null) return undefined;
  if (text.slice(number.start, end) !== '一' && text.slice(number.start, end) !== '两') return 1;
  // "一块" is "together" and "两块" a count unless tenths follow or a price was spoken of.
  BARE_TENTHS.lastIndex = end + 1;
  TENTHS.lastIndex = end + 1;
  if (BARE_TENTHS.test(text) || TENTHS.test(text)) return 1;
  const before = text.slice(Math.max(0, number.start - 6), number.start);
  return /[付退赔扣花收差减便宜加价费]/.test(before) ? 1 : undefined;
}

function digitOf(digit: string | undefined): number {
  if (digit === undefined) return 0;
  if (/\d/.test(digit)) return Number(digit);
  if (digit === '两') return 2;
  return Math.max(0, DIGITS.indexOf(digit), CAPITALS.indexOf(digit));
}

/** Without the dust of binary fractions. */
function exact(value: number): number {
  return Number(value.toPrecision(15));
}
