import { expect } from 'chai';
import fc from 'fast-check';
import { analyze } from '../../src/text/analyzer.ts';
import { fold } from '../../src/text/fold.ts';
import { masksOf } from '../../src/text/masks.ts';

const masked = (text: string): string => analyze(text).masked;

describe('masks', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['订单20261101001到哪了', '订单<order>到哪了'],
    ['订单２０２６１１０１００１到哪了', '订单<order>到哪了'],
    ['2026 1101 001', '<order>'],
    ['2026-11-01-001', '<order>'],
    ['二零二六一一零一零零一', '<order>'],
    ['我的手机13800138000', '我的手机<phone>'],
    ['+86 138-0013-8000', '<phone>'],
    ['一三八零零一三八零零零', '<phone>'],
    ['010-62345678', '<phone>'],
    ['400-800-1234', '<phone>'],
    ['+1 415 555 2671', '<phone>'],
    ['415-555-2671', '<phone>'],
    ['11010119900307123X', '<number>'],
    ['6222 0213 4567 8901 234', '<number>'],
    ['110101199003071234', '<number>'],
    ['SF1234567890 到了吗', '<code> 到了吗'],
    ['a.b@qq.com', '<email>'],
    ['看https://a.cn/x?y=1，退货', '看<url>,退货'],
    ['item.jd.com/1.html 这个', '<url> 这个'],
    ['WWW.Example.com', '<url>'],
    ['退35元', '退<amount>'],
    ['¥99', '<amount>'],
    ['￥１，２９９．００', '<amount>'],
    ['二十块钱', '<amount>'],
    ['退我三百块', '退我<amount>'],
    ['叁佰元', '<amount>'],
    ['三百元整', '<amount>整'],
    ['1.5万元', '<amount>'],
    ['35块5', '<amount>'],
    ['$20 refund', '<amount> refund'],
    ['US$ 20.50', '<amount>'],
    ['20 dollars please', '<amount> please'],
    ['rmb 20', '<amount>'],
    ['2026-12-01 100元', '2026-12-01 <amount>'],
    ['10-12 20-30 100元', '10-12 20-30 <amount>'],
  ];
  const plain = [
    '一块退',
    '两块布',
    '3件',
    'iphone15',
    '100个',
    '2026-12-01',
    '3.5折',
    '第一元',
    'e.g.',
  ];
  for (const [text, expected] of [...cases, ...plain.map((text) => [text, text] as const)]) {
    it(`make ${JSON.stringify(text)} ${JSON.stringify(expected)}`, () => {
      expect(masked(text)).to.equal(expected);
    });
  }

  it('stand in order, none over another, and never in two halves of a character', () => {
    const unit = fc.constantFrom(
      ...Array.from('2026 1101-.@元块二十a/:w$+，😀'),
      '.com',
      '1380013800',
      'sf',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
        const folded = fold(text).text;
        let last = 0;
        for (const { start, end } of masksOf(folded)) {
          expect(start).to.be.at.least(last);
          expect(end).to.be.greaterThan(start).and.at.most(folded.length);
          last = end;
        }
      }),
      { numRuns: 1000 },
    );
  });

  for (const part of [
    '1',
    '1 ',
    '1-',
    '1,',
    '1.',
    'a@',
    'a.',
    'www.',
    'a://',
    '二',
    '二块',
    '$',
    '元',
    'a1',
    '.c',
  ]) {
    it(`come back from 100 KB of ${JSON.stringify(part)}`, () => {
      expect(masksOf(part.repeat(100_000 / part.length)).length).to.be.at.most(50_000);
    });
  }
});
