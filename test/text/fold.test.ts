import { expect } from 'chai';
import fc from 'fast-check';
import { fold, placeOf, quoteOf } from '../../src/text/fold.ts';

const ANY = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((c) => String.fromCharCode(c)) }),
);

/** What is dropped, joined, composed, doubled by folding, and what is not, side by side. */
const SPECIAL = fc.string({
  unit: fc.constantFrom(
    ...Array.from('aＡ１1 !！。訂订退😀①ﬁ²İßΣς哈零🏻👨薴'),
    ...['\u0301', '\u0323', '\u200b', '\u200d', '\ufe0f', '\u034f', '\u{e0020}', '\u{e0100}'],
    ...[
      'ｶ',
      '\uff9e',
      'か',
      '\u3099',
      '\u1100',
      '\u1161',
      '\u11a8',
      '가',
      '\ud800',
      '\udc00',
      '\r\n',
    ],
  ),
  maxLength: 60,
});

/** Neither end is inside a character of the original, a run of one character, or before a mark. */
function atEdges(folded: string, offsets: Uint32Array, start: number, end: number): boolean {
  const whole = (i: number): boolean => i === 0 || offsets[i] !== offsets[i - 1];
  const apart = (i: number): boolean => {
    const points = [folded.codePointAt(i), Array.from(folded.slice(0, i)).at(-1)?.codePointAt(0)];
    return points[0] !== points[1];
  };
  const inside = (i: number): boolean => /^[\udc00-\udfff\p{M}]/u.test(folded.slice(i));
  return [start, end].every((i) => whole(i) && apart(i) && !inside(i));
}

describe('fold', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['ＡＢＣ１２３！', 'abc123!'],
    ['訂單編號', '订单编号'],
    ['後天還沒收到貨，為什麼？', '后天还没收到货,为什么?'],
    ['  a \t\n b  ', 'a b'],
    ['好！！！！！', '好!'],
    ['哈哈哈哈哈哈', '哈哈哈'],
    ['sooooo', 'sooo'],
    ['1000000', '1000000'],
    ['don’t “go” — now', `don't "go" - now`],
    ['①②', '12'],
    ['2️⃣', '2'],
    ['a\u200bb\u0000c\ufeff', 'abc'],
    ['\ud800x\udc00', 'x'],
    ['e\u0301', 'é'],
    ['ﬁ', 'fi'],
    ['妳', '你'],
    ['http://x', 'http://x'],
    ['退货？？？！！', '退货?!'],
    ['ｶﾞｯﾂ', 'ガッツ'],
    ['㈱①⑳Ⅳ', '(株)120iv'],
    ['👨\u200d👩\u200d👧', '👨👩👧'],
    ['❤\ufe0f✔\ufe0e', '❤✔'],
    ['😡😡😡😡😡😡退', '😡😡😡退'],
    ['\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}', '\u{1f3f4}'],
    ['a\u034f\u3164\u115fb', 'ab'],
    ['e\u{e0020}\u0301', 'é'],
    ['乾燥機發貨後裡麵乾麵條', '干燥机发货后里面干面条'],
    ['', ''],
  ];
  for (const [text, folded] of cases) {
    it(`spells ${JSON.stringify(text)} as ${JSON.stringify(folded)}`, () => {
      expect(fold(text).text).to.equal(folded);
    });
  }

  it('tells where each character came from', () => {
    fc.assert(
      fc.property(ANY, (text) => {
        const folded = fold(text);
        expect(folded.offsets.length).to.equal(folded.text.length + 1);
        let last = 0;
        for (const offset of folded.offsets) {
          expect(offset).to.be.within(last, text.length);
          last = offset;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is the same again for what is folded', () => {
    fc.assert(
      fc.property(fc.oneof(ANY, SPECIAL), (text) => {
        const once = fold(text).text;
        expect(fold(once).text).to.equal(once);
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same again for every character, alone, behind a letter and before a mark', () => {
    for (let point = 1; point < 0x30000; point++) {
      const char = String.fromCodePoint(point);
      for (const text of [char, `か${char}`, `${char}\u0301`]) {
        const once = fold(text).text;
        if (fold(once).text !== once) expect.fail(`U+${point.toString(16)} in ${text}`);
      }
    }
  });

  it('quotes what folds to the span that is quoted', () => {
    const spans = fc.tuple(fc.oneof(ANY, SPECIAL), fc.nat(100), fc.nat(100));
    fc.assert(
      fc.property(spans, ([text, one, other]) => {
        const { text: folded, offsets } = fold(text);
        const [start, end] = [Math.min(one, other), Math.max(one, other)].map((n) =>
          Math.min(n, folded.length),
        ) as [number, number];
        const place = placeOf(text, offsets, start, end);
        expect(place.end).to.be.within(place.start, text.length);
        const back = fold(text.slice(place.start, place.end)).text;
        expect(back).to.include(folded.slice(start, end).trim());
        if (atEdges(folded, offsets, start, end)) {
          expect(back).to.equal(folded.slice(start, end).trim());
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves no control character, lone surrogate or double space', () => {
    fc.assert(
      fc.property(ANY, (text) => {
        expect(fold(text).text).not.to.match(/[\p{Cc}\u200b\ufeff]|\p{Surrogate}| {2}|^ | $/u);
      }),
      { numRuns: 500 },
    );
  });

  it('quotes the original', () => {
    const text = '  我的訂單：２０２６  １１０１！！';
    const folded = fold(text);
    const start = folded.text.indexOf('2026');
    expect(quoteOf(text, folded.offsets, start, start + 9)).to.equal('２０２６  １１０１');
    expect(quoteOf(text, folded.offsets, 0, folded.text.length)).to.equal(text.trim());
  });

  for (const part of [
    'a',
    '訂',
    '\u0301',
    'e\u0301',
    '\ud800',
    '😀',
    ' ',
    '!',
    '\u1100',
    '\u200d',
    'a\u200d',
    '\u{e0020}',
    'ｶﾞ',
  ]) {
    it(`comes back from 100 KB of ${JSON.stringify(part)}`, () => {
      expect(fold(part.repeat(100_000 / part.length)).text.length).to.be.at.most(100_000);
    });
  }
});
