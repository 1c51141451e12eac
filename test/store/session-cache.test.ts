import { expect } from 'chai';
import { Fifo } from '../../src/store/fifo.ts';
import { SessionCache } from '../../src/store/session-cache.ts';

describe('SessionCache', () => {
  it('drops what was used longest ago when it holds too much', () => {
    const cache = new SessionCache(10);
    cache.set('a', { text: 'aaaa', version: 1 });
    cache.set('b', { text: 'bbbb', version: 1 });
    cache.get('a');
    cache.set('c', { text: 'cccc', version: 1 });
    expect(cache.get('b')).to.equal(undefined);
    expect(cache.get('a')).to.deep.equal({ text: 'aaaa', version: 1 });
    cache.drop('a');
    cache.set('d', { text: 'dddddd', version: 2 });
    expect(cache.get('c')?.text).to.equal('cccc');
    expect(cache.get('a')).to.equal(undefined);
  });

  it('holds the one last set even when it alone is too much', () => {
    const cache = new SessionCache(3);
    cache.set('a', { text: 'a', version: 1 });
    cache.set('big', { text: 'bigger', version: 1 });
    expect(cache.get('a')).to.equal(undefined);
    expect(cache.get('big')?.text).to.equal('bigger');
  });
});

describe('Fifo', () => {
  it('keeps its order however it is filled and emptied', () => {
    const fifo = new Fifo<number>();
    const out: number[] = [];
    let next = 0;
    for (let round = 0; round < 200; round += 1) {
      for (let i = 0; i < round % 7; i += 1) fifo.push(next++);
      for (let i = 0; i < round % 5 && fifo.size > 0; i += 1) out.push(fifo.shift()!);
    }
    while (fifo.size > 0) {
      expect(fifo.peek()).to.equal(out.length);
      out.push(fifo.shift()!);
    }
    expect(out).to.deep.equal(Array.from({ length: next }, (_, i) => i));
    expect(fifo.shift()).to.equal(undefined);
  });
});
