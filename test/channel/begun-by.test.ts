import { expect } from 'chai';
import { begunBy } from '../../src/channel/begun-by.ts';

describe('what a menu key or a scene begins', () => {
  const wording = (key: string): string => {
    if (key === 'return-order.name') return '退货';
    throw new Error(`no wording ${key}`);
  };
  const map = { a: 'return-order', b: 'faq:returns.window', c: '营业时间', d: 'no-such-dialog' };

  it('is what it is mapped to: a dialog, an entry, a text', () => {
    expect(begunBy('a', map, wording)).to.deep.equal({
      kind: 'choice',
      value: 'return-order',
      text: '退货',
    });
    expect(begunBy('b', map, wording)).to.deep.equal({
      kind: 'choice',
      value: 'faq:returns.window',
      text: 'b',
    });
    expect(begunBy('c', map, wording)).to.deep.equal({ kind: 'text', text: '营业时间' });
    expect(begunBy('d', map, wording)).to.deep.equal({ kind: 'text', text: 'no-such-dialog' });
  });

  it('is what its own name says where it is not mapped', () => {
    expect(begunBy('return-order', {}, wording)?.kind).to.equal('choice');
    expect(begunBy('faq:x', {}, wording)?.kind).to.equal('choice');
    for (const key of ['poster-7', '123', '', '__proto__', 'constructor']) {
      expect(begunBy(key, {}, wording), key).to.equal(undefined);
    }
  });
});
