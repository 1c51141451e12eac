import { expect } from 'chai';
import fc from 'fast-check';
import { PostingLists, slotOf, timesOf } from '../../../src/knowledge/search/postings.ts';

describe('PostingLists', () => {
  it('holds what a plain map would hold', () => {
    const steps = fc.array(
      fc.record({
        add: fc.boolean(),
        term: fc.integer({ min: 0, max: 4 }),
        slot: fc.integer({ min: 0, max: 40 }),
        times: fc.integer({ min: 0, max: 15 }),
      }),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const lists = new PostingLists();
        const model = new Map<number, Map<number, number>>();
        for (const { add, term, slot, times } of all) {
          const list = model.get(term) ?? new Map<number, number>();
          model.set(term, list);
          if (add && !list.has(slot)) {
            lists.add(term, slot, times);
            list.set(slot, times);
          } else if (!add) {
            lists.remove(term, slot, list.get(slot) ?? 0);
            list.delete(slot);
          }
        }
        for (const [term, list] of model) {
          const { words, start, end } = lists.of(term);
          const found = [...words.subarray(start, end)].map((p) => [slotOf(p), timesOf(p)]);
          expect(new Map(found as [number, number][])).to.deep.equal(list);
          expect(found).to.have.length(list.size);
        }
      }),
    );
  });

  it('counts to 15, and takes slots up to 2^28', () => {
    const lists = new PostingLists();
    lists.add(0, 2 ** 28 - 1, 99);
    const { words, start } = lists.of(0);
    expect(slotOf(words[start] ?? 0)).to.equal(2 ** 28 - 1);
    expect(timesOf(words[start] ?? 0)).to.equal(15);
  });
});
