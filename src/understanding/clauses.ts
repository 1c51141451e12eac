/** Cuts a message into clauses, so that each wish in it can be read by itself. Knows grammar only. */
import { cap } from '../text/analyzer.ts';

/**
 * What joins a clause to the one before it, weakest first: `and` (和, "and"), which as often joins two
 * nouns; `comma`; `sentence` (a full stop, a line break); `also` (顺便, 另外, "by the way"), which says
 * that something else is wanted.
 */
export type Joint = 'start' | 'and' | 'comma' | 'sentence' | 'also';

/** A part of a message as it was written, without the words and marks that join it. */
export interface Clause {
  readonly text: string;
  /** Where it stands in the message, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly by: Joint;
}

/** Clauses that are looked at; what comes behind them belongs to the last one. */
export const MOST_CLAUSES = 8;

const STRENGTH: readonly Joint[] = ['and', 'comma', 'sentence', 'also'];

/** A separator for each joint. Marks inside numbers, e-mails and links separate nothing. */
const SENTENCE = /[。！？；\n…]+|[!?;](?=\s|\p{Script=Han}|$)|(?<!\.)\.(?=\s+\p{L}|\s*$)/u;
const COMMA = /[，、]+|(?<=\p{Script=Han}) +(?=\p{Script=Han})|,(?!\d)|(?<!\d),(?=\d)/u;
const ALSO_ZH =
  /(?:顺便|顺带|顺手|另外|此外|除此之外|还有(?!多|几|货|库存|没|什么|啥|谁|别的|其他)|然后|接着|紧接着|之后再|完了再|以及|同时|外加|再(?:帮|给|替|麻烦|请)|并且|而且|还(?=要[^多几]|想|需要|得[^到]))/u;
const ALSO_EN =
  /\b(?:and also|and then|and while you(?:'re| are) at it|while you(?:'re| are) at it|as well as|also|then|plus|by the way|btw|besides|afterwards|after that|additionally|on top of that|one more thing|another thing)\b/iu;
const AND =
  /和|跟(?=我|再)|并(?=[帮查开退改换申])|再(?=[查开退改换申看问补办来催投转留])|[&＆]|\band\b/iu;
const SEPARATOR = new RegExp(
  [SENTENCE, COMMA, ALSO_ZH, ALSO_EN, AND].map((r) => `(${r.source})`).join('|'),
  'giu',
);
const JOINTS: readonly Joint[] = ['sentence', 'comma', 'also', 'also', 'and'];
/** 再帮我, 还要: the word joins, what follows it belongs to the clause. */
const KEEPS = /^再(?=.)/u;

/**
 * The clauses of a message in order: "查下订单，顺便开发票" gives 查下订单 and, joined by `also`, 开发票.
 * Where several marks and words stand together, the strongest counts. It over-divides ("和" is cut in
 * "退货和换货的区别" too): whether a clause wishes anything is for the recognizer to say, and a clause
 * that wishes nothing belongs to its neighbour. At most {@link MOST_CLAUSES}. Linear in the text.
 * @param text only the first 2,000 characters count
 */
export function clausesOf(text: string): readonly Clause[] {
  const whole = cap(text);
  const clauses: Clause[] = [];
  let from = 0;
  let by: Joint = 'start';
  for (const match of whole.matchAll(SEPARATOR)) {
    if (clauses.length === MOST_CLAUSES - 1) break;
    const joint = JOINTS[match.slice(1).findIndex(Boolean)] ?? 'comma';
    const before = clauseAt(whole, from, match.index, by);
    if (before !== undefined) {
      clauses.push(before);
      by = joint;
    } else if (clauses.length > 0) by = stronger(by, joint);
    from = match.index + (KEEPS.test(match[0]) ? 1 : match[0].length);
  }
  const last = clauseAt(whole, from, whole.length, by);
  return last === undefined ? clauses : [...clauses, last];
}

function stronger(a: Joint, b: Joint): Joint {
  return STRENGTH.indexOf(a) >= STRENGTH.indexOf(b) ? a : b;
}

/** What stands around a clause and is no part of it. */
const OUTSIDE = new Set(' \t\u3000,，、.。:：;；');

/** The clause between two separators; `undefined` where nothing is said there. */
function clauseAt(text: string, from: number, to: number, by: Joint): Clause | undefined {
  let start = from;
  let end = to;
  while (start < end && OUTSIDE.has(text.charAt(start))) start += 1;
  while (end > start && OUTSIDE.has(text.charAt(end - 1))) end -= 1;
  const said = text.slice(start, end);
  return /[\p{L}\p{N}]/u.test(said) ? { text: said, start, end, by } : undefined;
}
