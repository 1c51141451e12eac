import { expect } from 'chai';
import fc from 'fast-check';
import type { Lang } from '../../src/message.ts';
import { fold } from '../../src/text/fold.ts';
import { segment, wordList } from '../../src/text/segment.ts';

const words = (text: string, lang: Lang, own?: readonly string[]): string =>
  segment(text, lang, own === undefined ? undefined : wordList(own))
    .map((s) => s.text)
    .join('/');

describe('segment', () => {
  const chinese: readonly (readonly [string, string])[] = [
    ['我要退货', '我要/退货'],
    ['我要退貨', '我要/退货'],
    ['发票怎么开', '发票/怎么/开'],
    ['顺便开发票', '顺便/开发票'],
    ['订单号是多少', '订单号/是/多少'],
    ['快递单号', '快递单号'],
    ['用支付宝付款', '用/支付宝/付款'],
    ['我的快递什么时候到？', '我的/快递/什么时候/到'],
    ['转人工客服！！', '转/人工客服'],
    ['先别取消', '先/别/取消'],
    ['我要refund', '我要/refund'],
    ['订单２０２６１１０１００１', '订单/20261101001'],
    ['😀，。！', ''],
    ['', ''],
  ];
  for (const [text, expected] of chinese) {
    it(`cuts "${text}"`, () => {
      expect(words(text, 'zh')).to.equal(expected);
    });
  }

  it('cuts English', () => {
    expect(words("Where's my parcel? I don't see it.", 'en')).to.equal(
      "where's/my/parcel/i/don't/see/it",
    );
  });

  it('keeps own words whole, the longest at each place', () => {
    expect(words('星夜蓝手机壳多少钱', 'zh', ['星夜', '星夜蓝'])).to.equal('星夜蓝/手机壳/多少钱');
    expect(words('a gift card discarded', 'en', ['gift card', 'card'])).to.equal(
      'a/gift card/discarded',
    );
  });

  it('quotes every word as it was written', () => {
    const text = ' ＧＩＦＴ  card：退貨 ';
    const found = segment(text, 'zh', wordList(['gift card']));
    expect(found.map(({ start, end }) => text.slice(start, end))).to.deep.equal([
      'ＧＩＦＴ  card',
      '退貨',
    ]);
  });

  it('gives words in order, each folding to itself where it stands', () => {
    const unit = fc.oneof(
      fc.constantFrom(...Array.from('退貨退货开发票a1 ,，'), '👨‍👩‍👧', 'e\u0301'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
        let last = 0;
        for (const { text: word, start, end } of segment(text, 'zh')) {
          expect(start).to.be.at.least(last);
          expect(end).to.be.at.most(text.length);
          expect(fold(text.slice(start, end)).text).to.include(word);
          last = start;
        }
      }),
      { numRuns: 500 },
    );
  });

  for (const part of ['退', '开发票', 'a', 'a ', '😀', '1']) {
    it(`comes back from 100 KB of ${JSON.stringify(part)}`, () => {
      expect(segment(part.repeat(100_000 / part.length), 'zh').length).to.be.at.most(10_000);
    });
  }
});
