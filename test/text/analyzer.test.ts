import { expect } from 'chai';
import fc from 'fast-check';
import { analyze, cap, detectLang } from '../../src/text/analyzer.ts';

const terms = (text: string): string => analyze(text).terms.join('|');

describe('analyze', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['退货', '退|货|退货'],
    ['退 貨', '退|货|退货'],
    ['退，货', '退|货'],
    ['怎么退？', '怎|么|怎么|退|么退|?'],
    ['3件', '3|件|3件'],
    ['退iPhone', '退|iphone|退iphone'],
    ['Where is it?', 'where|is|where is|it|is it|?'],
    ["don't", 'dont'],
    ['sooooo gooood', 'so|good|so good'],
    ['pleaaaase!!!', 'please|!'],
    ['XXXL AAA', 'xxxl|aaa|xxxl aaa'],
    ['refund, please!', 'refund|please|!'],
    ['e-mail', 'e|mail|e mail'],
    ['1.5 kg', '1.5|kg|1.5 kg'],
    ['订单20261101001', '订|单|订单|<order>|单<order>'],
    ['2026 1101 001', '<order>'],
    ['order 20261101001', 'order|<order>|order <order>'],
    ['138-0013-8000', '<phone>'],
    ['+86 13800138000', '<phone>'],
    ['a.b@qq.com', '<email>'],
    ['http://a.cn/x?y=1', '<url>'],
    ['www.example.com', '<url>'],
    ['123456789', '<number>'],
    ['SF1234567890', '<code>'],
    ['iphone15', 'iphone15'],
    ['2026-12-01 100元', '2026|12|2026 12|01|12 01|<amount>|01 <amount>'],
    ['', ''],
    ['😀', ''],
    ['привет мир', 'привет|мир|привет мир'],
  ];
  for (const [text, expected] of cases) {
    it(`cuts "${text}"`, () => {
      expect(terms(text)).to.equal(expected);
    });
  }

  it('reads traditional, full-width and shouted text alike', () => {
    expect(analyze('我要退貨！！！').terms).to.deep.equal(analyze('我要退货!').terms);
    expect(analyze('ＷＨＥＲＥ IS IT').terms).to.deep.equal(analyze('where is it').terms);
  });

  it('keeps the text and takes a language as given', () => {
    expect(analyze('OK', 'zh')).to.include({ text: 'OK', normalised: 'ok', lang: 'zh' });
    expect(analyze('12').lang).to.equal('zh');
  });

  it('gives the same for the same text, and terms without spaces at their ends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const first = analyze(text);
        expect(analyze(text)).to.deep.equal(first);
        for (const term of first.terms) expect(term).to.equal(term.trim()).and.not.equal('');
      }),
    );
  });

  for (const part of ['a', '1', '1 ', '1-', 'a@', 'www.', 'http://', "a'", '1.', '退', '?', '😀']) {
    it(`comes back from 100 KB of ${JSON.stringify(part)}`, () => {
      expect(analyze(part.repeat(100_000 / part.length)).terms.length).to.be.at.most(200_000);
    });
  }
});

describe('detectLang', () => {
  const cases: readonly (readonly [string, 'zh' | 'en' | undefined])[] = [
    ['退货', 'zh'],
    ['我要refund', 'zh'],
    ['Where is 我的快递', 'zh'],
    ['refund', 'en'],
    ['OK', 'en'],
    ['ＲＥＦＵＮＤ', 'en'],
    ['ｒｅｔｕｒｎ　ｍｙ　ｏｒｄｅｒ', 'en'],
    ['𝐫𝐞𝐟𝐮𝐧𝐝', 'en'],
    ['ｗｏ　ｙａｏ　ｔｕｉ　ｈｕｏ', 'zh'],
    ['ＳＦ１２３', undefined],
    ['SF123', undefined],
    ['SF-123456', undefined],
    ['a@b.com', undefined],
    ['https://example.com/abc', undefined],
    ['my code is SF123', 'en'],
    ['20261101001', undefined],
    ['👍', undefined],
    ['', undefined],
  ];
  for (const [text, lang] of cases) {
    it(`says ${lang ?? 'nothing'} to "${text}"`, () => {
      expect(detectLang(text)).to.equal(lang);
    });
  }
});

describe('cap', () => {
  it('cuts between characters', () => {
    expect(cap('abc', 2)).to.equal('ab');
    expect(cap('a😀b', 2)).to.equal('a');
    expect(cap('a😀b', 3)).to.equal('a😀');
    expect(cap('短')).to.equal('短');
    expect(cap('x'.repeat(5000)).length).to.equal(2000);
  });
});
