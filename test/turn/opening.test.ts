import { expect } from 'chai';
import { told } from '../../src/turn/opening.ts';

const NAMES = ['投诉', 'complaint'];

describe('what the first sentence tells', () => {
  for (const text of [
    '我要投诉，快递员把包裹扔在门口',
    '我要投诉送货员骂人',
    '等了一周没人理我，投诉你们',
    'the courier threw my parcel over the fence, I want to complain',
    'nobody has answered me for a week',
  ]) {
    it(`${text}: all of it`, () => {
      expect(told(text, NAMES)).to.equal(text);
    });
  }
  for (const text of [
    '我要投诉',
    '投诉快递员',
    '我要投诉，订单号20261101008，我的手机号13900001234',
    '你好，我想投诉一件事',
    'I want to complain',
    'file a complaint about order 20261101004',
    'hi, I need to complain about something',
  ]) {
    it(`${text}: nothing`, () => {
      expect(told(text, NAMES)).to.equal(undefined);
    });
  }
});
