/** Dates and times, said in either language. */
import { dayOf, instantOf, isoOf, minuteOf, partsOf } from './calendar.ts';
import { CHINESE_DATES } from './chinese-date.ts';
import { ENGLISH_DATES } from './english-date.ts';
import { foundAt, type Found } from './found.ts';
import { HOLIDAYS } from './holidays.ts';
import { readingOf, type Readable } from './reading.ts';
import { CHINA, zoneOf, type Zone } from './zone.ts';

/** A date, a time, or both. */
export interface DateTime {
  /** `2026-12-01`, or with a time `2026-12-01T15:30+08:00` (the offset is the time zone's). */
  readonly iso: string;
  readonly hasTime: boolean;
  /** `false` where only a time was said: the date is today's. */
  readonly hasDate: boolean;
}

/**
 * What was not said of a date, so that another one may be meant: the nearest one is. `coming`: the
 * next one, today or later.
 */
type Open = 'year' | 'month' | 'week' | 'coming';

/** What one pattern reads. */
export interface DatePart {
  readonly day?: number;
  /** Minutes after midnight; may run past it ("晚上12点" is the next day's 0:00). */
  readonly minute?: number;
  readonly open?: Open;
  /** A part of the day without an hour ("下午"): tells a neighbouring hour apart. */
  readonly half?: 'am' | 'pm';
  /** The hour was said without a part of the day, so it may be an afternoon's. */
  readonly loose?: boolean;
}

/** When it is now. */
export interface Today {
  readonly day: number;
  readonly minute: number;
}

/** A pattern over folded text. `read` answers nothing where the match is no date. */
export interface DatePattern {
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray, today: Today) => DatePart | undefined;
}

interface Piece extends DatePart {
  readonly start: number;
  readonly end: number;
}

const MOST_PIECES = 20;
/** What may stand between a date and its time. */
const GAP = /^(?: ?(?:的|,|、|at|on|by|around|about|in the|of|t|那天|当天|大概|大约)? ?)$/;

/** How dates are to be understood. */
export interface DateOptions {
  /** Take the next one where several may be meant ("5号", "3pm"). Default: the nearest. */
  readonly future?: boolean;
  /** An IANA name. Default: `Asia/Shanghai`. */
  readonly timeZone?: string;
}

/**
 * Dates and times in the order they stand, at most 20. An hour from 1 to 6 without a part of the day
 * is the afternoon's ("明天三点"); "下周五" and "next friday" are in the next calendar week; a date
 * without a year is the nearest one, a holiday ("国庆") the next one unless a purchase is told of.
 * @param now milliseconds since 1970
 * @throws RangeError where the time zone is unknown
 */
export function findDateTimes(
  source: Readable,
  now: number,
  options: DateOptions = {},
): readonly Found<DateTime>[] {
  const { text, folded } = readingOf(source);
  const zone = options.timeZone === undefined ? CHINA : zoneOf(options.timeZone);
  const today: Today = { day: dayOf(now, zone), minute: minuteOf(now, zone) };
  const merged = merge(piecesOf(folded.text, today), folded.text);
  const founds: Found<DateTime>[] = [];
  for (const piece of merged) {
    const value = settle(piece, { today, now, future: options.future === true, zone });
    if (value !== undefined) founds.push(foundAt(text, folded, piece.start, piece.end, value));
  }
  return founds;
}

const PATTERNS = [...HOLIDAYS, ...CHINESE_DATES, ...ENGLISH_DATES];

function piecesOf(text: string, today: Today): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const { pattern, read } of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      if (pieces.length >= MOST_PIECES) break;
      const start = match.index;
      const end = start + match[0].length;
      if (pieces.some((p) => start < p.end && end > p.start)) continue;
      const part = read(match, today);
      if (part !== undefined) pieces.push({ ...part, start, end });
    }
  }
  return pieces.sort((a, b) => a.start - b.start);
}

/** A date and a time that stand together are one. */
function merge(pieces: readonly Piece[], text: string): readonly Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    const joins =
      last !== undefined &&
      GAP.test(text.slice(last.end, piece.start)) &&
      !(last.day !== undefined && piece.day !== undefined) &&
      !(last.minute !== undefined && piece.minute !== undefined);
    if (joins) out[out.length - 1] = { ...last, ...piece, start: last.start };
    else out.push(piece);
  }
  return out;
}

interface Clock {
  readonly today: Today;
  readonly now: number;
  readonly future: boolean;
  readonly zone: Zone;
}

function settle(piece: Piece, { today, now, future, zone }: Clock): DateTime | undefined {
  if (piece.day === undefined && piece.minute === undefined) return undefined;
  const minute = piece.minute === undefined ? undefined : inHalf(piece, piece.minute);
  let day = piece.day ?? today.day;
  if (piece.open !== undefined) day = nearest(day, piece.open, today, future);
  if (minute !== undefined && minute >= 1440) day += 1;
  const time = minute === undefined ? {} : { minute: minute % 1440 };
  if (piece.day === undefined && future && instantOf({ day, ...time }, zone) < now) day += 1;
  return {
    iso: isoOf({ day, ...time }, zone),
    hasTime: minute !== undefined,
    hasDate: piece.day !== undefined,
  };
}

function inHalf(piece: DatePart, minute: number): number {
  if (piece.loose !== true) return minute;
  if (piece.half === 'pm') return minute < 720 ? minute + 720 : minute;
  if (piece.half === 'am') return minute >= 720 && minute < 780 ? minute - 720 : minute;
  return minute >= 60 && minute < 420 ? minute + 720 : minute;
}

function nearest(day: number, open: Open, today: Today, future: boolean): number {
  const step = (by: number): number => {
    if (open === 'week') return day + by * 7;
    const { year, month, date } = partsOf(day);
    const at =
      open === 'month'
        ? Date.UTC(year, month - 1 + by, date)
        : Date.UTC(year + by, month - 1, date);
    return at / 86_400_000;
  };
  if (open === 'week') return day < today.day ? step(1) : day;
  if (day < today.day && (future || open === 'coming')) return step(1);
  if (open === 'month' || open === 'coming') return day;
  if (today.day - day > 183) return step(1);
  return day - today.day > 183 && !future ? step(-1) : day;
}
