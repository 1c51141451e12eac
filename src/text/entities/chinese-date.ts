/** How dates and times are said in Chinese. */
import { addMonths, dayFrom, lastDayOf, partsOf } from './calendar.ts';
import { readChineseNumber } from './chinese-number.ts';
import type { DatePart, DatePattern, Today } from './date-time.ts';

const N = '\\d{1,4}|[零〇一二两三四五六七八九十廿]{1,4}';
const PERIOD =
  '凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜|深夜|今晚|明晚|后晚|昨晚|昨夜|今早|明早|昨早|晚|早';
const WEEKDAYS = '一二三四五六日';
const NAMED_DAYS: Readonly<Record<string, number>> = {
  今天: 0,
  今日: 0,
  今儿: 0,
  明天: 1,
  明日: 1,
  明儿: 1,
  后天: 2,
  后日: 2,
  大后天: 3,
  昨天: -1,
  昨日: -1,
  前天: -2,
  大前天: -3,
};
const MONTHS_BY_WORD: Readonly<Record<string, number>> = { 下: 1, 下下: 2, 上: -1 };
const DAYS_BY_CHAR: Readonly<Record<string, number>> = { 今: 0, 明: 1, 后: 2, 昨: -1 };

/** In the order they are tried: the first to take a piece of the text keeps it. */
export const CHINESE_DATES: readonly DatePattern[] = [
  {
    pattern: new RegExp(
      `(?:(\\d{4}|[零〇一二三四五六七八九]{4}|今|明|去)年 ?)?(${N}) ?月 ?(${N}) ?(?:[日号]|(?![\\d个日号]))`,
      'g',
    ),
    read: ([, year, month, date], today) => {
      const own = partsOf(today.day).year;
      const relative = { 今: own, 明: own + 1, 去: own - 1 }[year ?? ''];
      const day = dayFrom(relative ?? number(year) ?? own, number(month) ?? 0, number(date) ?? 0);
      if (day === undefined || (number(month) ?? 13) > 12) return undefined;
      return year === undefined ? { day, open: 'year' } : { day };
    },
  },
  {
    pattern: /(?<![\d.])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d])/g,
    read: ([, year, , month, date]) => ymd(Number(year), Number(month), Number(date)),
  },
  {
    pattern: /(?<![\d/.-])(1[0-2]|0?[1-9])[/](\d{1,2})(?![\d/])/g,
    read: ([, month, date], today) => {
      const part = ymd(partsOf(today.day).year, Number(month), Number(date));
      return part === undefined ? undefined : { ...part, open: 'year' };
    },
  },
  {
    pattern:
      /(\d{1,4}|[零一二两三四五六七八九十半]{1,4})(个半|个)?(小时|钟头|分钟|刻钟|天|日|周|星期|礼拜|月|年)(?:之|以)?(后|前)/g,
    read: ([, count, measure, unit, side], today) => later(count, measure, unit, side, today),
  },
  {
    pattern: /大后天|大前天|今[天日儿]|明[天日儿]|后[天日]|昨[天日]|前天/g,
    read: ([word], today) => ({ day: today.day + (NAMED_DAYS[word] ?? 0) }),
  },
  {
    pattern: /(?:(下下|下|上|这|本)个?)?(?:周|星期|礼拜)([一二三四五六日天1-7末])/g,
    read: ([, which, name], today) => weekday(which, name ?? '', today),
  },
  {
    pattern: /(?:(今|明|去)年)?年(底|末|初)/g,
    read: ([, which, end], today) => {
      const year = partsOf(today.day).year + ({ 明: 1, 去: -1 }[which ?? ''] ?? 0);
      return { day: end === '初' ? Date.UTC(year, 0, 1) / 86_400_000 : lastDayOf(year, 12) };
    },
  },
  {
    pattern: /(?:(这|本|下下|下|上)个?)?月(底|末|初)/g,
    read: ([, which, end], today) => {
      const { year, month } = partsOf(today.day);
      const own = month + (MONTHS_BY_WORD[which ?? ''] ?? 0);
      if (end === '初') return { day: Date.UTC(year, own - 1, 1) / 86_400_000 };
      return { day: lastDayOf(year, own) };
    },
  },
  {
    pattern: new RegExp(`(这|本|下下|下|上)个?月(${N})[日号]`, 'g'),
    read: ([, which, date], today) => {
      const { year, month } = partsOf(today.day);
      return ymd(year, month + (MONTHS_BY_WORD[which ?? ''] ?? 0), number(date) ?? 0);
    },
  },
  {
    pattern: /(?<![\d月第])(\d{1,2}|[一二三四五六七八九十]{1,3})[号日](?![楼线店院门码室常])/g,
    read: ([, date], today) => {
      const { year, month } = partsOf(today.day);
      const part = ymd(year, month, number(date) ?? 0);
      return part === undefined ? undefined : { ...part, open: 'month' };
    },
  },
  {
    pattern: new RegExp(
      `(${PERIOD})?(?:(?<![\\d:])(\\d{1,2}):(\\d{2})(?![\\d:])|(?<!\\d)(\\d{1,2}|[零一二两三四五六七八九十]{1,3})[点时](?!间|候|装|评|意见|建议|要求|原因|问题|理由|疑问|需求|说明|内容|不满|想法|看法|好处)(?:(半)|([一三]刻)|(\\d{1,2}|[零一二三四五六七八九十]{1,3})分?|整|钟)*)(?! ?[ap]\\.?m)`,
      'g',
    ),
    read: (match, today) => clock(match, today),
  },
  {
    pattern: new RegExp(
      PERIOD.split('|')
        .filter((word) => word.length > 1)
        .join('|'),
      'g',
    ),
    read: ([word], today) => period(word, today),
  },
];

