import { expect } from 'chai';
import { labelOf, suggested } from '../../src/turn/labels.ts';

describe('labels', () => {
  const offer = suggested('邮费 li@example.com', 'zh', ['delivery.cost', 'returns.cost'], 1000);

  it('hold the words, the entry and what was offered', () => {
    expect(labelOf(offer, 'returns.cost', 2000)).to.deep.equal({
      text: '邮费 ***',
      lang: 'zh',
      entry: 'returns.cost',
      offered: ['delivery.cost', 'returns.cost'],
      at: 2000,
    });
  });

  it('hold no half of a private number where a long text is cut', () => {
    const text = `${'退'.repeat(490)}13812345678`;
    expect(suggested(text, 'zh', ['a'], 0).text).to.equal(`${'退'.repeat(490)}***`);
    expect(suggested('退'.repeat(2000), 'zh', ['a'], 0).text).to.have.length(500);
  });

  it('need an offer that has the entry, words, and not to be late', () => {
    expect(labelOf(undefined, 'returns.cost', 2000)).to.equal(undefined);
    expect(labelOf(offer, 'payment.methods', 2000)).to.equal(undefined);
    expect(labelOf(suggested(' ', 'zh', ['a'], 0), 'a', 1)).to.equal(undefined);
    expect(labelOf(offer, 'returns.cost', 1000 + 30 * 60_000 + 1)).to.equal(undefined);
  });
});
