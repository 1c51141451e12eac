import type { ChannelState, Clock, Json } from '../store/store.ts';
import { createKeyQueue } from './key-queue.ts';
import { Lru } from './lru.ts';

/** Sends that a customer's act has paid for. */
export interface Grant {
  /** What granted it: `message`, `click`, … A new one of the same kind replaces the old. */
  readonly kind: string;
  readonly sends: number;
  readonly left: number;
  /** When it ends, in ms. */
  readonly until: number;
}

/** All grants of one customer. */
export type Grants = readonly Grant[];

/** The grants with one more; those that are over go. */
export function withGrant(grants: Grants, grant: Grant, now: number): Grants {
  return [...live(grants, now).filter((g) => g.kind !== grant.kind), grant];
}

/** Sends that are left now. */
export function leftOf(grants: Grants, now: number): number {
  return live(grants, now).reduce((sum, g) => sum + g.left, 0);
}

/** The grants after `n` sends, `undefined` where they don't suffice. The one that ends soonest pays first. */
export function afterSends(grants: Grants, n: number, now: number): Grants | undefined {
  if (leftOf(grants, now) < n) return undefined;
  let due = n;
  return live(grants, now)
    .toSorted((a, b) => a.until - b.until)
    .map((g) => {
      const paid = Math.min(g.left, due);
      due -= paid;
      return { ...g, left: g.left - paid };
    });
}

/** The grants after `n` sends turned out not to have happened. */
export function afterRefund(grants: Grants, n: number, now: number): Grants {
  let back = n;
  return live(grants, now)
    .toSorted((a, b) => a.until - b.until)
    .map((g) => {
      const returned = Math.min(g.sends - g.left, back);
      back -= returned;
      return { ...g, left: g.left + returned };
    });
}

function live(grants: Grants, now: number): Grants {
  return grants.filter((g) => g.until > now);
}

/** The sends that customers' acts have paid for, kept in the channel's state. */
export interface Budgets {
  /** @param grant `lastsMs` from now; replaces the live grant of the same kind */
  grant(user: string, grant: { kind: string; sends: number; lastsMs: number }): Promise<void>;
  left(user: string): Promise<number>;
  /**
   * Takes `n` (default 1) all at once, on disk when it resolves: call it before the send.
   * @returns `false` where they don't suffice; nothing was taken
   */
  take(user: string, n?: number): Promise<boolean>;
  /** Gives back what was taken for a send that surely did not happen. */
  refund(user: string, n?: number): Promise<void>;
}

/** Customers whose grants are kept in memory too. */
const MAX_KEPT = 10_000;

/** Opens the budgets of one account. Keys: `budget:<account>:<user>`. Calls for one user run in order. */
export function createBudgets(parts: {
  readonly state: ChannelState;
  readonly clock: Clock;
  readonly account: string;
}): Budgets {
  const { state, clock, account } = parts;
  const kept = new Lru<Grants>(MAX_KEPT);
  const inLine = createKeyQueue();

  async function read(user: string): Promise<Grants> {
    const known = kept.get(user) ?? grantsOf(await state.get(`budget:${account}:${user}`));
    kept.set(user, known);
    return known;
  }

  async function write(user: string, grants: Grants): Promise<void> {
    await state.set(
      `budget:${account}:${user}`,
      grants.map((g) => ({ ...g })),
    );
    kept.set(user, grants);
  }

  return {
    grant: (user, { kind, sends, lastsMs }) =>
      inLine(user, async () => {
        const now = clock.now();
        const grant = { kind, sends, left: sends, until: now + lastsMs };
        await write(user, withGrant(await read(user), grant, now));
      }),
    left: (user) => inLine(user, async () => leftOf(await read(user), clock.now())),
    take: (user, n = 1) =>
      inLine(user, async () => {
        const after = afterSends(await read(user), n, clock.now());
        if (after === undefined) return false;
        await write(user, after);
        return true;
      }),
    refund: (user, n = 1) =>
      inLine(user, async () => write(user, afterRefund(await read(user), n, clock.now()))),
  };
}

function grantsOf(value: Json | undefined): Grants {
  return Array.isArray(value) ? (value as Grants) : [];
}
