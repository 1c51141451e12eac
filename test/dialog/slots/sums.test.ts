import { expect } from 'chai';
import { money, quantity } from '../../../src/dialog/slots/index.ts';
import type { Slot } from '../../../src/dialog/slots/slot.ts';
import { said } from './said.ts';

/** The value as text, `*` behind it where nothing else was said, `-reason` for none. */
function brief<T>(slot: Slot<T>, text: string, read: 'parse' | 'find' = 'parse'): string {
  const parsed = slot[read](said(text));
  if (parsed.kind === 'none') return `-${parsed.reason ?? ''}`;
  return `${slot.toText(parsed.value)}${parsed.whole ? '*' : ''}`;
}

describe('slot money', () => {
  const slot = money({ min: 1, max: 10_000 });
  const cases: readonly (readonly [string, string, string])[] = [
    ['35元', '35 CNY*', '35 CNY*'],
    ['叁佰元整', '300 CNY*', '300 CNY*'],
    ['三块五', '3.5 CNY*', '3.5 CNY*'],
    ['$20', '20 USD*', '20 USD*'],
    ['twenty dollars', '20 USD*', '20 USD*'],
    ['200', '200 CNY*', '-'],
    ['两百五', '250 CNY*', '-'],
    ['金额是1,299.50元', '1299.5 CNY*', '1299.5 CNY*'],
    ['退我50元就行，别的不要', '50 CNY', '50 CNY'],
    ['五毛', '-out-of-range', '-out-of-range'],
    ['2万元', '-out-of-range', '-out-of-range'],
    ['35元和36元', '-ambiguous', '-ambiguous'],
    ['不是35元，是36元', '36 CNY', '36 CNY'],
    ['随便', '-not-a-number', '-'],
  ];
  for (const [text, parsed, found] of cases) {
    it(`reads "${text}" as ${parsed}`, () => {
      expect(brief(slot, text)).to.equal(parsed);
      expect(brief(slot, text, 'find')).to.equal(found);
    });
  }

  it('shows the sum as each language writes it', () => {
    const value = { amount: 1299.5, currency: 'CNY' };
    expect(slot.show(value, 'zh', String)).to.equal('¥1,299.50');
    expect(slot.show(value, 'en', String)).to.equal('CN¥1,299.50');
  });

  it('takes a bare number in its own currency', () => {
    expect(brief(money({ currency: 'USD' }), '20')).to.equal('20 USD*');
  });
});

describe('slot quantity', () => {
  const slot = quantity({ min: 1, max: 100 });
  const cases: readonly (readonly [string, string, string])[] = [
    ['两件', '2 件*', '2 件*'],
    ['兩瓶', '2 瓶*', '2 瓶*'],
    ['2 boxes', '2 boxes*', '2 boxes*'],
    ['5kg', '5 kg*', '5 kg*'],
    ['3', '3*', '-'],
    ['three', '3*', '-'],
    ['我要三双，谢谢', '3 双*', '3 双*'],
    ['1000件', '-out-of-range', '-out-of-range'],
    ['两件和三件', '-ambiguous', '-ambiguous'],
    ['一部分', '-not-a-number', '-'],
  ];
  for (const [text, parsed, found] of cases) {
    it(`reads "${text}" as ${parsed}`, () => {
      expect(brief(slot, text)).to.equal(parsed);
      expect(brief(slot, text, 'find')).to.equal(found);
    });
  }

  it('shows it as each language writes it', () => {
    expect(slot.show({ amount: 2, unit: '件' }, 'zh', String)).to.equal('2件');
    expect(slot.show({ amount: 2, unit: 'boxes' }, 'en', String)).to.equal('2 boxes');
  });
});
