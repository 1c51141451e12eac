import { expect } from 'chai';
import fc from 'fast-check';
import { findNumbers } from '../../../src/text/entities/number.ts';

const read = (text: string): readonly number[] => findNumbers(text).map((found) => found.value);

const DIGITS = '零一二三四五六七八九';
const SECTIONS = ['', '万', '亿'];

/** Spells a number as schools teach it. */
function spellChinese(n: number): string {
  if (n === 0) return '零';
  let out = '';
  for (let i = 2; i >= 0; i--) {
    const section = Math.floor(n / 10_000 ** i) % 10_000;
    if (section === 0) continue;
    if (out !== '' && (section < 1000 || Math.floor(n / 10_000 ** (i + 1)) % 10 === 0)) out += '零';
    out += spellSection(section) + SECTIONS[i]!;
  }
  return out.replace(/零+/g, '零');
}

function spellSection(n: number): string {
  let out = '';
  for (const [value, unit] of [
    [1000, '千'],
    [100, '百'],
    [10, '十'],
    [1, ''],
  ] as const) {
    const digit = Math.floor(n / value) % 10;
    if (digit > 0) out += DIGITS.charAt(digit) + unit;
    else if (out !== '' && n % value > 0) out += '零';
  }
  return out;
}

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = ' ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

function spellEnglish(n: number): string {
  if (n < 20) return SMALL[n]!;
  if (n < 100) return TENS[Math.floor(n / 10)]! + (n % 10 === 0 ? '' : `-${SMALL[n % 10]!}`);
  if (n < 1000)
    return `${SMALL[Math.floor(n / 100)]!} hundred${n % 100 === 0 ? '' : ` and ${spellEnglish(n % 100)}`}`;
  const [value, scale] = n < 1e6 ? [1000, 'thousand'] : [1e6, 'million'];
  const rest = n % value;
  const join = rest > 0 && rest < 100 ? ' and ' : ' ';
  return `${spellEnglish(Math.floor(n / value))} ${scale}${rest === 0 ? '' : join + spellEnglish(rest)}`;
}

const UP_TO_BILLION = fc.oneof(fc.nat(999), fc.nat(99_999), fc.nat(999_999_999));

describe('findNumbers', () => {
  it('reads back what is spelled in Chinese', () => {
    fc.assert(
      fc.property(UP_TO_BILLION, (n) => {
        expect(read(`要${spellChinese(n)}个`), spellChinese(n)).to.deep.equal([n]);
      }),
      { numRuns: 500 },
    );
  });

  it('reads back what is spelled in English', () => {
    fc.assert(
      fc.property(UP_TO_BILLION, (n) => {
        expect(read(`i want ${spellEnglish(n)} pieces`), spellEnglish(n)).to.deep.equal([n]);
      }),
      { numRuns: 500 },
    );
  });

  it('reads back digits, in full width and with commas too', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), (n) => {
        const wide = Array.from(String(n), (c) =>
          String.fromCodePoint(c.charCodeAt(0) + 0xfee0),
        ).join('');
        expect(read(String(n))).to.deep.equal([n]);
        expect(read(wide)).to.deep.equal([n]);
        expect(read(n.toLocaleString('en-US'))).to.deep.equal([n]);
      }),
    );
  });

  const cases: readonly (readonly [string, readonly number[]])[] = [
    ['两个', [2]],
    ['兩件', [2]],
    ['贰佰叁拾', [230]],
    ['一个半', [1.5]],
    ['半个', [0.5]],
    ['十', [10]],
    ['三百五', [350]],
    ['两千三', [2300]],
    ['一万五', [15000]],
    ['1.5万', [15000]],
    ['1.1万', [11000]],
    ['三点一四', [3.14]],
    ['负二', [-2]],
    ['-3', [-3]],
    ['廿五', [25]],
    ['二零二六', [2026]],
    ['a dozen', [12]],
    ['half a dozen', [6]],
    ['three and a half', [3.5]],
    ['a hundred', [100]],
    ['two and three', [2, 3]],
    ['3件和5个', [3, 5]],
    ['a couple of pens', [2]],
    ['第二个', []],
    ['最后一个', []],
    ['看一下', []],
    ['万一', []],
    ['十分感谢', []],
    ['星期三', []],
    ['十二月', []],
    ['两三个', []],
    ['the second one', []],
    ['12:30', []],
    ['2026-12-01', []],
    ['20261101001234567', []],
    ['3月5号', []],
    ['an apple', []],
  ];
  for (const [text, numbers] of cases) {
    it(`finds ${numbers.length === 0 ? 'none' : numbers.join(', ')} in "${text}"`, () => {
      expect(read(text)).to.deep.equal(numbers);
    });
  }
});
