import { expect } from 'chai';
import fc from 'fast-check';
import { findNames, lexiconOf } from '../../../src/text/entities/lexicon.ts';

const lexicon = lexiconOf([
  { id: 'earbuds', type: 'product', names: ['无线耳机', 'wireless earbuds'] },
  { id: 'mouse', names: ['鼠标', 'mouse'] },
  { id: 'lamp', names: ['护眼台灯', 'lamp'] },
  { id: 'tv', names: ['tv'] },
]);

const found = (text: string): string =>
  findNames(text, lexicon)
    .map(({ quote, value }) => `${quote}=${value.id}${value.distance > 0 ? value.distance : ''}`)
    .join(' ');

describe('findNames', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a name', '无线耳机和鼠标', '无线耳机=earbuds 鼠标=mouse'],
    ['a name in traditional characters', '無線耳機', '無線耳機=earbuds'],
    ['a name in capitals', 'Wireless EARBUDS', 'Wireless EARBUDS=earbuds'],
    ['characters that sound alike', '无线耳鸡', '无线耳鸡=earbuds'],
    ['a wrong character of four', '无线耳环', '无线耳环=earbuds1'],
    ['a letter too few', 'wirless earbuds', 'wirless earbuds=earbuds1'],
    ['two wrong letters of many', 'wirles earbuds', 'wirles earbuds=earbuds2'],
    ['swapped letters', 'wirelses earbuds', 'wirelses earbuds=earbuds1'],
    ['a letter wrong of four', 'lump', 'lump=lamp1'],
    ['the exact one of two that overlap', '护眼台灯lamp', '护眼台灯=lamp lamp=lamp'],
    ['no part of a word', 'lampshade', ''],
    ['no three wrong letters', 'wrles earbud', ''],
    ['no short name with a letter wrong', 'tb', ''],
    ['no wrong character of two', '鼠年', ''],
    ['no two wrong characters of four', '无线音箱', ''],
    ['nothing in nothing', '', ''],
  ];
  for (const [what, text, expected] of cases) {
    it(`finds ${what}: ${text}`, () => {
      expect(found(text)).to.equal(expected);
    });
  }

  it('finds every name wherever it stands', () => {
    const text = fc.constantFrom('', '我的', '坏了，', 'my ', ' is broken', '。');
    fc.assert(
      fc.property(text, text, (before, after) => {
        for (const name of ['无线耳机', '护眼台灯']) {
          const all = findNames(`${before}${name}${after}`, lexicon);
          expect(all.map(({ quote }) => quote)).to.include(name);
        }
      }),
    );
  });

  it('finds a name that is written right among thousands that begin like it', () => {
    const many = lexiconOf(
      Array.from({ length: 5000 }, (_, i) => ({
        id: `p${i}`,
        names: [`智能产品${i}号`, `smart product ${i} x`],
      })),
    );
    const found = findNames('智能产品4711号和 Smart Product 4999 X', many);
    expect(found.map(({ value }) => [value.id, value.distance])).to.deep.equal([
      ['p4711', 0],
      ['p4999', 0],
    ]);
  });
});
