import { expect } from 'chai';
import fc from 'fast-check';
import { dayFrom, dayOf, instantOf, isoOf, minuteOf } from '../../../src/text/entities/calendar.ts';
import { findDateTimes } from '../../../src/text/entities/date-time.ts';
import { lunarDay } from '../../../src/text/entities/lunar.ts';
import { zoneOf } from '../../../src/text/entities/zone.ts';

const NOW = Date.parse('2026-11-22T10:00:00+08:00');

describe('the lunar calendar', () => {
  /** As published by the State Council's holiday notices and the Hong Kong Observatory. */
  const days: readonly (readonly [number, number, number, string])[] = [
    [2000, 1, 1, '2000-02-05'],
    [2012, 7, 7, '2012-08-23'],
    [2020, 1, 1, '2020-01-25'],
    [2020, 8, 15, '2020-10-01'],
    [2023, 8, 15, '2023-09-29'],
    [2024, 1, 1, '2024-02-10'],
    [2025, 1, 1, '2025-01-29'],
    [2025, 5, 5, '2025-05-31'],
    [2025, 8, 15, '2025-10-06'],
    [2026, 1, 1, '2026-02-17'],
    [2027, 1, 1, '2027-02-06'],
    [2033, 8, 15, '2033-09-08'],
  ];
  for (const [year, month, date, iso] of days) {
    it(`has ${month}/${date} of ${year} on ${iso}`, () => {
      expect(isoOf({ day: lunarDay(year, month, date) ?? 0 })).to.equal(iso);
    });
  }

  it('agrees with ICU to a day', () => {
    const format = new Intl.DateTimeFormat('en-u-ca-chinese', {
      month: 'numeric',
      day: 'numeric',
      timeZone: 'UTC',
    });
    for (let year = 2000; year < 2060; year++) {
      const day = lunarDay(year, 1, 1) ?? 0;
      const near = [-1, 0, 1].map((shift) => format.format((day + shift) * 86_400_000));
      expect(near, String(year)).to.include('1/1');
    }
  });

  it('knows no other years', () => {
    expect(lunarDay(1999, 1, 1)).to.equal(undefined);
    expect(lunarDay(2060, 1, 1)).to.equal(undefined);
  });
});

describe('holidays', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['国庆', '2027-10-01'],
    ['去年国庆', '2025-10-01'],
    ['双十一', '2027-11-11'],
    ['双十一买的', '2026-11-11'],
    ['国庆下的单', '2026-10-01'],
    ['2025年春节', '2025-01-29'],
    ['清明', '2027-04-05'],
    ['除夕', '2027-02-05'],
    ['中秋节晚上八点', '2027-09-15T20:00+08:00'],
    ['母亲节', '2027-05-09'],
    ['黑五', '2026-11-27'],
    ['last christmas', '2025-12-25'],
    ["new year's eve", '2026-12-31'],
    ['mid-autumn festival', '2027-09-15'],
    ['cyber monday', '2026-11-30'],
    ['一三五一七八', ''],
    ['国庆路', ''],
  ];
  for (const [text, expected] of cases) {
    it(`reads "${text}"`, () => {
      const isos = findDateTimes(text, NOW).map(({ value }) => value.iso);
      expect(isos.join(' ')).to.equal(expected);
    });
  }
});

describe('time zones', () => {
  const zones = ['Asia/Shanghai', 'America/New_York', 'Europe/London', 'Asia/Kolkata', 'UTC'];

  it('take an instant to the clock on the wall and back', () => {
    const instants = fc.integer({ min: 0, max: 4_102_444_800 }).map((s) => s * 1000);
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (ms, name) => {
        const zone = zoneOf(name);
        const minute = Math.floor(ms / 60_000) * 60_000;
        const moment = { day: dayOf(minute, zone), minute: minuteOf(minute, zone) };
        const back = Date.parse(isoOf(moment, zone));
        // An hour that the end of summer time repeats may be either.
        expect(Math.abs(back - minute)).to.be.oneOf([0, 3_600_000]);
        expect(instantOf(moment, zone)).to.equal(back);
      }),
    );
  });

  it('know summer time', () => {
    const zone = zoneOf('America/New_York');
    const noon = (year: number, month: number, date: number): string =>
      isoOf({ day: dayFrom(year, month, date) ?? 0, minute: 720 }, zone);
    expect(noon(2026, 7, 1)).to.equal('2026-07-01T12:00-04:00');
    expect(noon(2026, 12, 1)).to.equal('2026-12-01T12:00-05:00');
  });

  it('are refused where nobody knows them', () => {
    expect(() => zoneOf('Moon/Tycho')).to.throw(RangeError);
  });
});
