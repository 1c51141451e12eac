import { expect } from 'chai';
import { dateTime } from '../../../src/dialog/slots/date-time.ts';
import { brief, said } from './said.ts';

/** What is said, what `parse` and what `find` make of it. */
const DATE: readonly (readonly [string, string, string])[] = [
  ['明天', '2026-11-25*', '2026-11-25*'],
  ['明天下午三点半', '2026-11-25T15:30+08:00*', '2026-11-25T15:30+08:00*'],
  ['下周五', '2026-12-04*', '2026-12-04*'],
  ['这周五', '2026-11-27*', '2026-11-27*'],
  ['三天后', '2026-11-27*', '2026-11-27*'],
  ['一小时后', '2026-11-24T11:00+08:00*', '2026-11-24T11:00+08:00*'],
  ['12月1号', '2026-12-01*', '2026-12-01*'],
  ['2026-12-01', '2026-12-01*', '2026-12-01*'],
  ['12/1', '2026-12-01*', '2026-12-01*'],
  ['昨天', '-in-the-past', '-in-the-past'],
  ['tomorrow', '2026-11-25*', '2026-11-25*'],
  ['next friday', '2026-12-04*', '2026-12-04*'],
  ['friday at 3pm', '2026-11-27T15:00+08:00*', '2026-11-27T15:00+08:00*'],
  ['in two hours', '2026-11-24T12:00+08:00*', '2026-11-24T12:00+08:00*'],
  ['dec 1', '2026-12-01*', '2026-12-01*'],
  ['1 december 2026', '2026-12-01*', '2026-12-01*'],
  ['yesterday', '-in-the-past', '-in-the-past'],
  ['明天或者后天', '-ambiguous', '-ambiguous'],
  ['不知道', '-', '-'],
  ['后天上午10点，谢谢', '2026-11-26T10:00+08:00*', '2026-11-26T10:00+08:00*'],
  ['５号', '2026-12-05*', '2026-12-05*'],
  ['晚上八點', '2026-11-24T20:00+08:00*', '-'],
  ['禮拜五下午', '2026-11-27*', '2026-11-27*'],
  ['3pm', '2026-11-24T15:00+08:00*', '-'],
  ['本月底', '2026-11-30*', '2026-11-30*'],
  ['2月30号', '-', '-'],
  ['the day after tomorrow at noon', '2026-11-26T12:00+08:00*', '2026-11-26T12:00+08:00*'],
  ['改成明天', '2026-11-25*', '2026-11-25*'],
  ['不是明天，是后天', '2026-11-26', '2026-11-26'],
  ['2020-01-01', '-in-the-past', '-in-the-past'],
];

describe('slot dateTime', () => {
  const slot = dateTime({ future: true });
  for (const [text, parsed, found] of DATE) {
    it(`reads "${text}" as ${parsed}`, () => {
      expect(brief(slot.parse(said(text)))).to.equal(parsed);
      expect(brief(slot.find(said(text)))).to.equal(found);
    });
  }

  it('may be past by default', () => {
    expect(brief(dateTime().parse(said('昨天')))).to.equal('2026-11-23*');
    expect(brief(dateTime().parse(said('3 days ago')))).to.equal('2026-11-21*');
  });

  it('shows a date in both languages', () => {
    const title = (value: string): string => value;
    expect(slot.show('2026-12-01', 'zh', title)).to.equal('2026年12月1日星期二');
    expect(slot.show('2026-12-01', 'en', title)).to.match(/^Tuesday.* 1 December 2026$/);
    expect(slot.show('2026-12-01T15:30+08:00', 'zh', title)).to.include('15:30');
  });
});
