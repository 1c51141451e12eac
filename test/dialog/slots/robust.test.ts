import { expect } from 'chai';
import fc from 'fast-check';
import {
  address,
  bankCard,
  choice,
  confirm,
  creditCode,
  dateTime,
  email,
  idCard,
  image,
  money,
  named,
  number,
  orderNumber,
  personName,
  phone,
  quantity,
  text,
  url,
  type Slot,
} from '../../../src/dialog/slots/index.ts';
import { REASONS, said } from './said.ts';

const SLOTS: readonly Slot<unknown>[] = [
  address(),
  bankCard(),
  choice(['quality', 'wrong-item', 'changed-mind'], { optional: true }),
  confirm(),
  creditCode(),
  dateTime({ future: true }),
  email(),
  idCard(),
  money(),
  named([{ id: 'earbuds', names: ['无线耳机', 'wireless earbuds'] }]),
  image({ optional: true }),
  number({ min: 0 }),
  orderNumber({ optional: true }),
  personName(),
  phone({ any: true }),
  quantity(),
  url(),
  text({ optional: true }),
];

const WORDS = [
  '不是',
  '第',
  '一',
  '十',
  '万',
  '点',
  '半',
  '号',
  '路',
  '区',
  '周',
  '月',
  '后',
  'a',
  'and',
  'one',
  'hundred',
  'the last',
  '1',
  '2',
  '20',
  '-',
  ' ',
  '@',
  '.',
  ',',
  '。',
  '没有',
  '质量问题',
  'not ',
  '\ud800',
  '\udc00',
  '\u0301',
  '\u200b',
  '😀',
  '\u0000',
];

describe('every slot', () => {
  it('answers any text with a value or none, and quotes from the text', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((c) => String.fromCharCode(c)) }),
      fc.array(fc.constantFrom(...WORDS), { maxLength: 30 }).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(any, fc.constantFrom('zh' as const, 'en' as const), (words, lang) => {
        for (const slot of SLOTS) {
          for (const read of ['parse', 'find'] as const) {
            const parsed = slot[read](said(words, { offered: REASONS, lang }));
            if (parsed.kind === 'value') expect(words).to.include(parsed.quote);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  for (const part of [
    '十',
    '省市区1号',
    '一点',
    'one ',
    'the last ',
    '1-',
    '2 ',
    '20',
    'a@',
    'a-',
    '质量问题',
    'no ',
    '请',
    '\u0301',
    '\ud800',
    '😀',
  ]) {
    it(`comes back from 100 KB of ${JSON.stringify(part)}`, () => {
      const long = part.repeat(Math.ceil(100_000 / part.length));
      for (const slot of SLOTS) {
        expect(slot.parse(said(long, { offered: REASONS })).kind).to.be.oneOf(['value', 'none']);
        expect(slot.find(said(long, { offered: REASONS })).kind).to.be.oneOf(['value', 'none']);
      }
    });
  }
});
