import type { ChannelState } from '../../src/channel/channel.ts';
import { Lru } from '../../src/channel/lru.ts';

/** Replies that are remembered in memory. */
const MAX_KEPT = 10_000;

/**
 * Which parts of a reply have been sent, for replies that were not sent whole: by idempotency key. In
 * memory while the sending goes on; on disk before a reply goes back to the queue, because the process
 * that takes it up again may be another one.
 */
export class Progress {
  readonly #state: ChannelState;
  readonly #account: string;
  readonly #sent = new Lru<Set<string>>(MAX_KEPT);

  constructor(state: ChannelState, account: string) {
    this.#state = state;
    this.#account = account;
  }

  /** @param inParts `false` where the reply is one part, of which nothing needs to be remembered */
  async of(key: string, inParts: boolean): Promise<Set<string>> {
    const known = this.#sent.get(key);
    if (known !== undefined || !inParts) return known ?? new Set();
    const stored = await this.#state.get(this.#name(key));
    return new Set(Array.isArray(stored) ? stored.map(String) : []);
  }

  remember(key: string, parts: Set<string>): void {
    this.#sent.set(key, parts);
  }

  /** Before the reply goes back to the queue. */
  async keep(key: string): Promise<void> {
    const parts = this.#sent.get(key);
    if (parts === undefined || parts.size === 0) return;
    await this.#state.set(this.#name(key), [...parts]);
  }

  /** The reply has come to its end. */
  async forget(key: string): Promise<void> {
    if (this.#sent.get(key) === undefined) return;
    this.#sent.delete(key);
    await this.#state.delete(this.#name(key));
  }

  #name(key: string): string {
    return `parts:${this.#account}:${key}`;
  }
}
