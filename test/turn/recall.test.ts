import { expect } from 'chai';
import {
  recallAt,
  recollect,
  RECALL_MS,
  RECALL_TURNS,
  type Recall,
} from '../../src/turn/recall.ts';

const ADDRESS = { channel: 'web', account: 'default', conversation: 'c', user: 'ann' };
const inbound = {
  id: 'm',
  address: ADDRESS,
  content: { kind: 'text', text: '查下' },
  at: 0,
} as const;

function afterOrder(): Recall {
  const recall = recallAt(undefined, { user: 'ann', at: 0, counts: true });
  recollect(recall, {
    seq: 7,
    now: 0,
    inbound,
    noted: [{ kind: 'order', id: '20261101002', items: [{ zh: '降噪耳机', en: 'Headphones' }] }],
    begun: ['order-status'],
    replies: [],
    tickets: { writes: [] },
  });
  return recall;
}

describe('what a conversation remembers', () => {
  it('is the order, its product and the task, with the message they come from', () => {
    const recall = afterOrder();
    expect(recall.order).to.deep.equal({ value: '20261101002', seq: 7, at: 0, turn: 1 });
    expect(recall.product?.value).to.deep.equal({ zh: '降噪耳机', en: 'Headphones' });
    expect(recall.task?.value).to.equal('order-status');
  });

  it('is kept for 30 minutes', () => {
    const at = (ms: number) => recallAt(afterOrder(), { user: 'ann', at: ms, counts: true }).order;
    expect(at(RECALL_MS)?.value).to.equal('20261101002');
    expect(at(RECALL_MS + 1)).to.equal(undefined);
  });

  it('is kept for ten messages of the customer; events do not count', () => {
    let recall = afterOrder();
    for (let n = 0; n < RECALL_TURNS; n += 1) {
      recall = recallAt(recall, { user: 'ann', at: 1, counts: false });
      recall = recallAt(recall, { user: 'ann', at: 1, counts: true });
    }
    expect(recall.order?.value).to.equal('20261101002');
    recall = recallAt(recall, { user: 'ann', at: 1, counts: true });
    expect(recall.order).to.equal(undefined);
  });

  it('is nobody else’s', () => {
    const recall = recallAt(afterOrder(), { user: 'bob', at: 1, counts: true });
    expect(recall).to.deep.equal({ user: 'bob', turn: 1 });
  });
});
