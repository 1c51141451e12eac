import { expect } from 'chai';
import fc from 'fast-check';
import { findAddresses } from '../../../src/text/entities/address.ts';
import { findCreditCodes, isCreditCode } from '../../../src/text/entities/credit-code.ts';
import { findDateTimes } from '../../../src/text/entities/date-time.ts';
import { findEmails } from '../../../src/text/entities/email.ts';
import type { Found } from '../../../src/text/entities/found.ts';
import { findNumbers } from '../../../src/text/entities/number.ts';
import { findOrderNumbers } from '../../../src/text/entities/order-number.ts';
import { findPhones } from '../../../src/text/entities/phone.ts';
import { findPositions } from '../../../src/text/entities/position.ts';
import { readYesNo } from '../../../src/text/entities/yes-no.ts';

const FINDERS: readonly ((text: string) => readonly Found<unknown>[])[] = [
  findAddresses,
  findCreditCodes,
  (text) => findDateTimes(text, 0),
  findEmails,
  findNumbers,
  findOrderNumbers,
  findPhones,
  findPositions,
];

const order = fc.stringMatching(/^20\d{9}$/);
const mobile = fc.stringMatching(/^1[3-9]\d{9}$/);

describe('every finder', () => {
  it('quotes the piece of the text that it points at', () => {
    const pieces = fc.constantFrom(
      '20261101001',
      '13800138000',
      '１２',
      '三十五',
      '明天',
      '第二个',
      'a@b.com',
      '杭州市文三路5号',
      ' ',
      '，',
      'the last one',
      '\ud83d',
      '😀',
      '\u200b',
      '91350100M000100Y43',
      'two',
      '是',
      '!!!!',
      '\u0301',
    );
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 12 }).map((list) => list.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, (words) => {
        for (const find of FINDERS) {
          for (const { start, end, quote } of find(words)) {
            expect(start).to.be.at.least(0);
            expect(end).to.be.within(start, words.length);
            expect(words.slice(start, end)).to.include(quote);
          }
        }
        expect(readYesNo(words)).to.be.oneOf([true, false, undefined]);
      }),
      { numRuns: 400 },
    );
  });
});

describe('order numbers and phones', () => {
  it('are told apart in one sentence', () => {
    fc.assert(
      fc.property(order, mobile, (id, phone) => {
        for (const text of [
          `订单${id}，手机${phone}`,
          `${phone} ${id}`,
          `order ${id} phone +86${phone}`,
        ]) {
          expect(
            findOrderNumbers(text).map((found) => found.value),
            text,
          ).to.deep.equal([id]);
          expect(
            findPhones(text).map((found) => found.value),
            text,
          ).to.deep.equal([phone]);
        }
      }),
    );
  });

  it('are not parts of longer runs', () => {
    fc.assert(
      fc.property(order, mobile, fc.integer({ min: 0, max: 9 }), (id, phone, digit) => {
        expect(findOrderNumbers(`${id}${digit}`)).to.deep.equal([]);
        expect(findOrderNumbers(`1${id}`)).to.deep.equal([]);
        expect(findPhones(`${phone}${digit}`)).to.deep.equal([]);
        expect(findPhones(`9${phone}`)).to.deep.equal([]);
      }),
    );
  });
});

describe('credit codes', () => {
  it('are refused with any one character changed', () => {
    const code = '91350100M000100Y43';
    expect(isCreditCode(code)).to.equal(true);
    const symbols = '0123456789ABCDEFGHJKLMNPQRTUWXY';
    for (let i = 0; i < 18; i++) {
      for (const symbol of symbols) {
        const other = code.slice(0, i) + symbol + code.slice(i + 1);
        expect(isCreditCode(other), other).to.equal(other === code);
      }
    }
    expect(isCreditCode('91350100M000100Y4')).to.equal(false);
    expect(isCreditCode('91350100I000100Y43')).to.equal(false);
  });
});

describe('addresses in sentences', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['我搬家了，新地址是杭州市西湖区文三路5号，谢谢', '杭州市西湖区文三路5号'],
    ['订单20261101001地址改成南京市鼓楼区中山路1号', '南京市鼓楼区中山路1号'],
    ['please ship it to 12 Nanjing Road, Huangpu District', '12 Nanjing Road, Huangpu District'],
    ['我在上海市浦东新区，订单20261101001还没到', undefined],
    ['我在超市买的东西坏了3个', undefined],
    ['广州市天河区', undefined],
    ['我要改地址', undefined],
    ['第2号订单', undefined],
    ['my order is in the wrong place', undefined],
  ];
  for (const [text, address] of cases) {
    it(`finds ${address ?? 'none'} in "${text}"`, () => {
      expect(findAddresses(text)[0]?.value).to.equal(address);
    });
  }
});
