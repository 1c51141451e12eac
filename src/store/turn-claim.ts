import { Defect } from '../errors.ts';
import type { Inbound } from '../message.ts';
import type { Claim, JsonObject, Unit } from './store.ts';

/** What a claim asks of the inbox that made it. */
export interface ClaimOwner {
  commit(claim: TurnClaim, unit: Unit): Promise<void>;
  release(claim: TurnClaim, at: number, error: string): Promise<void>;
}

/** A message in hand. */
export class TurnClaim implements Claim {
  readonly inbound: Inbound;
  readonly seq: number;
  readonly attempts: number;
  /** Row of the inbox. */
  readonly row: number;
  readonly key: string;
  /** Version of the session it began with; 0 where there was none. */
  readonly version: number;
  readonly #owner: ClaimOwner;
  readonly #sessionText: string;
  #settling: Promise<void> | undefined;
  #settled = false;

  constructor(
    owner: ClaimOwner,
    parts: {
      inbound: Inbound;
      seq: number;
      attempts: number;
      row: number;
      key: string;
      version: number;
      sessionText: string;
    },
  ) {
    this.#owner = owner;
    this.inbound = parts.inbound;
    this.seq = parts.seq;
    this.attempts = parts.attempts;
    this.row = parts.row;
    this.key = parts.key;
    this.version = parts.version;
    this.#sessionText = parts.sessionText;
  }

  /** A fresh copy each time it is asked for, so that a turn may change its own. */
  get session(): JsonObject | undefined {
    if (this.version === 0) return undefined;
    return JSON.parse(this.#sessionText) as JsonObject;
  }

  commit(unit: Unit): Promise<void> {
    return this.#settle(() => this.#owner.commit(this, unit));
  }

  release(at: number, error: string): Promise<void> {
    return this.#settle(() => this.#owner.release(this, at, error));
  }

  /** Waits for a call that is on its way; answers whether one has succeeded. */
  async settled(): Promise<boolean> {
    await this.#settling?.catch(() => undefined);
    return this.#settled;
  }

  async #settle(act: () => Promise<void>): Promise<void> {
    if (this.#settled || this.#settling !== undefined) {
      throw new Defect(`The claim on ${this.key} ${this.seq} was ended twice`);
    }
    this.#settling = act();
    try {
      await this.#settling;
      this.#settled = true;
    } finally {
      this.#settling = undefined;
    }
  }
}
