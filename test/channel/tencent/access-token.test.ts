import { expect } from 'chai';
import { createAccessToken } from '../../../src/channel/tencent/access-token.ts';

function setUp(): {
  token: ReturnType<typeof createAccessToken>;
  asked: () => number;
  go: (seconds: number) => void;
  fail: (error: Error | undefined) => void;
} {
  let now = 0;
  let asked = 0;
  let failure: Error | undefined;
  const token = createAccessToken({
    clock: { now: () => now },
    ask: async () => {
      asked += 1;
      const mine = `token-${asked}`;
      await new Promise((resolve) => setImmediate(resolve));
      if (failure) throw failure;
      return { token: mine, expiresIn: 7200 };
    },
  });
  return {
    token,
    asked: () => asked,
    go: (seconds) => void (now += seconds * 1000),
    fail: (error) => void (failure = error),
  };
}

describe('access token', () => {
  it('50 callers at the moment of expiry make one call', async () => {
    const { token, asked, go } = setUp();
    await token.get();
    go(7200);
    const all = await Promise.all(Array.from({ length: 50 }, () => token.get()));
    expect(new Set(all)).to.deep.equal(new Set(['token-2']));
    expect(asked()).to.equal(2);
  });

  it('is renewed 300 s before its end, not earlier', async () => {
    const { token, go } = setUp();
    await token.get();
    go(6899);
    expect(await token.get()).to.equal('token-1');
    go(1);
    expect(await token.get()).to.equal('token-2');
  });

  it('a refused token is dropped once, however many report it', async () => {
    const { token, asked } = setUp();
    const first = await token.get();
    token.drop(first);
    const second = await token.get();
    token.drop(first);
    expect(await token.get()).to.equal(second);
    expect(asked()).to.equal(2);
  });

  it('a failed renewal leaves the old token while it holds, and is told', async () => {
    const { token, go, fail } = setUp();
    await token.get();
    go(7000);
    fail(new Error('down'));
    expect(await token.get()).to.equal('token-1');
    expect(token.fault).to.be.instanceOf(Error);
    go(200);
    const failed = await token.get().then(
      () => 'got one',
      (error: unknown) => (error as Error).message,
    );
    expect(failed).to.equal('down');
    fail(undefined);
    expect(await token.get()).to.match(/^token-/);
    expect(token.fault).to.equal(undefined);
  });
});
