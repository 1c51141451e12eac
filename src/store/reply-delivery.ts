import { Defect } from '../errors.ts';
import type { Address, Line } from '../message.ts';
import type { OutboxState } from './schema.ts';
import type { Delivery } from './store.ts';

/** What became of a delivery, as its row says it. */
interface DeliveryEnd {
  readonly state: OutboxState;
  readonly notBefore: number;
  readonly error: string | null;
  readonly providerId: string | null;
}

/** A reply on its way out. */
export class ReplyDelivery implements Delivery {
  readonly id: number;
  readonly address: Address;
  readonly line: Line;
  readonly idempotencyKey: string;
  readonly attempts: number;
  readonly #settle: (end: DeliveryEnd) => Promise<void>;
  #settling: Promise<void> | undefined;
  #settled = false;

  constructor(
    parts: Pick<Delivery, 'id' | 'address' | 'line' | 'idempotencyKey' | 'attempts'> & {
      settle: (end: DeliveryEnd) => Promise<void>;
    },
  ) {
    this.id = parts.id;
    this.address = parts.address;
    this.line = parts.line;
    this.idempotencyKey = parts.idempotencyKey;
    this.attempts = parts.attempts;
    this.#settle = parts.settle;
  }

  sent(providerId?: string): Promise<void> {
    return this.#end('sent', null, providerId ?? null);
  }

  retry(at: number, error: string): Promise<void> {
    return this.#end('pending', error, null, at);
  }

  unknown(error: string): Promise<void> {
    return this.#end('unknown', error);
  }

  dead(error: string): Promise<void> {
    return this.#end('dead', error);
  }

  /** Waits for a call that is on its way; answers whether one has succeeded. */
  async settled(): Promise<boolean> {
    await this.#settling?.catch(() => undefined);
    return this.#settled;
  }

  async #end(
    state: OutboxState,
    error: string | null,
    providerId: string | null = null,
    notBefore = 0,
  ): Promise<void> {
    if (this.#settled || this.#settling !== undefined) {
      throw new Defect(`The delivery ${this.id} was ended twice`);
    }
    this.#settling = this.#settle({ state, notBefore, error, providerId });
    try {
      await this.#settling;
      this.#settled = true;
    } finally {
      this.#settling = undefined;
    }
  }
}
