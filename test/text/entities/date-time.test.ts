import { expect } from 'chai';
import fc from 'fast-check';
import { findDateTimes } from '../../../src/text/entities/date-time.ts';

/** A Tuesday. */
const NOW = Date.parse('2026-11-24T10:00:00+08:00');

describe('findDateTimes', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['今天', '2026-11-24'],
    ['明天下午三点半', '2026-11-25T15:30+08:00'],
    ['后天', '2026-11-26'],
    ['大后天', '2026-11-27'],
    ['昨天', '2026-11-23'],
    ['下周三', '2026-12-02'],
    ['这周五', '2026-11-27'],
    ['周五', '2026-11-27'],
    ['周一', '2026-11-30'],
    ['周末', '2026-11-28'],
    ['本月底', '2026-11-30'],
    ['月底', '2026-11-30'],
    ['晚上8点', '2026-11-24T20:00+08:00'],
    ['3月5号', '2027-03-05'],
    ['12/1', '2026-12-01'],
    ['2026-12-01', '2026-12-01'],
    ['一小时后', '2026-11-24T11:00+08:00'],
    ['三天后', '2026-11-27'],
    ['半小时后', '2026-11-24T10:30+08:00'],
    ['一个半小时后', '2026-11-24T11:30+08:00'],
    ['两个小时之后', '2026-11-24T12:00+08:00'],
    ['明天三点', '2026-11-25T15:00+08:00'],
    ['明晚8点', '2026-11-25T20:00+08:00'],
    ['今晚12点', '2026-11-25T00:00+08:00'],
    ['中午12点', '2026-11-24T12:00+08:00'],
    ['凌晨1点', '2026-11-24T01:00+08:00'],
    ['十二月一号下午两点一刻', '2026-12-01T14:15+08:00'],
    ['2026年12月1号', '2026-12-01'],
    ['明年三月五日', '2027-03-05'],
    ['5号', '2026-11-05'],
    ['三十号', '2026-11-30'],
    ['15:30', '2026-11-24T15:30+08:00'],
    ['快一点', ''],
    ['早点送', ''],
    ['下个月5号', '2026-12-05'],
    ['一周后', '2026-12-01'],
    ['两个月后', '2027-01-24'],
    ['2月30号', ''],
    ['tomorrow', '2026-11-25'],
    ['next friday', '2026-12-04'],
    ['friday at 3pm', '2026-11-27T15:00+08:00'],
    ['in two hours', '2026-11-24T12:00+08:00'],
    ['dec 1', '2026-12-01'],
    ['1 december 2026', '2026-12-01'],
    ['december 1st, 2026 at 9:30 am', '2026-12-01T09:30+08:00'],
    ['day after tomorrow', '2026-11-26'],
    ['at 3', '2026-11-24T15:00+08:00'],
    ['half past three', '2026-11-24T15:30+08:00'],
    ['noon', '2026-11-24T12:00+08:00'],
    ['3 days ago', '2026-11-21'],
    ['tomorrow afternoon at 5', '2026-11-25T17:00+08:00'],
    ['end of month', '2026-11-30'],
    ['this weekend', '2026-11-28'],
    ['monday', '2026-11-30'],
    ['tonight at 8', '2026-11-24T20:00+08:00'],
    ['明天下午', '2026-11-25'],
    ['明早9点', '2026-11-25T09:00+08:00'],
    ['2026/12/1 14:30', '2026-12-01T14:30+08:00'],
    ['12月1日14:00', '2026-12-01T14:00+08:00'],
    ['九点', '2026-11-24T09:00+08:00'],
    ['三点五十', '2026-11-24T15:50+08:00'],
    ['下午3點', '2026-11-24T15:00+08:00'],
    ['星期天', '2026-11-29'],
    ['禮拜五', '2026-11-27'],
    ['may 5', '2027-05-05'],
    ['周三上午10点到12点', '2026-11-25T10:00+08:00 2026-11-24T12:00+08:00'],
    ['2 weeks later', '2026-12-08'],
    ['midnight', '2026-11-25T00:00+08:00'],
    ['tomorrow at 10:30', '2026-11-25T10:30+08:00'],
  ];
  for (const [text, expected] of cases) {
    it(`reads "${text}"`, () => {
      const isos = findDateTimes(text, NOW).map((found) => found.value.iso);
      expect(isos.join(' ')).to.equal(expected);
    });
  }

  it('says what was missing', () => {
    expect(findDateTimes('晚上8点', NOW)[0]!.value).to.include({ hasDate: false, hasTime: true });
    expect(findDateTimes('明天', NOW)[0]!.value).to.include({ hasDate: true, hasTime: false });
  });

  it('takes the next one where it must not be past', () => {
    const next = (text: string): string | undefined =>
      findDateTimes(text, NOW, { future: true })[0]?.value.iso;
    expect(next('5号')).to.equal('2026-12-05');
    expect(next('早上8点')).to.equal('2026-11-25T08:00+08:00');
    expect(next('3月5号')).to.equal('2027-03-05');
    expect(next('11月20日')).to.equal('2027-11-20');
  });

  it('knows the day in China, whatever the zone of the machine', () => {
    const evening = Date.parse('2026-11-24T17:00:00Z');
    expect(findDateTimes('今天', evening)[0]!.value.iso).to.equal('2026-11-25');
    expect(findDateTimes('tomorrow', evening)[0]!.value.iso).to.equal('2026-11-26');
  });

  it('reads back any written date', () => {
    const days = fc.date({
      min: new Date('2000-01-01'),
      max: new Date('2099-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(days, (date) => {
        const iso = date.toISOString().slice(0, 10);
        const [year, month, day] = iso.split('-').map(Number);
        for (const text of [
          iso,
          iso.replaceAll('-', '/'),
          `${year}年${month}月${day}日`,
          `${year}年${month}月${day}号`,
        ]) {
          expect(
            findDateTimes(text, NOW).map((found) => found.value.iso),
            text,
          ).to.deep.equal([iso]);
        }
      }),
    );
  });
});
