import { expect } from 'chai';
import fc from 'fast-check';
import { splitBytes } from '../../src/text/split.ts';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const characters = (text: string): string[] =>
  [...segmenter.segment(text)].map(({ segment }) => segment);

/** Text with what makes splitting hard: emoji families, flags, marks, sentence ends, blank lines. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '。',
        '！',
        '？',
        '. ',
        '\n',
        '\n\n',
        '\r\n',
        ' ',
        '，',
        '”',
        '……',
        'a',
        '退货',
      ),
      fc.constantFrom('👨‍👩‍👧‍👦', '🇨🇳', 'é', '👍🏽', 'ก็', '\u0300'),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    ),
    { maxLength: 300 },
  )
  .map((parts) => parts.join(''));

describe('splitBytes', () => {
  it('loses nothing, keeps to the limit and never cuts a character', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 40, max: 2048 }), (whole, max) => {
        const parts = splitBytes(whole, max);
        expect(parts.join('')).to.equal(whole);
        for (const part of parts) expect(Buffer.byteLength(part)).to.be.within(1, max);
        if (characters(whole).every((c) => Buffer.byteLength(c) <= max)) {
          expect(parts.flatMap(characters)).to.deep.equal(characters(whole));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('leaves every part but the last at least half full where no character is large', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (whole) => {
        const sizes = splitBytes(whole, 200).map((part) => Buffer.byteLength(part));
        for (const size of sizes.slice(0, -1)) expect(size).to.be.at.least(100);
      }),
    );
  });

  const cases: readonly [why: string, text: string, max: number, parts: readonly string[]][] = [
    ['nothing is no part', '', 10, []],
    ['what fits is one part', '您好', 6, ['您好']],
    ['a paragraph before a line', 'aaaa\n\nbb\ncccc', 10, ['aaaa\n\n', 'bb\ncccc']],
    ['a line before a sentence', '一。二\n三。四', 16, ['一。二\n', '三。四']],
    ['a sentence before a word', 'Go on. I do that', 12, ['Go on. ', 'I do that']],
    ['no sentence ends inside a number', 'ab 3.1415926 cd', 11, ['ab 3.141592', '6 cd']],
    ['marks and quotes stay with their sentence', '“好！？”他说了', 18, ['“好！？”', '他说了']],
    ['a dots mark of two characters stays whole', '等……然后呢', 12, ['等……', '然后呢']],
    ['a word before a cut', 'hello world', 10, ['hello ', 'world']],
    ['a cut where there is no place', 'abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['a break that leaves too little is not taken', 'a bcdefghij', 8, ['a bcdefg', 'hij']],
    ['a family stays together', 'ab👨‍👩‍👧', 18, ['ab', '👨‍👩‍👧']],
    ['a character over the limit goes by code points', '👨‍👩‍👧', 8, ['👨‍', '👩‍', '👧']],
  ];
  for (const [why, whole, max, parts] of cases) {
    it(why, () => expect(splitBytes(whole, max)).to.deep.equal(parts));
  }

  it('characters across the borders of its windows stay whole', () => {
    for (let before = 2030; before < 2060; before += 1) {
      const whole = `${'x'.repeat(before)}${'👨‍👩‍👧‍👦🇨🇳'.repeat(200)}`;
      const parts = splitBytes(whole, 2048);
      expect(parts.join('')).to.equal(whole);
      expect(parts.flatMap(characters)).to.deep.equal(characters(whole));
    }
  });

  it('is linear: one character with 50,000 marks, 200,000 characters without a place', () => {
    const marks = `a${'\u0300'.repeat(50_000)}`;
    expect(splitBytes(marks, 2048).join('')).to.equal(marks);
    expect(splitBytes('退'.repeat(200_000), 2048)).to.have.length(294);
  });
});
