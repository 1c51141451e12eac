import { expect } from 'chai';
import { createKeyQueue } from '../../src/channel/key-queue.ts';

describe('a queue by key', () => {
  it('keeps the order within a key, past failures, and lets other keys go on', async () => {
    const queue = createKeyQueue();
    const done: string[] = [];
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const first = queue('a', async () => {
      await gate;
      done.push('a1');
      throw new Error('no');
    });
    const second = queue('a', () => Promise.resolve(done.push('a2')));
    await queue('b', () => Promise.resolve(done.push('b')));
    open();
    expect(await first.catch((error: unknown) => (error as Error).message)).to.equal('no');
    await second;
    expect(done).to.deep.equal(['b', 'a1', 'a2']);
  });
});
