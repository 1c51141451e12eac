import { expect } from 'chai';
import fc from 'fast-check';
import { analyze, detectLang } from '../../src/text/analyzer.ts';
import { fold } from '../../src/text/fold.ts';
import { syllablesOfLatin } from '../../src/text/pinyin.ts';
import { typedPinyin } from '../../src/text/sounds.ts';

const sounds = (text: string): string => analyze(text).sounds.join(', ');

describe('sounds', () => {
  /** Each line is one thing, written in several ways. */
  const alike: readonly (readonly [string, readonly string[]])[] = [
    [
      'fa piao',
      ['发票', '發票', '发piao', 'fa票', 'fapiao', 'fa piao', 'Fa Piao', 'fāpiào', '发飘'],
    ],
    ['kuai di', ['快递', '快遞', '快弟', '块递', 'kuaidi', '快di', 'kuài dì', 'ＫＵＡＩＤＩ']],
    ['tui huo', ['退货', '退貨', '退huo', 'tui货', '退火', '推货', 'tuihuo', '退 货']],
    ['yin hang', ['银行', '銀行', 'yinhang']],
    ['nv zhuang', ['女装', 'nvzhuang', 'nü zhuang', 'nǚzhuāng']],
    ['chong xin, xin kai, kai piao', ['重新开票', 'chongxin开票']],
    ['wo yao, yao tui, tui huo', ['我要退货', '我要退huo', 'wo yao tui huo', 'woyaotuihuo']],
    ['huan kuan', ['还款', 'huankuan']],
  ];
  for (const [expected, texts] of alike) {
    for (const text of texts) {
      it(`are "${expected}" for "${text}"`, () => {
        expect(sounds(text)).to.equal(expected);
      });
    }
  }

  const others: readonly (readonly [string, string])[] = [
    ['我要refund', 'wo yao'],
    ['我要change地址', 'wo yao, di zhi'],
    ['查一下dingdan,xie xie', 'cha yi, yi xia, xia ding, ding dan, xie xie'],
    ['where is my kuaidi', 'kuai di'],
    ['I want a fa piao', 'fa piao'],
    ['please change my name', ''],
    ['can he die long', ''],
    ["don't manage it", ''],
    ['wanna take a date', ''],
    ['订单20261101001退货', 'ding dan, tui huo'],
    ['退，货', ''],
    ['退35元', ''],
    ['退Ω货', ''],
    ['退', ''],
    ['👍', ''],
    ['привет', ''],
    ['', ''],
  ];
  for (const [text, expected] of others) {
    it(`are "${expected}" for "${text}"`, () => {
      expect(sounds(text)).to.equal(expected);
    });
  }

  it('are pairs of syllables, the same for the same text', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(...Array.from("退货票aeiounghfz 's,1😀")),
          maxLength: 60,
        }),
        (text) => {
          const first = analyze(text).sounds;
          expect(analyze(text).sounds).to.deep.equal(first);
          for (const pair of first) expect(pair).to.match(/^[a-z]+ [a-z]+$/);
        },
      ),
      { numRuns: 500 },
    );
  });

  for (const part of ['退', 'fa', 'fa ', 'tui货', 'a', "a'", 'x', 'xian ', 'nü', ' ']) {
    it(`come back from 100 KB of ${JSON.stringify(part)}`, () => {
      expect(analyze(part.repeat(100_000 / part.length)).sounds.length).to.be.at.most(100_000);
    });
  }
});

describe('typed pinyin', () => {
  const cuts: readonly (readonly [string, string | undefined])[] = [
    ['kuaidi', 'kuai di'],
    ['shangou', 'shan gou'],
    ['tuangou', 'tuan gou'],
    ['xian', 'xian'],
    ["xi'an", 'xi an'],
    ['yinger', 'ying er'],
    ['danhao', 'dan hao'],
    ['lǜsè', 'lv se'],
    ['refund', undefined],
    ['hello', undefined],
    ['fapix', undefined],
    ['', undefined],
  ];
  for (const [letters, expected] of cuts) {
    it(`cuts "${letters}" into ${expected ?? 'nothing'}`, () => {
      expect(syllablesOfLatin(letters)?.join(' ')).to.equal(expected);
    });
  }

  it('is quoted by its place', () => {
    const text = '我bu要tui huo，please';
    const folded = fold(text).text;
    const found = typedPinyin(folded, []).map(({ start, end }) => folded.slice(start, end));
    expect(found).to.deep.equal(['bu', 'tui', 'huo']);
  });

  const chinese = [
    'wo yao tui huo',
    'Wo yao tuihuo 20261101001',
    'women yao tui huo',
    'wo de kuaidi dao na le?',
    'qing wen fapiao zenme kai',
    'tuihuo',
    'fapiao',
    'kai fapiao',
    'TUI HUO',
    'ni hao',
  ];
  for (const text of chinese) {
    it(`makes "${text}" Chinese`, () => {
      expect(detectLang(text)).to.equal('zh');
    });
  }

  const english = [
    'Wang Xiaoming',
    'huawei mate',
    'hahaha',
    'change',
    'please change me',
    'can he die long',
    'a long sale',
    'I want fapiao',
    'fapiao please',
    'lemonade',
  ];
  for (const text of english) {
    it(`leaves "${text}" English`, () => {
      expect(detectLang(text)).to.equal('en');
    });
  }
});
