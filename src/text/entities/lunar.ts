/** Days of the Chinese lunar calendar, 2000 to 2059. */

/**
 * A year: its leap month (low four bits, 0 for none), which of its 12 months have 30 days (bits 15 to
 * 4, from the first month on), and whether the leap month has (bit 16). Agrees with ICU's calendar but
 * for one day in 2012, 2018, 2027 and 2030, where ICU misjudges a new moon near midnight.
 */
const YEARS = [
  0x0c960, 0x0d954, 0x0d4a0, 0x0da50, 0x07552, 0x056a0, 0x0abb7, 0x025d0, 0x092d0, 0x0cab5, 0x0a950,
  0x0b4a0, 0x0baa4, 0x0ad50, 0x055d9, 0x04ba0, 0x0a5b0, 0x15176, 0x052b0, 0x0a930, 0x07954, 0x06aa0,
  0x0ad50, 0x05b52, 0x04b60, 0x0a6e6, 0x0a4e0, 0x0d260, 0x0ea65, 0x0d530, 0x05aa0, 0x076a3, 0x096d0,
  0x04afb, 0x04ad0, 0x0a4d0, 0x1d0b6, 0x0d250, 0x0d520, 0x0dd45, 0x0b5a0, 0x056d0, 0x055b2, 0x049b0,
  0x0a577, 0x0a4b0, 0x0aa50, 0x1b255, 0x06d20, 0x0ada0, 0x14b63, 0x09370, 0x049f8, 0x04970, 0x064b0,
  0x168a6, 0x0ea50, 0x06b20, 0x1a6c4, 0x0aae0,
];
const FIRST_YEAR = 2000;
/** 5 February 2000, counted from 1970-01-01. */
const FIRST_DAY = 10_992;

/**
 * The day (counted from 1970-01-01) of a lunar month and date, of the month itself and not its leap
 * month; `undefined` for years that are not known.
 * @param year the year in which the lunar year begins
 */
export function lunarDay(year: number, month: number, date: number): number | undefined {
  const at = year - FIRST_YEAR;
  const wanted = YEARS[at];
  if (wanted === undefined || at < 0) return undefined;
  let day = FIRST_DAY;
  for (const before of YEARS.slice(0, at)) day += lengthBefore(before, 13);
  return day + lengthBefore(wanted, month) + date - 1;
}

/** The days of a year's months before `month`; 13 for the whole year. */
function lengthBefore(year: number, month: number): number {
  const leap = year & 15;
  let days = 0;
  for (let m = 1; m < month; m++) {
    days += (year >> (16 - m)) & 1 ? 30 : 29;
    if (m === leap) days += year >> 16 ? 30 : 29;
  }
  return days;
}
