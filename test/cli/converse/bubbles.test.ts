import { expect } from 'chai';
import { shownBubble } from '../../../src/cli/converse/bubbles.ts';

const bubble = { id: '1', at: 0, kind: 'text', by: 'active', items: [] } as const;

describe('cli/converse: bubbles', () => {
  it('offer the items that can be tapped', () => {
    const shown = shownBubble({ ...bubble, text: '1. a', items: [{ id: 'x', title: 'X' }] });
    expect(shown.choices).to.deep.equal([{ value: 'x', title: 'X', by: 'tap' }]);
  });

  it('offer numbered lines where nothing can be tapped', () => {
    const text = 'Which one?\n1. Broken\n２. no\n12、坏了\n3 apples\n4) Late ';
    expect(shownBubble({ ...bubble, text }).choices).to.deep.equal([
      { value: '1', title: 'Broken', by: 'number' },
      { value: '12', title: '坏了', by: 'number' },
      { value: '4', title: 'Late', by: 'number' },
    ]);
  });

  it('offer nothing in plain words', () => {
    expect(shownBubble({ ...bubble, text: 'Hello\n\nthere' })).to.not.have.property('choices');
  });
});
