/**
 * A stand-in for a provider: speaks its protocol in both directions over loopback, by the vendor's
 * documents alone. Nothing under `simulators/` imports `channels/` or `src/channel/`.
 */

/** What a customer does on the phone. */
export type Gesture =
  | { readonly kind: 'text'; readonly text: string }
  /** Taps an item of a menu or a link that the screen shows. `id` is the item's. */
  | { readonly kind: 'tap'; readonly id: string }
  | {
      readonly kind: 'image';
      readonly name: string;
      readonly bytes: Uint8Array;
      readonly text?: string;
    }
  /** Opens the chat for the first time: follows the account, enters the session. */
  | { readonly kind: 'join'; readonly scene?: string }
  /** An event of the provider by its own name: `CLICK`, `SCAN`, `unsubscribe`, `enter_session`, … */
  | { readonly kind: 'event'; readonly name: string; readonly key?: string };

/** Something to tap. */
export interface Item {
  readonly id: string;
  readonly title: string;
}

/** One bubble on the customer's screen. */
export interface Bubble {
  readonly id: string;
  readonly at: number;
  readonly kind: 'text' | 'menu' | 'image' | 'card' | 'notice';
  /** All the words that the bubble shows, without the items. */
  readonly text: string;
  /** What can be tapped in it; empty where nothing can. */
  readonly items: readonly Item[];
  /** How it came: as the answer to a callback, or by a call of ours. */
  readonly by: 'passive' | 'active';
}

/** One customer's phone. */
export interface Phone {
  readonly user: string;
  /**
   * Sends to the channel, resending as the provider does. Resolves when the provider has given up or
   * got its acknowledgement; `false` where it gave up.
   */
  do(gesture: Gesture): Promise<boolean>;
  /** Everything that arrived, oldest first. */
  readonly screen: readonly Bubble[];
}

/** A provider that runs. */
export interface Simulator {
  /** What the channel's variables must be, `*_API_BASE` among them. */
  readonly env: Readonly<Record<string, string>>;
  /** Where it serves its API and, at `/`, the customer's phone as a page. */
  readonly url: string;
  /** Where callbacks go: the full address of the channel's route. */
  connect(callback: string): void;
  /**
   * Asks that address to prove itself, as the provider's console does when the address is saved.
   * Resolves with what was wrong; with nothing where the proof holds.
   */
  verify?(): Promise<string | undefined>;
  phone(user: string): Phone;
  /** Calls that broke a rule of the provider, oldest first: the method, what was wrong, the code it got. */
  readonly refused: readonly {
    readonly call: string;
    readonly why: string;
    readonly code: number;
  }[];
  stop(): Promise<void>;
}

/** What a simulator is started with. */
export interface SimulatorOptions {
  /** Port of its own server. Default: any free one. */
  readonly port?: number;
  /** Time for signatures, quotas and expiry. Default: this machine's. */
  readonly clock?: { now(): number };
  /** Waits of the resends, in ms of real time. Default 5,000. */
  readonly resendAfterMs?: number;
  /** Draws faults: called before each API call; a code is answered instead of doing it. */
  readonly fault?: (call: string) => number | undefined;
}

/** The default export of `simulators/<channel>/index.ts`. */
export type StartSimulator = (options?: SimulatorOptions) => Promise<Simulator>;
