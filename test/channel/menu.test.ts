import { expect } from 'chai';
import { chosen, isHashed, menuId } from '../../src/channel/menu.ts';
import type { Choice, Line } from '../../src/message.ts';

const long = 'faq:这个值不是 ASCII';

function offering(seq: number, choices?: readonly Choice[]): Line {
  const reply = { from: 'bot' as const, text: 'which?', ...(choices ? { choices } : {}) };
  return { seq, at: 0, inbound: `m${seq}`, kind: 'out', to: 0, reply };
}

describe('menu ids', () => {
  it('are the value where it fits', () => {
    expect(menuId('return-order')).to.equal('return-order');
    expect(menuId('a'.repeat(64))).to.equal('a'.repeat(64));
    expect(isHashed(menuId('faq:delivery'))).to.be.false;
  });

  it('are a hash where it does not, and where it looks like one', () => {
    for (const value of [long, 'a'.repeat(65), 'a b', '', 'h:abc']) {
      expect(menuId(value)).to.match(/^h:[0-9a-f]{32}$/);
      expect(isHashed(menuId(value))).to.be.true;
    }
    expect(menuId('a'.repeat(40), 34)).to.have.length(34);
  });

  const old: Choice = { value: long, title: '旧' };
  const lines = [
    offering(1, [old, { value: 'a', title: '甲' }]),
    offering(2, [{ value: 'b', title: '甲' }]),
    offering(3),
  ];

  it('find their choice, newest first, in older offerings too', () => {
    expect(chosen(lines, { id: menuId(long), text: '旧' })).to.equal(old);
    expect(chosen(lines, { id: 'b', text: '' })?.value).to.equal('b');
    expect(chosen(lines, { id: 'c', text: '甲' })).to.be.undefined;
  });

  it('without an id only the newest offering’s title counts', () => {
    expect(chosen(lines, { text: '甲' })?.value).to.equal('b');
    expect(chosen(lines, { text: '旧' })).to.be.undefined;
    expect(chosen([], { text: '旧' })).to.be.undefined;
  });

  it('look at 200 lines', () => {
    const many = [lines[0]!, ...Array.from({ length: 200 }, (_, i) => offering(i + 2))];
    expect(chosen(many, { id: menuId(long), text: '' })).to.be.undefined;
    expect(chosen(many.slice(0, -1), { id: menuId(long), text: '' })).to.equal(old);
  });
});
