/** Holidays and shopping days by name, of the solar and the lunar calendar, in either language. */
import { partsOf } from './calendar.ts';
import type { DatePart, DatePattern, Today } from './date-time.ts';
import { lunarDay } from './lunar.ts';

const DAY = 86_400_000;

/** The day of a holiday in a year. */
type DayIn = (year: number) => number | undefined;

const on =
  (month: number, date: number): DayIn =>
  (year) =>
    Date.UTC(year, month - 1, date) / DAY;
/** The `n`-th of a weekday (Monday is 0) of a month. */
const nth =
  (n: number, weekday: number, month: number): DayIn =>
  (year) => {
    const first = Date.UTC(year, month - 1, 1) / DAY;
    return first + ((weekday - partsOf(first).weekday + 7) % 7) + (n - 1) * 7;
  };
const lunar =
  (month: number, date: number, shift = 0): DayIn =>
  (year) => {
    const day = lunarDay(year, month, date);
    return day === undefined ? undefined : day + shift;
  };
const after =
  (day: DayIn, days: number): DayIn =>
  (year) => {
    const found = day(year);
    return found === undefined ? undefined : found + days;
  };

/** Clear and Bright: 4 or 5 April, by the rule for 2000 to 2099. */
const clearAndBright: DayIn = (year) => {
  const y = year % 100;
  return on(4, Math.floor(y * 0.2422 + 4.81) - Math.floor(y / 4))(year);
};

const thanksgiving = nth(4, 3, 11);
const BY_NAME = new Map<string, DayIn>();
const name = (names: string, day: DayIn): void => {
  for (const each of names.split('|')) BY_NAME.set(each, day);
};
name('元旦节|元旦|阳历新年', on(1, 1));
name('春节|过年|大年初一|农历新年', lunar(1, 1));
name('除夕|大年三十|年三十|大年夜', lunar(1, 1, -1));
name('元宵节|元宵', lunar(1, 15));
name('情人节', on(2, 14));
name('妇女节|三八节|女神节|三八妇女节', on(3, 8));
name('清明节|清明', clearAndBright);
name('劳动节|五一劳动节|五一', on(5, 1));
name('母亲节', nth(2, 6, 5));
name('儿童节|六一儿童节|六一', on(6, 1));
name('端午节|端午', lunar(5, 5));
name('父亲节', nth(3, 6, 6));
name('七夕节|七夕', lunar(7, 7));
name('教师节', on(9, 10));
name('中秋节|中秋', lunar(8, 15));
name('国庆节|国庆|十一国庆', on(10, 1));
name('重阳节|重阳', lunar(9, 9));
name('万圣节', on(10, 31));
name('双十一|双11|双十一购物节|光棍节', on(11, 11));
name('感恩节', thanksgiving);
name('黑色星期五|黑五', after(thanksgiving, 1));
name('双十二|双12', on(12, 12));
name('平安夜', on(12, 24));
name('圣诞节|圣诞', on(12, 25));
name('六一八|618大促|618活动|618购物节|618期间', on(6, 18));
name("new year's day|new years day", on(1, 1));
name("new year's eve|new years eve", on(12, 31));
name('chinese new year|lunar new year|spring festival', lunar(1, 1));
name('lantern festival', lunar(1, 15));
name("valentine's day|valentines day", on(2, 14));
name('labor day|labour day|may day', on(5, 1));
name('dragon boat festival', lunar(5, 5));
name('mid-autumn festival|mid autumn festival|moon festival', lunar(8, 15));
name('national day', on(10, 1));
name('halloween', on(10, 31));
name("singles' day|singles day|double 11|double eleven", on(11, 11));
name('thanksgiving day|thanksgiving', thanksgiving);
name('black friday', after(thanksgiving, 1));
name('cyber monday', after(thanksgiving, 4));
name('double 12|double twelve', on(12, 12));
name('christmas eve', on(12, 24));
name('christmas day|christmas|xmas', on(12, 25));

const NAMES = [...BY_NAME.keys()].sort((a, b) => b.length - a.length);
const isEnglish = (each: string): boolean => /^[a-z]/.test(each);
const CHINESE_NAMES = NAMES.filter((each) => !isEnglish(each)).join('|');
const ENGLISH_NAMES = NAMES.filter(isEnglish).join('|');

/** A purchase at the holiday is told of, so it is the one that was: "双十一买的", "国庆下的单". */
const BOUGHT =
  /^(?:节|那天|当天|那时候?|的时候|时|期间|前|后|我|在你们?家|你们?家|[在就])*(?:买|下的?单|拍下?的|订的|购|付款|付的|抢的|收到|的订单|的单)|^.{0,6}(?:bought|ordered|purchase|order\b)/;

/** Tried before other dates, so that 双十一 is no number and "black friday" no weekday. */
export const HOLIDAYS: readonly DatePattern[] = [
  {
    pattern: new RegExp(
      `(?:(\\d{4})年|(今|明|去|后)年)?(?:的)?(?<![\\d零一二三四五六七八九十])(${CHINESE_NAMES})(?!路|街|广场|[\\d零一二三四五六七八九十百千万点块元])`,
      'g',
    ),
    read: (match, today) => {
      const [, year, which, holiday] = match;
      const own = partsOf(today.day).year;
      const shift = { 今: 0, 明: 1, 去: -1, 后: 2 }[which ?? ''];
      const said =
        year === undefined ? (shift === undefined ? undefined : own + shift) : Number(year);
      return dayOfHoliday(holiday, said, match, today);
    },
  },
  {
    pattern: new RegExp(`\\b(?:(last|next|this) )?(${ENGLISH_NAMES})\\b(?:,? (\\d{4})\\b)?`, 'g'),
    read: (match, today) => {
      const [, which, holiday, year] = match;
      const own = partsOf(today.day).year;
      const said = year === undefined ? undefined : Number(year);
      if (which === 'last') return latest(holiday, own, today);
      return dayOfHoliday(holiday, said, match, today);
    },
  },
];

function dayOfHoliday(
  holiday: string | undefined,
  year: number | undefined,
  match: RegExpExecArray,
  today: Today,
): DatePart | undefined {
  const dayIn = BY_NAME.get(holiday ?? '');
  if (dayIn === undefined) return undefined;
  if (year !== undefined) return partOf(dayIn(year));
  const own = partsOf(today.day).year;
  const rest = match.input.slice(match.index + match[0].length, match.index + match[0].length + 20);
  if (BOUGHT.test(rest)) return latest(holiday, own, today);
  const day = dayIn(own);
  return partOf(day !== undefined && day >= today.day ? day : dayIn(own + 1));
}

function latest(holiday: string | undefined, own: number, today: Today): DatePart | undefined {
  const dayIn = BY_NAME.get(holiday ?? '');
  const day = dayIn?.(own);
  return partOf(day !== undefined && day <= today.day ? day : dayIn?.(own - 1));
}

function partOf(day: number | undefined): DatePart | undefined {
  return day === undefined ? undefined : { day };
}
