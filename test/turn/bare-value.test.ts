import { expect } from 'chai';
import { isBareNumber } from '../../src/turn/bare-value.ts';

describe('a number and nothing else', () => {
  for (const text of [
    '20261101003',
    '２０２６１１０１００３',
    '2026 1101 003',
    '那20261101004呢？',
    '换成20261101003',
    '订单号是20261101003',
    '20261101001和20261101002',
    'order no. 20261101001',
    "it's 20261101001",
    'what about 20261101001?',
  ]) {
    it(`is ${text}`, () => {
      expect(isBareNumber(text)).to.equal(true);
    });
  }
  for (const text of [
    '20261101003改地址',
    '我要退20261101003',
    '13900001234',
    '订单号是多少',
    'return 20261101001',
    '20261101001 is faulty',
    'order number',
    '',
    `${'order number '.repeat(5_000)}20261101001`,
  ]) {
    it(`is not ${text.slice(0, 40)}`, () => {
      expect(isBareNumber(text)).to.equal(false);
    });
  }
});
