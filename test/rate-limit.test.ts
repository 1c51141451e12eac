import { expect } from 'chai';
import fc from 'fast-check';
import { RequestError } from '../src/errors.ts';
import { createRateLimiter } from '../src/rate-limit.ts';

describe('createRateLimiter', () => {
  it('lets a burst through, spaces what follows, and refuses what is too far off', () => {
    const limiter = createRateLimiter({ perSecond: 10, burst: 3, maxDelayMs: 250 }, () => 0);
    const delays = Array.from({ length: 5 }, () => Math.round(limiter.delay('a')));
    expect(delays).to.deep.equal([0, 0, 0, 100, 200]);
    expect(() => limiter.delay('a'))
      .to.throw(RequestError)
      .that.includes({ status: 429, retryAfter: 1 });
    expect(limiter.delay('b')).to.equal(0);
  });

  it('recovers with time, and a refusal takes no place', () => {
    let now = 0;
    const limiter = createRateLimiter({ perSecond: 1, burst: 1, maxDelayMs: 0 }, () => now);
    limiter.delay('a');
    expect(() => limiter.delay('a')).to.throw(RequestError);
    now = 1000;
    expect(limiter.delay('a')).to.equal(0);
  });

  it('never lets more than burst + rate through in any window', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 80 }), (gaps) => {
        let now = 0;
        const limiter = createRateLimiter({ perSecond: 5, burst: 4, maxDelayMs: 1000 }, () => now);
        const at: number[] = [];
        for (const gap of gaps) {
          now += gap;
          try {
            at.push(now + limiter.delay('a'));
          } catch (error) {
            expect(error).to.be.instanceOf(RequestError);
          }
        }
        for (const from of at) {
          const inWindow = at.filter((t) => t >= from && t < from + 1000).length;
          expect(inWindow).to.be.at.most(4 + 5);
        }
      }),
    );
  });
});
