/** How dates and times are said in English. */
import { addMonths, dayFrom, lastDayOf, partsOf } from './calendar.ts';
import type { DatePart, DatePattern, Today } from './date-time.ts';

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const MONTH =
  'january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec';
const DAYS = 'mon tue wed thu fri sat sun'.split(' ');
const WEEKDAY =
  'monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thur?s?|fri|sat|sun';
const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const NAMED_DAYS: Readonly<Record<string, number>> = {
  today: 0,
  tonight: 0,
  tomorrow: 1,
  tmr: 1,
  tmrw: 1,
  tomorow: 1,
  tommorow: 1,
  yesterday: -1,
  'the day after tomorrow': 2,
  'day after tomorrow': 2,
  'the day before yesterday': -2,
  'day before yesterday': -2,
};

/** In the order they are tried: the first to take a piece of the text keeps it. */
export const ENGLISH_DATES: readonly DatePattern[] = [
  {
    pattern: new RegExp(
      `\\b(${MONTH})\\.? (\\d{1,2})(?:st|nd|rd|th)?\\b(?!:)(?:,? (\\d{4})\\b)?`,
      'g',
    ),
    read: ([, month, date, year], today) => monthDay(month, date, year, today),
  },
  {
    pattern: new RegExp(
      `\\b(?:the )?(\\d{1,2})(?:st|nd|rd|th)?(?: of)? (${MONTH})\\b\\.?(?:,? (\\d{4})\\b)?`,
      'g',
    ),
    read: ([, date, month, year], today) => monthDay(month, date, year, today),
  },
  {
    pattern:
      /\b(?:in )?(\d{1,4}|an?|half an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a couple of)[ -](minute|min|hour|hr|day|week|month|year)s?(?: (from now|later|ago))?\b/g,
    read: (match, today) => later(match, today),
  },
  {
    pattern:
      /\b(?:the )?day (?:after tomorrow|before yesterday)\b|\b(?:today|tonight|tomorrow|tmrw?|tomorow|tommorow|yesterday)\b/g,
    read: ([word], today) => ({
      day: today.day + (NAMED_DAYS[word] ?? 0),
      ...(word === 'tonight' ? { half: 'pm' as const } : {}),
    }),
  },
  {
    pattern: new RegExp(`\\b(?:(next|this|last|coming) )?(${WEEKDAY})\\b`, 'g'),
    read: ([, which, name], today) => weekday(which, name ?? '', today),
  },
  {
    pattern: /\b(?:(this|next|the) )?weekend\b/g,
    read: ([, which], today) => {
      const own = partsOf(today.day).weekday;
      if (which !== 'next' && own === 6) return { day: today.day };
      return { day: today.day - own + 5 + (which === 'next' ? 7 : 0) };
    },
  },
  {
    pattern: /\b(?:the )?end of (?:the |this )?(next )?month\b/g,
    read: ([, next], today) => {
      const { year, month } = partsOf(today.day);
      return { day: lastDayOf(year, month + (next === undefined ? 0 : 1)) };
    },
  },
  {
    pattern:
      /\b(?:(?<=\b(?:on|by|until|till|before|after|from|since) )the (\d{1,2})|the (1[1-9]|[23]\d))(?:st|nd|rd|th)\b(?! (?:one|option|choice|item|order|time|day|floor|street|avenue|birthday|century|place|edition|generation|version|letter|digit))/g,
    read: ([, after, alone], today) => {
      const { year, month } = partsOf(today.day);
      const day = dayFrom(year, month, Number(after ?? alone));
      return day === undefined ? undefined : { day, open: 'month' };
    },
  },
  {
    pattern: /\bthis (morning|afternoon|evening)\b/g,
    read: ([, part], today) => ({ day: today.day, half: part === 'morning' ? 'am' : 'pm' }),
  },
  {
    pattern:
      /\b(half past|quarter past|quarter to) (\d{1,2}(?!\d)|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?: ?([ap])(?:\.m\.?|m\b))?/g,
    read: ([, part, hour, half]) => {
      const added = part === 'half past' ? 30 : part === 'quarter past' ? 15 : -15;
      const n = number(hour);
      return n === undefined || n > 12 || n < 1
        ? undefined
        : half === undefined
          ? { minute: n * 60 + added, loose: true }
          : { minute: ((n % 12) + (half === 'p' ? 12 : 0)) * 60 + added };
    },
  },
  {
    pattern: /(?<![\d:.])(\d{1,2})(?::(\d{2}))? ?([ap])(?:\.m\.?|m\b)/g,
    read: ([, hour, minute, half]) => clock(Number(hour), Number(minute ?? 0), half),
  },
  {
    pattern:
      /(?<=\bat )(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: ?o'?clock)?\b(?![:/.-]\d| ?[ap]\.?m| ?(?:hours?|hrs?|min|days?|weeks?|months?|years?|dollars?|percent|%|pounds?|euros?|yuan|rmb|bucks|cents?|k[mg]|miles?|degrees?|people|times|of|hundred|thousand|[a-z]{2,20} (?:road|rd|street|st|avenue|ave|lane))(?![a-z]))|\b(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) ?o'?clock\b/g,
    read: ([, at, clockHour]) => {
      const hour = number(at ?? clockHour);
      return hour === undefined || hour > 24 ? undefined : { minute: hour * 60, loose: hour <= 12 };
    },
  },
  { pattern: /\bnoon\b/g, read: () => ({ minute: 720 }) },
  { pattern: /\bmidnight\b/g, read: () => ({ minute: 1440 }) },
  { pattern: /\b(?:in the )?morning\b/g, read: () => ({ half: 'am' }) },
  { pattern: /\b(?:in the )?(?:afternoon|evening)\b|\bat night\b/g, read: () => ({ half: 'pm' }) },
];

function number(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const at = NUMBERS.indexOf(text);
  return at < 0 ? undefined : at;
}

function monthDay(
  month: string | undefined,
  date: string | undefined,
  year: string | undefined,
  today: Today,
): DatePart | undefined {
  const m = MONTHS.indexOf((month ?? '').slice(0, 3)) + 1;
  const day = dayFrom(year === undefined ? partsOf(today.day).year : Number(year), m, Number(date));
  if (day === undefined) return undefined;
  return year === undefined ? { day, open: 'year' } : { day };
}

function later(match: RegExpExecArray, today: Today): DatePart | undefined {
  const [whole, count = '', unit, tail] = match;
  if (tail === undefined && !whole.startsWith('in ')) return undefined;
  const own =
    count === 'half an'
      ? 0.5
      : count === 'a' || count === 'an'
        ? 1
        : count.startsWith('a ')
          ? 2
          : number(count);
  if (own === undefined) return undefined;
  const n = tail === 'ago' ? -own : own;
  if (unit === 'day' || unit === 'week') {
    return { day: today.day + Math.round(n * (unit === 'day' ? 1 : 7)) };
  }
  if (unit === 'month' || unit === 'year') {
    return { day: addMonths(today.day, Math.round(n * (unit === 'month' ? 1 : 12))) };
  }
  const minutes = today.minute + Math.round(n * (unit === 'hour' || unit === 'hr' ? 60 : 1));
  const days = Math.floor(minutes / 1440);
  return { day: today.day + days, minute: minutes - days * 1440 };
}

function weekday(which: string | undefined, name: string, today: Today): DatePart | undefined {
  const own = partsOf(today.day).weekday;
  const wanted = DAYS.indexOf(name.slice(0, 3));
  // "sat" and "sun" are ordinary words too.
  if ((name === 'sat' || name === 'sun') && which === undefined) return undefined;
  const day = today.day - own + wanted;
  if (which === 'next') return { day: day + 7 };
  if (which === 'last') return { day: day < today.day ? day : day - 7 };
  return { day, open: 'week' };
}

function clock(hour: number, minute: number, half: string | undefined): DatePart | undefined {
  if (hour < 1 || hour > 12 || minute > 59) return undefined;
  return { minute: ((hour % 12) + (half === 'p' ? 12 : 0)) * 60 + minute };
}
