import { expect } from 'chai';
import { number } from '../../../src/dialog/slots/number.ts';
import { brief, said } from './said.ts';

const NUMBER: readonly (readonly [string, string])[] = [
  ['3', '3*'],
  ['３件', '3*'],
  ['两个', '2*'],
  ['兩個', '2*'],
  ['三十五', '35*'],
  ['twenty-five', '25*'],
  ['a dozen', '12*'],
  ['two please', '2*'],
  ['我要3个', '3*'],
  ['0', '-out-of-range'],
  ['100', '-out-of-range'],
  ['1.5', '-not-a-number'],
  ['一个半', '-not-a-number'],
  ['许多', '-not-a-number'],
  ['2个和3个', '-ambiguous'],
  ['贰拾', '20*'],
  ['要两件，谢谢', '2*'],
  ['I want five of them', '5*'],
  ['about 12', '12*'],
  ['第二个', '-not-a-number'],
  ['99', '99*'],
  ['I need three pieces because the first broke', '3'],
  ['廿五', '25*'],
  ['十', '10*'],
  ['one', '1*'],
];

describe('slot number', () => {
  const slot = number({ min: 1, max: 99, integer: true });
  for (const [text, parsed] of NUMBER) {
    it(`reads "${text}" as ${parsed}`, () => {
      expect(brief(slot.parse(said(text)))).to.equal(parsed);
      expect(slot.find(said(text))).to.deep.equal({ kind: 'none' });
    });
  }

  it('takes any number by default', () => {
    expect(brief(number().parse(said('一个半')))).to.equal('1.5*');
    expect(brief(number().parse(said('-1,234.5')))).to.equal('-1234.5*');
    expect(brief(number().parse(said('1.5万')))).to.equal('15000*');
  });
});
