import { z } from 'zod';
import { addFault } from './text-leaf.ts';

/** Offset of dates that state none: China Standard Time. */
const ZONE = '+08:00';

const DATE =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * Reads an ISO date, with or without time and offset.
 * @param edge of the day, where only the day is given
 * @returns milliseconds since 1970; `undefined` for anything that is not a date of the calendar
 */
function parseDate(text: string, edge: 'first' | 'last'): number | undefined {
  const match = DATE.exec(text);
  const [, day, minutes, seconds = ':00', offset = ZONE] = match ?? [];
  if (day === undefined) return undefined;
  const dayAlone = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(dayAlone) || new Date(dayAlone).toISOString().slice(0, 10) !== day) {
    return undefined;
  }
  const time = minutes === undefined ? undefined : `${minutes}${seconds}`;
  const at = Date.parse(
    `${day}T${time ?? (edge === 'first' ? '00:00:00' : '23:59:59.999')}${offset}`,
  );
  return Number.isNaN(at) ? undefined : at;
}

/** An ISO date as a schema; its result is milliseconds since 1970. */
export function date(edge: 'first' | 'last') {
  return z.string().transform((text, ctx) => {
    const at = parseDate(text.trim(), edge);
    if (at !== undefined) return at;
    addFault(
      ctx,
      [],
      `"${text.slice(0, 40)}" is not a date`,
      'write 2026-12-31 or 2026-12-31T18:00:00+08:00',
    );
    return z.NEVER;
  });
}
