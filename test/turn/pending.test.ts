import { expect } from 'chai';
import { enqueue, MOST_PENDING, PENDING_MS, stillWaiting } from '../../src/turn/pending.ts';

const task = (dialog: string, at = 0) => ({ dialog, options: {}, at });

describe('tasks that wait', () => {
  it('wait in order, each once, and three at most', () => {
    const queue = enqueue([task('a'), task('b')], [task('a', 5), task('c'), task('d')]);
    expect(queue.map((p) => p.dialog)).to.deep.equal(['b', 'a', 'c']);
    expect(queue).to.have.length(MOST_PENDING);
  });

  it('are forgotten after 30 minutes', () => {
    const queue = [task('a', 0), task('b', 10)];
    expect(stillWaiting(queue, PENDING_MS)).to.deep.equal(queue);
    expect(stillWaiting(queue, PENDING_MS + 1).map((p) => p.dialog)).to.deep.equal(['b']);
    expect(stillWaiting(undefined, 0)).to.deep.equal([]);
  });
});
