import { expect } from 'chai';
import fc from 'fast-check';
import { Slices } from '../../../src/knowledge/search/slices.ts';

describe('Slices', () => {
  it('rounds up to a quarter at most', () => {
    for (let n = 1; n < 5000; n++) {
      const room = Slices.room(n);
      expect(room).to.be.within(n, Math.max(n, n * 1.25));
      expect(Slices.room(room)).to.equal(room);
    }
  });

  it('never gives the same numbers to two, whatever was given back', () => {
    const steps = fc.array(
      fc.record({ take: fc.boolean(), size: fc.integer({ min: 1, max: 300_000 }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const slices = new Slices();
        const held: { name: number; room: number; mark: number }[] = [];
        all.forEach(({ take, size }, mark) => {
          if (take || held.length === 0) {
            const room = Slices.room(size);
            const name = slices.take(room);
            const { words, start } = slices.at(name);
            words.fill(mark, start, start + room);
            held.push({ name, room, mark });
          } else {
            const [gone] = held.splice(size % held.length, 1);
            if (gone !== undefined) slices.give(gone.name, gone.room);
          }
        });
        for (const { name, room, mark } of held) {
          const { words, start } = slices.at(name);
          expect(words[start]).to.equal(mark);
          expect(words[start + room - 1]).to.equal(mark);
          expect(start + room).to.be.at.most(words.length);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('uses again what was given back', () => {
    const slices = new Slices();
    for (let i = 0; i < 10_000; i++) slices.give(slices.take(4096), 4096);
    expect(slices.bytes).to.equal(2 ** 22);
  });

  it('holds a slice that is longer than a page', () => {
    const slices = new Slices();
    const small = slices.take(5);
    const { words, start } = slices.at(slices.take(Slices.room(3_000_000)));
    expect(words.length - start).to.be.at.least(3_000_000);
    expect(slices.at(small).words).not.to.equal(words);
  });
});
