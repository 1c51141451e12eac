import type { Lang } from '../../message.ts';
import { findDateTimes, type DateTime } from '../../text/entities/date-time.ts';
import type { Found } from '../../text/entities/found.ts';
import { onlyOne, withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed, SlotInput } from './slot.ts';

/** Options of {@link dateTime}. */
export interface DateTimeOptions extends SlotOptions {
  /** Must not be past; "5号" and "3pm" are then the next ones. Default: may be past. */
  readonly future?: boolean;
}

/**
 * A date, with a time where one was said, in mainland China: `2026-12-01` or
 * `2026-12-01T15:30+08:00`. Understands 明天下午三点半, 下周五, 三天后, "next friday at 3pm", "dec 1".
 * An hour without a date is today's. Reasons: `in-the-past`, `ambiguous`.
 */
export function dateTime<const O extends DateTimeOptions>(options?: O): SlotOf<string, O> {
  const future = options?.future === true;
  const read = (input: SlotInput, founds: readonly Found<DateTime>[]): Parsed<string> => {
    const isos = founds.map((found) => ({ ...found, value: found.value.iso }));
    const parsed = onlyOne(input, isos);
    if (parsed?.kind === 'value' && future && isPast(parsed.value, input.now)) {
      return { kind: 'none', reason: 'in-the-past' };
    }
    return parsed ?? { kind: 'none' };
  };
  return withOptions(
    {
      type: 'date-time',
      free: false,
      parse: (input) => read(input, findDateTimes(input.text, input.now, { future })),
      find: (input) =>
        read(
          input,
          findDateTimes(input.text, input.now, { future }).filter((found) => found.value.hasDate),
        ),
      show,
      toText: (value) => value,
    },
    options,
  );
}

/** A day without a time is past once the whole day is. */
function isPast(iso: string, now: number): boolean {
  const end = iso.includes('T') ? iso : `${iso}T23:59:59.999+08:00`;
  return Date.parse(end) < now;
}

const DATE = { timeZone: 'Asia/Shanghai', dateStyle: 'full' } as const;
const WITH_TIME = { ...DATE, timeStyle: 'short' } as const;
const LOCALES: Readonly<Record<Lang, string>> = { zh: 'zh-CN', en: 'en-GB' };

function show(value: string, lang: Lang): string {
  const timed = value.includes('T');
  const at = new Date(timed ? value : `${value}T00:00+08:00`);
  return new Intl.DateTimeFormat(LOCALES[lang], timed ? WITH_TIME : DATE).format(at);
}
