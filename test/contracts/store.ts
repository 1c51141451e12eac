/** What every engine of the store promises; an engine's test calls {@link storeContract}. */
import type { Inbound, Reply } from '../../src/message.ts';
import type { Claim, Store, Unit } from '../../src/store/store.ts';
import { batchContract } from './store-batches.ts';
import { channelStateContract } from './store-channel-state.ts';
import { historyContract } from './store-history.ts';
import { inboxContract } from './store-inbox.ts';
import { outboxContract } from './store-outbox.ts';
import { rowsContract } from './store-rows.ts';

/** A clock that stands until it is told to go. */
export class HandClock {
  #now = Date.UTC(2026, 10, 22, 2);

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

/** One place where a store lives; `open` again after `close` is a restart on the same data. */
export interface StorePlace {
  readonly clock: HandClock;
  open(limits?: { openRows?: number; labels?: number }): Promise<Store>;
  /** Changes a session as another process would. */
  touchSession(key: string): void;
  remove(): void;
}

/** Makes a new empty place. */
export type MakePlace = () => StorePlace;

export function inbound(conversation: string, id: string, text = `text of ${id}`): Inbound {
  return {
    id,
    address: { channel: 'web', account: 'default', conversation, user: `user-of-${conversation}` },
    content: { kind: 'text', text },
    at: 1_700_000_000_000,
  };
}

function reply(text: string): Reply {
  return { from: 'bot', text };
}

/** A turn's result. */
export function unit(n: number, replies: readonly string[] = [], more: Partial<Unit> = {}): Unit {
  return { session: { n }, replies: replies.map(reply), push: false, tickets: [], ...more };
}

/** Keeps claims in hand until a test takes them. */
export class Hand<T> {
  readonly #arrived: T[] = [];
  readonly #wanted: ((item: T) => void)[] = [];
  readonly #held: (() => void)[] = [];

  /** The handler to give to `work`; it ends when {@link letGo} is called. */
  readonly take = (item: T): Promise<void> => {
    const want = this.#wanted.shift();
    if (want === undefined) this.#arrived.push(item);
    else want(item);
    return new Promise((resolve) => this.#held.push(resolve));
  };

  get waiting(): number {
    return this.#arrived.length;
  }

  /** The next item that comes, or has come. */
  next(): Promise<T> {
    const item = this.#arrived.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => this.#wanted.push(resolve));
  }

  /** Ends every handler that is still held. */
  letGo(): void {
    for (const end of this.#held.splice(0)) end();
  }
}

/** Runs each claim with `turn` and ends it by what that answers. */
export function commitEach(store: Store, turn: (claim: Claim) => Unit) {
  return store.inbox.work((claim) => claim.commit(turn(claim)));
}

/** Waits until no message is open. */
export async function drained(store: Store): Promise<void> {
  while (store.inbox.backlog().open > 0) await new Promise((resolve) => setTimeout(resolve, 2));
}

export function storeContract(name: string, make: MakePlace): void {
  describe(`store contract: ${name}`, () => {
    inboxContract(make);
    outboxContract(make);
    batchContract(make);
    channelStateContract(make);
    rowsContract(make);
    historyContract(make);
  });
}