function ymd(year: number, month: number, date: number): DatePart | undefined {
  const day = month < 0 || month > 14 ? undefined : dayFrom(year, month, date);
  return day === undefined ? undefined : { day };
}

function number(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d+$/.test(text) ? Number(text) : readChineseNumber(text);
}

function later(
  count = '',
  measure: string | undefined,
  unit: string | undefined,
  side: string | undefined,
  today: Today,
): DatePart | undefined {
  const half = measure === '个半' || (count.length > 1 && count.endsWith('半')) ? 0.5 : 0;
  const whole = count === '半' ? 0.5 : number(count.replace(/半$/, ''));
  if (whole === undefined) return undefined;
  if (unit === '月' && measure === undefined) return undefined;
  const n = (whole + half) * (side === '前' ? -1 : 1);
  const day = { 天: 1, 日: 1, 周: 7, 星期: 7, 礼拜: 7 }[unit ?? ''];
  if (day !== undefined) return { day: today.day + Math.round(n * day) };
  if (unit === '月') return { day: addMonths(today.day, Math.round(n)) };
  if (unit === '年') return { day: addMonths(today.day, Math.round(n * 12)) };
  const minutes = today.minute + Math.round(n * (unit === '分钟' ? 1 : unit === '刻钟' ? 15 : 60));
  const days = Math.floor(minutes / 1440);
  return { day: today.day + days, minute: minutes - days * 1440 };
}

function weekday(which: string | undefined, name: string, today: Today): DatePart {
  const own = partsOf(today.day).weekday;
  const wanted =
    name === '末'
      ? 5
      : name === '天'
        ? 6
        : /\d/.test(name)
          ? Number(name) - 1
          : WEEKDAYS.indexOf(name);
  const monday = today.day - own;
  const weeks = { 下下: 2, 下: 1, 上: -1, 这: 0, 本: 0 }[which ?? ''];
  if (weeks !== undefined) return { day: monday + weeks * 7 + wanted };
  if (name === '末' && own === 6) return { day: today.day };
  return { day: monday + wanted, open: 'week' };
}

function clock(match: RegExpExecArray, today: Today): DatePart | undefined {
  const [whole, name, hh, mm, spoken, half, quarter, spokenMinute] = match;
  const hour = number(hh ?? spoken);
  const minute =
    mm === undefined
      ? half
        ? 30
        : quarter
          ? quarter.startsWith('三')
            ? 45
            : 15
          : (number(spokenMinute) ?? 0)
      : Number(mm);
  if (hour === undefined || hour > 24 || minute > 59) return undefined;
  if (whole === '一点' && !isOneOClock(match)) return undefined;
  // 零点五 and 三点五 are numbers; 三点零五 and 三点五分 are times.
  if (minute < 10 && mm === undefined && /[点时][\d一二三四五六七八九]$/.test(whole))
    return undefined;
  if (name === undefined)
    return { minute: hour * 60 + minute, loose: spoken !== undefined && hour <= 12 };
  const part = period(name, today);
  const own = part.half === 'pm' && hour < 12 ? hour + 12 : hour;
  const night = /晚|夜/.test(name);
  const late =
    night && (hour === 12 || (hour >= 1 && hour <= 4 && name !== '晚上')) ? own % 12 : own;
  const noon =
    name === '中午' && hour >= 1 && hour <= 3 ? hour + 12 : name === '中午' ? hour : late;
  const after = night && hour === 12 ? 1440 : 0;
  return {
    ...(part.day === undefined ? {} : { day: part.day }),
    minute: noon * 60 + minute + after,
  };
}

/** "快一点", "一点问题" and "一点都不" are no times; "明天一点" and "一点送" are. */
function isOneOClock({ input, index }: RegExpExecArray): boolean {
  const before = input.slice(Math.max(0, index - 3), index);
  if (/[天日号一二三四五六]$|上午|下午|中午|凌晨/.test(before)) return true;
  if (/\p{Script=Han}$/u.test(before) && !/[在到约于从定改是等个点]$/.test(before)) return false;
  return /^(?:$|[ ,.!?;。]|[左前后到之以见送来开吧可行])/.test(input.slice(index + 2, index + 3));
}

function period(name: string, today: Today): DatePart {
  const days = DAYS_BY_CHAR[name.charAt(0)];
  const day = days === undefined ? {} : { day: today.day + days };
  if (name === '中午') return { ...day, half: 'pm' };
  return { ...day, half: /下午|傍晚|晚|夜/.test(name) ? 'pm' : 'am' };
}
