import { expect } from 'chai';
import { bankCard, idCard } from '../../../src/dialog/slots/index.ts';
import { brief, said } from './said.ts';

/** What is said, what `parse` and what `find` make of it. */
const ID: readonly (readonly [string, string, string])[] = [
  ['11010519491231002X', '11010519491231002X*', '11010519491231002X*'],
  ['我的身份证号码是11010519491231002x', '11010519491231002X*', '11010519491231002X*'],
  ['my id is 440305-19900307-8913', '440305199003078913*', '440305199003078913*'],
  ['４４０３０５１９９００３０７８９１３', '440305199003078913*', '440305199003078913*'],
  ['清关用440305199003078913行吗', '440305199003078913', '440305199003078913'],
  ['110105194912310021', '-checksum', '-'],
  ['11010519491231002', '-checksum', '-'],
  ['1101051949', '-wrong-length', '-'],
  ['11010519491231002X和440305199003078913', '-ambiguous', '-ambiguous'],
  ['没有', '-', '-'],
];
const BANK: readonly (readonly [string, string, string])[] = [
  ['6222021200012345679', '6222021200012345679*', '6222021200012345679*'],
  ['银行卡号：6222 0212 0001 2345 679', '6222021200012345679*', '6222021200012345679*'],
  ['my card number is 4111-1111-1111-1111', '4111111111111111*', '4111111111111111*'],
  ['please refund 4111111111111111 today', '4111111111111111', '4111111111111111'],
  ['6222021200012345678', '-checksum', '-'],
  ['62220212', '-wrong-length', '-'],
  ['不是4111111111111111，是5500000000000004', '5500000000000004', '5500000000000004'],
  ['忘了', '-', '-'],
];

for (const [name, slot, cases] of [
  ['idCard', idCard(), ID],
  ['bankCard', bankCard(), BANK],
] as const) {
  describe(`slot ${name}`, () => {
    for (const [text, parsed, found] of cases) {
      it(`reads "${text}" as ${parsed}`, () => {
        expect(brief(slot.parse(said(text)))).to.equal(parsed);
        const spotted = slot.find(said(text));
        expect(brief(spotted).replace('*', '')).to.equal(found.replace('*', ''));
      });
    }

    it('shows the ends only', () => {
      const shown = slot.show('6222021200012345679', 'zh', String);
      expect(shown).to.equal('6222***********5679');
    });
  });
}
