import { expect } from 'chai';
import fc from 'fast-check';
import { fit, groupsOf, joined } from '../../../channels/wecom/groups.ts';
import type { Outgoing } from '../../../src/channel/channel.ts';

const outgoing = (inbound: string, attempts = 0, key = inbound): Outgoing =>
  ({ line: { inbound }, attempts, idempotencyKey: key }) as unknown as Outgoing;
const inbounds = (groups: readonly (readonly Outgoing[])[]): string[] =>
  groups.map((group) => group.map(({ line }) => line.inbound).join(''));

describe('wecom: groups', () => {
  it('are of one message and equal tries, or of one plan', () => {
    const replies = [outgoing('a'), outgoing('a'), outgoing('b'), outgoing('b', 1), outgoing('c')];
    expect(inbounds(groupsOf(replies, () => undefined))).to.deep.equal(['aa', 'b', 'b', 'c']);
    const plan = {};
    expect(
      inbounds(groupsOf(replies, ({ line }) => (line.inbound === 'a' ? undefined : plan))),
    ).to.deep.equal(['aa', 'bbc']);
  });

  it('are joined where they follow each other, may be and were tried equally often', () => {
    const groups = ['a', 'b', 'x', 'c', 'd'].map((name) => [outgoing(name)]);
    const mayJoin = ([first]: readonly Outgoing[]): boolean => first?.line.inbound !== 'x';
    expect(inbounds(joined([...groups, [outgoing('e', 1)]], mayJoin))).to.deep.equal([
      'ab',
      'x',
      'cd',
      'e',
    ]);
  });

  it('never costs more than is left, and keeps the reserve wherever a form does', () => {
    const sizes = fc.array(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 3 }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(sizes, fc.nat(5), fc.nat(3), (each, left, reserve) => {
        const sizeOf = (count: number, density: number): number =>
          each.slice(0, count).reduce((sum, of) => sum + of[density]!, 0);
        const { density, most, count } = fit(each.length, left, reserve, sizeOf);
        expect(most).to.be.at.most(left);
        const keeps = [0, 1, 2].some((d) => sizeOf(each.length, d) <= left - reserve);
        if (keeps) expect([count, most <= left - reserve]).to.deep.equal([each.length, true]);
        if (sizeOf(1, 2) > left) expect(most).to.be.within(0, left);
        else expect(most).to.equal(sizeOf(count, density));
      }),
    );
  });
});
