/** Days, minutes and instants in a time zone. */
import { CHINA, type Zone } from './zone.ts';

/** Minutes after midnight and days since 1970, both as the clock on the wall shows them. */
export interface Moment {
  readonly day: number;
  readonly minute?: number;
}

const DAY = 86_400_000;
const MINUTE = 60_000;

/** The day in the zone (default: China) at `ms`, counted from 1970-01-01. */
export function dayOf(ms: number, zone = CHINA): number {
  return Math.floor((ms + zone.offsetAt(ms) * MINUTE) / DAY);
}

/** Minutes since midnight in the zone (default: China) at `ms`. */
export function minuteOf(ms: number, zone = CHINA): number {
  return Math.floor((ms + zone.offsetAt(ms) * MINUTE - dayOf(ms, zone) * DAY) / MINUTE);
}

/**
 * The instant of a moment, in milliseconds since 1970; a day without a time begins at midnight. A
 * time that the zone skips or has twice (summer time) is the one before the change.
 */
export function instantOf(moment: Moment, zone = CHINA): number {
  const wall = moment.day * DAY + (moment.minute ?? 0) * MINUTE;
  return wall - offsetOf(wall, zone) * MINUTE;
}

function offsetOf(wall: number, zone: Zone): number {
  return zone.offsetAt(wall - zone.offsetAt(wall) * MINUTE);
}

/** The day's year, month (from 1), day of the month and weekday (Monday is 0). */
export function partsOf(day: number): {
  readonly year: number;
  readonly month: number;
  readonly date: number;
  readonly weekday: number;
} {
  const at = new Date(day * DAY);
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    date: at.getUTCDate(),
    weekday: (at.getUTCDay() + 6) % 7,
  };
}

/** The day, or `undefined` where the calendar has none (30 February). Months past 12 run into later years. */
export function dayFrom(year: number, month: number, date: number): number | undefined {
  if (year < 1900 || year > 2999) return undefined;
  const at = new Date(Date.UTC(year, month - 1, date));
  return date >= 1 && at.getUTCDate() === date ? at.getTime() / DAY : undefined;
}

/** The last day of a month; `month` may run past 12. */
export function lastDayOf(year: number, month: number): number {
  return Date.UTC(year, month, 0) / DAY;
}

/** The same date `months` later, or the last day of that month where it is shorter. */
export function addMonths(day: number, months: number): number {
  const { year, month, date } = partsOf(day);
  const last = lastDayOf(year, month + months);
  return last - partsOf(last).date + Math.min(date, partsOf(last).date);
}

/** `2026-12-01`, or with a time `2026-12-01T15:30+08:00`; the zone is China's by default. */
export function isoOf(moment: Moment, zone = CHINA): string {
  const { year, month, date } = partsOf(moment.day);
  const day = `${year}-${two(month)}-${two(date)}`;
  if (moment.minute === undefined) return day;
  const offset = offsetOf(moment.day * DAY + moment.minute * MINUTE, zone);
  return `${day}T${clockOf(moment.minute)}${offset < 0 ? '-' : '+'}${clockOf(Math.abs(offset))}`;
}

/** Minutes after midnight as `15:30`. */
export function clockOf(minutes: number): string {
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}
