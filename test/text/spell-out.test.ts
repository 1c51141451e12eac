import { expect } from 'chai';
import fc from 'fast-check';
import { spellOut } from '../../src/text/spell-out.ts';

describe('spellOut', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['wo bu yao tui huo le', '我不要退货了'],
    ['发piao怎么kai', '发票怎么开'],
    ['我要退huo', '我要退货'],
    ['我bu要退货', '我不要退货'],
    ['bie kai fapiao', '别开发票'],
    ['tuihuo', '退货'],
    ['Wo De Kuaidi shenme shihou dao?', '我的快递什么时候到?'],
    ['wǒ yào tuìhuò', '我要退货'],
    ['查一下dingdan,xie xie', '查一下订单,谢谢'],
    ['xiugai dizhi', '修改地址'],
    ['dizhi xie cuo le', '地址xiecuo了'],
    ['订单20261101001 tui huo', '订单20261101001 退货'],
  ];
  for (const [text, expected] of cases) {
    it(`writes "${text}" as "${expected}"`, () => {
      expect(spellOut(text)).to.equal(expected);
    });
  }

  for (const text of [
    '我要refund',
    'I want to return',
    '退貨！！',
    'ＯＫ',
    'change my name',
    '我的 iPhone',
    '',
  ]) {
    it(`leaves "${text}" as it is`, () => {
      expect(spellOut(text)).to.equal(text);
    });
  }

  it('never throws, and makes nothing much longer', () => {
    const unit = fc.constantFrom(
      ...Array.from("退货 aefghiopu，1'"),
      'tui',
      'huo',
      'bu',
      'fapiao',
      ' yao ',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
        expect(spellOut(text).length).to.be.at.most(Math.max(text.length, 1) * 2);
      }),
      { numRuns: 1000 },
    );
  });

  for (const part of ['tui', 'tui货', 'bu yao ', 'a', '退']) {
    it(`comes back from 100 KB of ${JSON.stringify(part)}`, () => {
      expect(spellOut(part.repeat(100_000 / part.length)).length).to.be.at.most(100_000);
    });
  }
});
