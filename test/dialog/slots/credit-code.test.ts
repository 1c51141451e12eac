import { expect } from 'chai';
import { creditCode } from '../../../src/dialog/slots/credit-code.ts';
import { brief, said } from './said.ts';

/** What is said, what `parse` and what `find` make of it. */
const CREDIT: readonly (readonly [string, string, string])[] = [
  ['91350100M000100Y43', '91350100M000100Y43*', '91350100M000100Y43*'],
  ['91350100m000100y43', '91350100M000100Y43*', '91350100M000100Y43*'],
  ['９１３５０１００Ｍ０００１００Ｙ４３', '91350100M000100Y43*', '91350100M000100Y43*'],
  ['9135 0100 M000 100Y 43', '91350100M000100Y43*', '91350100M000100Y43*'],
  ['税号是91350100M000100Y43', '91350100M000100Y43*', '91350100M000100Y43*'],
  ['tax id 91350100M000100Y43', '91350100M000100Y43*', '91350100M000100Y43*'],
  ['91350100M000100Y44', '-checksum', '-'],
  ['91350100M000100Y4', '-too-short', '-'],
  ['91350100M000100Y433', '-too-long', '-'],
  ['没有', '-', '-'],
  ['统一社会信用代码：91350100M000100Y43，谢谢', '91350100M000100Y43*', '91350100M000100Y43*'],
  ['my tax id is 91350100M000100Y43', '91350100M000100Y43*', '91350100M000100Y43*'],
];

describe('slot creditCode', () => {
  const slot = creditCode();
  for (const [text, parsed, found] of CREDIT) {
    it(`reads "${text}" as ${parsed}`, () => {
      expect(brief(slot.parse(said(text)))).to.equal(parsed);
      expect(brief(slot.find(said(text)))).to.equal(found);
    });
  }
});
