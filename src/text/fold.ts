/** One spelling for what reads the same, and the way back to what was written. */
import simplifiedOf from 'opencc-js/dict/TSCharacters';

/** A text in one spelling. */
export interface Folded {
  readonly text: string;
  /** One entry a character of `text`, and one more: where the last character ends in the original. */
  readonly offsets: Uint32Array;
}

const SLOW = 0;
const DROP = 1;
const SPACE = 0x20;
/** Marks that mean the same however often they are repeated. */
const ONCE = new Set(Array.from('!?,.;:~。、', (c) => c.charCodeAt(0)));
const MOST_REPEATS = 3;
/** Chinese digits, which phone numbers are read aloud with. */
const NUMERALS = new Set(Array.from('零〇一二三四五六七八九', (c) => c.charCodeAt(0)));
/** A base character takes this many combining marks at most: normalising longer runs is not linear. */
const MOST_MARKS = 30;
/** Combining marks, and the half-width voice marks of katakana, which become such. */
const MARK = /^[\p{M}\uff9e\uff9f]$/u;
/** What shows nothing: joiners, variation selectors, tags, fillers, lone surrogates. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Surrogate}]/u;
const ALL_UNSEEN = new RegExp(UNSEEN, 'gu');

/** Those of {@link UNSEEN} that one unit writes and no range below has. */
const UNSEEN_UNITS = [
  0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b, 0x180c, 0x180d, 0x180e, 0x180f, 0x3164,
  0xffa0,
];

/** What a UTF-16 unit becomes; SLOW ones need Unicode normalisation together with their neighbours. */
const TABLE = buildTable();

/**
 * NFKC, lower case, traditional to simplified (by character), curly quotes and dashes to plain ones;
 * white space and repeated marks become one, four or more of another character become three, digits
 * are left alone; control characters, zero-width characters and lone surrogates go. Linear.
 */
export function fold(text: string): Folded {
  const out: number[] = [];
  const offsets: number[] = [];
  let end = 0;
  let repeats = 0;
  const push = (unit: number, from: number, to: number): void => {
    const mapped = TABLE[unit] ?? SLOW;
    const code = mapped === SLOW ? unit : mapped;
    if (code === DROP) return;
    const last = out.at(-1);
    if (code === SPACE && (last === undefined || last === SPACE)) return;
    repeats = code === last ? repeats + 1 : 1;
    if (repeats <= mostOf(code)) {
      out.push(code);
      offsets.push(from);
    }
    if (code !== SPACE) end = to;
    if (code >= 0xdc00 && code <= 0xdfff && repeatsPair(out)) {
      out.length -= 2;
      offsets.length -= 2;
    }
  };
  let i = 0;
  while (i < text.length) {
    const dropped = droppedAt(text, i);
    if (dropped > 0) {
      i += dropped;
      continue;
    }
    const unit = text.charCodeAt(i);
    if (TABLE[unit] !== SLOW && !isSlow(text, afterDropped(text, i + 1))) {
      push(unit, i, i + 1);
      i += 1;
      continue;
    }
    const next = clusterEnd(text, i);
    const folded = spelled(text.slice(i, next));
    for (let k = 0; k < folded.length; k++) push(folded.charCodeAt(k), i, next);
    i = next;
  }
  if (out.at(-1) === SPACE) {
    out.pop();
    offsets.pop();
  }
  offsets.push(end);
  return { text: fromUnits(out), offsets: Uint32Array.from(offsets) };
}

/**
 * Where the characters `start` to `end` of a folded text came from: whole characters of the original
 * (of "①" or "ﬁ" all or nothing), without white space at the end.
 */
export function placeOf(
  original: string,
  offsets: Uint32Array,
  start: number,
  end: number,
): { readonly start: number; readonly end: number } {
  const from = offsets[start] ?? original.length;
  if (end <= start) return { start: from, end: from };
  const last = offsets[end - 1] ?? original.length;
  let behind = end;
  while (behind < offsets.length - 1 && offsets[behind] === last) behind += 1;
  const whole = original.slice(from, offsets[behind] ?? original.length);
  return { start: from, end: from + whole.trimEnd().length };
}

/** The part of `original` that `start` to `end` of its folded form were made from, trimmed. */
export function quoteOf(
  original: string,
  offsets: Uint32Array,
  start: number,
  end: number,
): string {
  const place = placeOf(original, offsets, start, end);
  return original.slice(place.start, place.end).trimStart();
}

