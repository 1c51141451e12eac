import type { Inbound } from '../message.ts';
import { Fifo } from './fifo.ts';

/** A message that waits or is in hand. */
export interface OpenMessage {
  readonly id: number;
  readonly seq: number;
  readonly receivedAt: number;
  attempts: number;
  /** Not to run before this time. */
  notBefore: number;
  /** A process that did not end well may have begun it. */
  suspect: boolean;
  /** Unset where it is to be read from the file. */
  inbound: Inbound | undefined;
}

/** The open messages by conversation, oldest first. Only some keep their text in memory. */
export class OpenRows {
  readonly #limits: { readonly bodies: number; readonly bodiesOfOne: number };
  readonly #rows = new Map<string, Fifo<OpenMessage>>();
  #size = 0;
  #bodies = 0;

  /** @param limits messages that keep their text: of all conversations, of one conversation */
  constructor(limits: { readonly bodies: number; readonly bodiesOfOne: number }) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** @returns whether it is the only one of its conversation */
  push(key: string, message: OpenMessage): boolean {
    const rows = this.#rows.get(key) ?? new Fifo<OpenMessage>();
    this.#rows.set(key, rows);
    if (rows.size >= this.#limits.bodiesOfOne || this.#bodies >= this.#limits.bodies) {
      message.inbound = undefined;
    }
    if (message.inbound !== undefined) this.#bodies += 1;
    rows.push(message);
    this.#size += 1;
    return rows.size === 1;
  }

  head(key: string): OpenMessage | undefined {
    return this.#rows.get(key)?.peek();
  }

  /** Takes the head of a conversation off. */
  shift(key: string): void {
    const rows = this.#rows.get(key);
    const message = rows?.shift();
    if (rows === undefined || message === undefined) return;
    if (message.inbound !== undefined) this.#bodies -= 1;
    if (rows.size === 0) this.#rows.delete(key);
    this.#size -= 1;
  }

  /** When the oldest came. Looks at every conversation. */
  oldest(): number | undefined {
    let oldest: number | undefined;
    for (const rows of this.#rows.values()) {
      const at = rows.peek()?.receivedAt;
      if (at !== undefined && (oldest === undefined || at < oldest)) oldest = at;
    }
    return oldest;
  }
}
