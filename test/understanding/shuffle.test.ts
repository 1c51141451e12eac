import { expect } from 'chai';
import fc from 'fast-check';
import { blocks, seeded, shuffled, stratified } from '../../src/understanding/engine/shuffle.ts';

describe('seeded order', () => {
  it('follows from the seed alone and keeps every item', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const once = shuffled(items, seeded(seed));
        expect(shuffled(items, seeded(seed))).to.deep.equal(once);
        expect([...once].sort()).to.deep.equal([...items].sort());
      }),
    );
  });

  it('differs between seeds', () => {
    const items = Array.from({ length: 50 }, (_, i) => i);
    expect(shuffled(items, seeded(1))).to.not.deep.equal(shuffled(items, seeded(2)));
    expect(shuffled(items, seeded(1))).to.not.deep.equal(items);
  });

  it('spreads every intent evenly and leaves single lines out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c', '__proto__')),
        fc.integer({ min: 1, max: 6 }),
        (intents, count) => {
          const parts = stratified(intents, count, seeded(7));
          const all = parts.flat();
          expect(new Set(all).size).to.equal(all.length);
          for (const intent of new Set(intents)) {
            const lines = intents.filter((i) => i === intent).length;
            const held = parts.map((part) => part.filter((i) => intents[i] === intent).length);
            const sum = held.reduce((a, b) => a + b, 0);
            expect(sum).to.equal(lines < 2 ? 0 : lines);
            if (lines >= 2) expect(Math.max(...held) - Math.min(...held)).to.be.at.most(1);
          }
        },
      ),
    );
  });

  it('holds out runs of neighbours of every intent, each line once', () => {
    const many = Array.from({ length: 20 }, (_, i) => (i < 10 ? 'a' : 'b'));
    expect(blocks(many, 5)[0]).to.deep.equal([0, 1, 18, 19]);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c', '__proto__')),
        fc.integer({ min: 1, max: 6 }),
        (intents, count) => {
          const parts = blocks(intents, count);
          const all = parts.flat();
          expect(new Set(all).size).to.equal(all.length);
          for (const intent of new Set(intents)) {
            const lines = intents.flatMap((name, i) => (name === intent ? [i] : []));
            const held = parts.map((part) => part.filter((i) => intents[i] === intent));
            if (lines.length < 2) expect(held.flat()).to.deep.equal([]);
            else expect(held.flat().sort((a, b) => a - b)).to.deep.equal(lines);
            for (const run of held) {
              const at = run.map((i) => lines.indexOf(i));
              expect(at).to.deep.equal(at.map((_, i) => (at[0] ?? 0) + i));
            }
          }
        },
      ),
    );
  });
});