function mostOf(code: number): number {
  if ((code >= 0x30 && code <= 0x39) || NUMERALS.has(code)) return Infinity;
  return ONCE.has(code) ? 1 : MOST_REPEATS;
}

function isSlow(text: string, i: number): boolean {
  return i < text.length && TABLE[text.charCodeAt(i)] === SLOW;
}

/** The first place from `i` on that holds something: what is dropped must not part a mark from its letter. */
function afterDropped(text: string, i: number): number {
  let at = i;
  for (let width = droppedAt(text, at); width > 0; width = droppedAt(text, at)) at += width;
  return at;
}

/** How many units of nothing stand at `i`. */
function droppedAt(text: string, i: number): number {
  if (i >= text.length) return 0;
  const unit = text.charCodeAt(i);
  if (unit < 0xd800 || unit > 0xdfff) return TABLE[unit] === DROP ? 1 : 0;
  const point = text.codePointAt(i) ?? 0;
  if (point <= 0xffff) return 1;
  return point >= 0xe0000 && UNSEEN.test(String.fromCodePoint(point)) ? 2 : 0;
}

function spelled(cluster: string): string {
  const seen = UNSEEN.test(cluster) ? cluster.replace(ALL_UNSEEN, '') : cluster;
  return seen.normalize('NFKC').toLowerCase().normalize('NFC');
}

/** Whether the last four characters, of two units each, are the same. */
function repeatsPair(out: readonly number[]): boolean {
  const n = out.length;
  if (n < 2 * (MOST_REPEATS + 1)) return false;
  for (let back = 1; back <= 2 * MOST_REPEATS; back++) {
    if (out[n - back] !== out[n - back - 2]) return false;
  }
  return true;
}

/** The end of the character at `i` with its combining marks. */
function clusterEnd(text: string, i: number): number {
  let end = i + ((text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1);
  for (let marks = 0; marks < MOST_MARKS; marks++) {
    const at = afterDropped(text, end);
    const point = text.codePointAt(at) ?? 0;
    if (point < 0x300 || !MARK.test(String.fromCodePoint(point))) break;
    end = at + (point > 0xffff ? 2 : 1);
  }
  return end;
}

function fromUnits(units: readonly number[]): string {
  const chunk = 4096;
  if (units.length <= chunk) return String.fromCharCode(...units);
  const parts: string[] = [];
  for (let i = 0; i < units.length; i += chunk) {
    parts.push(String.fromCharCode(...units.slice(i, i + chunk)));
  }
  return parts.join('');
}

function buildTable(): Uint16Array {
  const table = new Uint16Array(0x10000);
  const range = (from: number, to: number, map: (unit: number) => number): void => {
    for (let unit = from; unit <= to; unit++) table[unit] = map(unit);
  };
  const same = (unit: number): number => unit;
  const lower = (unit: number): number => (unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit);
  const drop = (): number => DROP;
  range(0x00, 0x1f, drop);
  for (const unit of [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0xa0, 0x2028, 0x2029, 0x3000]) {
    table[unit] = SPACE;
  }
  range(0x21, 0x7e, lower);
  range(0x7f, 0x9f, drop);
  table[0xad] = DROP;
  range(0x200b, 0x200f, drop);
  range(0x202a, 0x202e, drop);
  range(0x2060, 0x206f, drop);
  range(0x2010, 0x2015, () => 0x2d);
  table[0x2212] = 0x2d;
  range(0x2018, 0x201b, () => 0x27);
  range(0x201c, 0x201f, () => 0x22);
  table[0x20e3] = DROP;
  range(0x3001, 0x3029, same);
  range(0x3400, 0x9fff, same);
  range(0xfe00, 0xfe0f, drop);
  table[0xfeff] = DROP;
  for (const unit of UNSEEN_UNITS) table[unit] = DROP;
  range(0xff01, 0xff5e, (unit) => lower(unit - 0xfee0));
  for (const pair of simplifiedOf.split('|')) {
    const [from, to] = pair.split(' ');
    if (from?.length === 1 && to?.length === 1) table[from.charCodeAt(0)] = to.charCodeAt(0);
  }
  table['妳'.charCodeAt(0)] = '你'.charCodeAt(0);
  range(0x3400, 0x9fff, (unit) => table[table[unit] ?? unit] ?? unit);
  return table;
}
