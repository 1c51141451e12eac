import { expect } from 'chai';
import fc from 'fast-check';
import {
  afterRefund,
  afterSends,
  createBudgets,
  leftOf,
  withGrant,
  type Grants,
} from '../../src/channel/budget.ts';
import type { ChannelState, Json } from '../../src/store/store.ts';

function memory(): ChannelState & { readonly rows: Map<string, Json> } {
  const rows = new Map<string, Json>();
  return {
    rows,
    get: (key) => Promise.resolve(rows.get(key)),
    set: (key, value) => Promise.resolve(void rows.set(key, value)),
    delete: (key) => Promise.resolve(void rows.delete(key)),
  };
}

const act = fc.oneof(
  fc.record({
    do: fc.constant('grant' as const),
    kind: fc.constantFrom('message', 'click', 'scan'),
    sends: fc.integer({ min: 1, max: 5 }),
    lasts: fc.integer({ min: 1, max: 50 }),
  }),
  fc.record({ do: fc.constant('take' as const), n: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 30 }) }),
);

describe('budget', () => {
  it('never pays more than was granted, and all of it while it lasts', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        let grants: Grants = [];
        let now = 0;
        // The model: one counter a kind.
        const model = new Map<string, { left: number; until: number }>();
        for (const a of acts) {
          if (a.do === 'wait') now += a.ms;
          else if (a.do === 'grant') {
            const { kind, sends } = a;
            grants = withGrant(grants, { kind, sends, left: sends, until: now + a.lasts }, now);
            model.set(kind, { left: sends, until: now + a.lasts });
          } else {
            const alive = [...model.values()].filter((m) => m.until > now);
            const after = afterSends(grants, a.n, now);
            const sum = alive.reduce((s, m) => s + m.left, 0);
            expect(after !== undefined).to.equal(sum >= a.n);
            if (after === undefined) continue;
            grants = after;
            let due = a.n;
            for (const m of alive.sort((x, y) => x.until - y.until)) {
              const paid = Math.min(m.left, due);
              m.left -= paid;
              due -= paid;
            }
          }
          const sum = [...model.values()].filter((m) => m.until > now);
          expect(leftOf(grants, now)).to.equal(sum.reduce((s, m) => s + m.left, 0));
        }
      }),
    );
  });

  it('a refund gives back what was taken and not more', () => {
    const grants = withGrant([], { kind: 'message', sends: 5, left: 5, until: 100 }, 0);
    const taken = afterSends(grants, 2, 0)!;
    expect(leftOf(afterRefund(taken, 1, 0), 0)).to.equal(4);
    expect(leftOf(afterRefund(taken, 9, 0), 0)).to.equal(5);
    expect(leftOf(afterRefund(taken, 2, 100), 100)).to.equal(0);
  });

  it('stores before it lets go, and finds it again after a restart', async () => {
    const state = memory();
    let now = 1000;
    const clock = { now: () => now };
    const open = (): ReturnType<typeof createBudgets> =>
      createBudgets({ state, clock, account: 'a' });
    const budgets = open();
    expect(await budgets.take('u')).to.equal(false);
    await budgets.grant('u', { kind: 'message', sends: 2, lastsMs: 50 });
    expect(await budgets.take('u')).to.equal(true);
    expect(await open().left('u')).to.equal(1);
    expect([...state.rows.keys()]).to.deep.equal(['budget:a:u']);
    await budgets.refund('u');
    expect(await budgets.left('u')).to.equal(2);
    now += 50;
    expect(await budgets.left('u')).to.equal(0);
    expect(await open().take('u')).to.equal(false);
  });

  it('of 20 sends at once, five go', async () => {
    const budgets = createBudgets({ state: memory(), clock: { now: () => 0 }, account: 'a' });
    void budgets.grant('u', { kind: 'message', sends: 5, lastsMs: 10 });
    const taken = await Promise.all(Array.from({ length: 20 }, () => budgets.take('u')));
    expect(taken.filter(Boolean)).to.have.length(5);
    expect(taken.slice(0, 5)).to.deep.equal([true, true, true, true, true]);
  });

  it('takes several together or none', async () => {
    const budgets = createBudgets({ state: memory(), clock: { now: () => 0 }, account: 'a' });
    await budgets.grant('u', { kind: 'message', sends: 5, lastsMs: 10 });
    expect(await budgets.take('u', 6)).to.equal(false);
    expect(await budgets.take('u', 5)).to.equal(true);
  });

  it('goes on after the store failed once', async () => {
    const state = memory();
    const budgets = createBudgets({
      state: {
        ...state,
        set: (key, value) =>
          key.endsWith('broken') ? Promise.reject(new Error('disk')) : state.set(key, value),
      },
      clock: { now: () => 0 },
      account: 'a',
    });
    const grant = { kind: 'message', sends: 5, lastsMs: 10 };
    await budgets.grant('broken', grant).then(
      () => expect.fail('was granted'),
      () => undefined,
    );
    expect(await budgets.take('broken')).to.equal(false);
    await budgets.grant('u', grant);
    expect(await budgets.take('u')).to.equal(true);
  });
});
