/** Which of several: "第二个", "最后一个", "the second one". */
import { coreOf } from '../core.ts';
import { readChineseNumber } from './chinese-number.ts';
import { foundAt, type Found } from './found.ts';
import { readingOf, type Readable } from './reading.ts';

const ORDINALS = 'first second third fourth fifth sixth seventh eighth ninth tenth'.split(' ');
const CARDINALS = 'one two three four five six seven eight nine ten'.split(' ');
const NTH = `${ORDINALS.join('|')}|\\d{1,2}(?:st|nd|rd|th)`;
const NUMERAL = '\\d{1,2}(?!\\d)|[一二两三四五六七八九十]{1,3}';
const THING_ZH = '(?:个|项|种|条|款|件|张|单|笔|号|行)';
const THING_EN = '(?:one|option|choice|item|answer|entry|order)';

type Read = (match: RegExpExecArray) => number | undefined;
const PATTERNS: readonly (readonly [RegExp, Read])[] = [
  [new RegExp(`倒数第(${NUMERAL})${THING_ZH}?`, 'g'), (m) => negative(numeral(m[1]))],
  [
    new RegExp(`(?:最后|最末|末)(?:面)?(?:那|这)?一?${THING_ZH}|最后[一1]|最下面|后者`, 'g'),
    () => -1,
  ],
  [new RegExp(`第(${NUMERAL})${THING_ZH}?(?!天|次|方|名)`, 'g'), (m) => numeral(m[1])],
  [new RegExp(`(?:头|首)一?${THING_ZH}|最上面|前者`, 'g'), () => 1],
  [
    new RegExp(`(?:选择|选项|选|序号) ?(${NUMERAL})(?!${THING_ZH}|[\\d.]|小时|月)`, 'g'),
    (m) => numeral(m[1]),
  ],
  [/(?<![\d月年])(\d{1,2}|[一二三四五六七八九十])号(?![楼线店院门码])/g, (m) => numeral(m[1])],
  [
    new RegExp(`\\b(${NTH})[ -](?:to|from)(?: the)?[ -]last\\b|\\b(second)[ -]last\\b`, 'g'),
    (m) => negative(nth(m[1] ?? m[2])),
  ],
  [/\bpenultimate\b/g, () => -2],
  [
    new RegExp(`\\b(?:the )?last ${THING_EN}\\b|\\bthe (?:last|latter|bottom one)\\b`, 'g'),
    () => -1,
  ],
  [
    new RegExp(`\\b(?:the )?(${NTH}) ${THING_EN}\\b|\\bthe (${NTH})\\b`, 'g'),
    (m) => nth(m[1] ?? m[2]),
  ],
  [/\bthe (?:former|top one)\b/g, () => 1],
  [
    new RegExp(
      `(?:\\b(?:option|choice|number|item|no\\.?|answer|choose|pick|select)|#) ?(?:(\\d{1,2})(?![\\d.]|st|nd|rd|th)|(${CARDINALS.join('|')})\\b)`,
      'g',
    ),
    (m) => (m[1] === undefined ? cardinal(m[2]) : Number(m[1])),
  ],
];

/**
 * Positions that say so ("第二个", "倒数第二个", "最后一个", "2号", "选2", "the second one", "#2", "option two").
 * From 1; negative ones count from the end: -1 is the last.
 */
export function findPositions(source: Readable): readonly Found<number>[] {
  const { text, folded } = readingOf(source);
  const founds: Found<number>[] = [];
  const taken: (readonly [number, number])[] = [];
  for (const [pattern, read] of PATTERNS) {
    for (const match of folded.text.matchAll(pattern)) {
      const start = match.index;
      const end = start + match[0].length;
      const value = read(match);
      if (value === undefined || value === 0 || overlaps(taken, start, end)) continue;
      taken.push([start, end]);
      founds.push(foundAt(text, folded, start, end, value));
    }
  }
  return founds.sort((a, b) => a.start - b.start);
}

/** The position, where the whole message is only a number: "2", "２", "2.", "②", "二", "two", "second". */
export function barePosition(text: string): number | undefined {
  const core = coreOf(text.slice(0, 60), 'zh')
    .replace(/^[([#]+|[)\].]+$/g, '')
    .trim();
  if (/^\d{1,2}$/.test(core)) return Number(core);
  if (/^[一二三四五六七八九十]{1,3}$/.test(core)) return numeral(core);
  return cardinal(core) ?? (ORDINALS.includes(core) ? nth(core) : core === 'last' ? -1 : undefined);
}

/** Up to this many positions are compared for overlaps; no message says more. */
const MOST_TAKEN = 50;

function overlaps(
  taken: readonly (readonly [number, number])[],
  start: number,
  end: number,
): boolean {
  return taken.length >= MOST_TAKEN || taken.some(([from, to]) => start < to && end > from);
}

function numeral(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d+$/.test(text) ? Number(text) : readChineseNumber(text);
}

function negative(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}

function cardinal(word: string | undefined): number | undefined {
  const at = CARDINALS.indexOf(word ?? '');
  return at < 0 ? undefined : at + 1;
}

function nth(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const at = ORDINALS.indexOf(word);
  if (at >= 0) return at + 1;
  const digits = /^\d+/.exec(word)?.[0];
  return digits === undefined ? undefined : Number(digits);
}
