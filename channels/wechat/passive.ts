/**
 * The answer inside WeChat's own request. WeChat waits 5 s, cuts the connection and asks again with
 * the same message, three times in all
 * (https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html).
 * A window is one message with all of its tries: it takes one answer, or none.
 */

/** What can be answered. `success` says that nothing comes this way. */
export type Passive =
  | { readonly kind: 'success' }
  | { readonly kind: 'text'; readonly text: string }
  /** Hands the customer to WeChat's agent console. */
  | { readonly kind: 'transfer' };

/** One request that waits for its answer. */
export interface Holder {
  /** Ends the response. Resolves `true` once it has left this process, `false` where the peer was gone. */
  answer(passive: Passive): Promise<boolean>;
  /** Ends the connection without an answer. */
  drop(): void;
  /** Resolves when the peer goes, or the response has ended. */
  readonly gone: Promise<void>;
}

/** Waits, in ms. */
export interface Pace {
  /** From the arrival of a request until it is answered at the latest. Default 4,500. */
  readonly holdMs: number;
  /** From the arrival of a request until WeChat cuts it. Default 5,000. */
  readonly cutMs: number;
  /** From the end of a request until WeChat's next try has come. Default 6,000. */
  readonly retryMs: number;
  /** For a customer's file, before its message is stored without it. Default 2,500. */
  readonly mediaMs: number;
}

export const WECHAT_PACE: Pace = {
  holdMs: 4500,
  cutMs: 5000,
  retryMs: 6000,
  mediaMs: 2500,
};

/** Calls `run` after `ms`; returns what calls it off. */
export type Later = (ms: number, run: () => void) => () => void;

/** How one message's window is held. */
export interface Manner {
  /**
   * Holds the first tries until WeChat cuts them, for accounts that have no other way to answer.
   * Where it is `false` the first try is answered `success` in time.
   */
  readonly patient: boolean;
  /**
   * Time is up: answers by calling `answer` once; without that call `success` is answered. A patient
   * one is asked at its last try only.
   */
  atLast(answer: (passive: Passive) => Promise<boolean>): Promise<void>;
}

/** What a request found. */
export interface Entered {
  /** The message has been stored already. */
  readonly accepted: boolean;
  /** Nothing is answered any more: the request has been told `success`. */
  readonly over: boolean;
}

/** Tries that WeChat makes. */
const TRIES = 3;
/** How long a message is remembered after its last try, in ms. */
const KEEP_MS = 60_000;
const MAX_KEPT = 20_000;
/** A patient request that WeChat does not cut is ended this long after its time, in ms. */
const OVERTIME_MS = 2000;

/** Fraction of the time of a request from which on its answer may not reach WeChat in time. */
const LAST_MOMENT = 0.9;

type State = 'open' | 'answering' | 'over';

interface Window {
  manner: Manner;
  state: State;
  accepted: boolean;
  tries: number;
  seenAt: number;
  late: boolean;
  /** What was answered in the last moment. */
  lateAnswer?: Passive;
  holder?: Holder;
  stopTimer?: () => void;
  wake?: () => void;
}

/** The windows of one account. */
export class Windows {
  readonly #kept = new Map<string, Window>();
  readonly #pace: Pace;
  readonly #later: Later;
  readonly #now: () => number;
  #stopped = false;

  /** @param now milliseconds that only grow */
  constructor(parts: { pace?: Partial<Pace>; later: Later; now: () => number }) {
    this.#pace = { ...WECHAT_PACE, ...parts.pace };
    this.#later = parts.later;
    this.#now = parts.now;
  }

  /**
   * A request has come. Windows of messages not seen before begin here.
   * @param arrivedAt when, by `now`; default this moment
   */
  enter(id: string, holder: Holder, manner: Manner, arrivedAt = this.#now()): Entered {
    this.#forget();
    const known = this.#kept.get(id);
    const window: Window = known ?? {
      manner,
      state: 'open',
      accepted: false,
      tries: 0,
      seenAt: 0,
      late: false,
    };
    this.#kept.delete(id);
    this.#kept.set(id, window);
    window.manner = manner;
    window.tries += 1;
    window.seenAt = arrivedAt;
    if (window.state === 'over') {
      // Asked again after an answer in the last moment: it came too late to be read.
      const { lateAnswer = { kind: 'success' } } = window;
      delete window.lateAnswer;
      void holder.answer(window.tries <= TRIES ? lateAnswer : { kind: 'success' });
      return { accepted: true, over: true };
    }
    this.#take(window, holder);
    return { accepted: window.accepted, over: false };
  }

  /**
   * The message is on disk: from now on its requests may be answered.
   * @param tries that WeChat has made already, where an earlier process saw the first ones
   */
  accepted(id: string, tries = 1): void {
    const window = this.#kept.get(id);
    if (window === undefined) return;
    window.accepted = true;
    window.tries = Math.max(window.tries, tries);
    if (this.#stopped) this.#end(window);
    else if (window.late) this.#timeUpSoon(window);
  }

  /** The message could not be stored: its request gets an error elsewhere, its next try begins anew. */
  refused(id: string, holder: Holder): void {
    const window = this.#kept.get(id);
    // A newer try of the same message has it in hand.
    if (window === undefined || window.accepted || window.holder !== holder) return;
    this.#end(window);
    this.#kept.delete(id);
  }

  /** Whether an answer could still go this way. */
  isOpen(id: string): boolean {
    const window = this.#kept.get(id);
    return window?.state === 'open' && (window.holder !== undefined || window.tries < TRIES);
  }

  /**
   * Answers. Where the request has been cut it waits for the next try.
   * @returns `true` once the answer has left, `false` where it must go another way
   */
  async offer(id: string, passive: Passive): Promise<boolean> {
    const window = this.#kept.get(id);
    if (window?.state !== 'open') return false;
    window.state = 'answering';
    const left = await this.#answer(window, passive);
    this.#end(window);
    return left;
  }

  /** Nothing comes this way: tells the request so. */
  close(id: string): void {
    const window = this.#kept.get(id);
    if (window?.state === 'open') this.#end(window);
  }

  /** Ends every request and timer. What still comes is acknowledged once it is stored. */
  stop(): void {
    this.#stopped = true;
    for (const window of this.#kept.values()) {
      if (window.accepted) this.#end(window);
      else window.holder?.drop();
      window.stopTimer?.();
      window.wake?.();
    }
    this.#kept.clear();
  }

  #take(window: Window, holder: Holder): void {
    const before = window.holder;
    window.holder = holder;
    window.late = false;
    window.stopTimer?.();
    const rest = Math.max(0, window.seenAt + this.#pace.holdMs - this.#now());
    window.stopTimer = this.#later(rest, () => this.#timeUpSoon(window));
    window.wake?.();
    // A try that WeChat has given up, or a second copy of one: there is one answer, for the newest.
    if (before !== undefined && window.accepted) void before.answer({ kind: 'success' });
    else before?.drop();
    void holder.gone.then(() => {
      if (window.holder !== holder) return;
      delete window.holder;
      window.seenAt = this.#now();
      window.stopTimer?.();
      delete window.stopTimer;
    });
  }

  async #answer(window: Window, passive: Passive): Promise<boolean> {
    for (;;) {
      const holder = window.holder ?? (await this.#nextTry(window));
      if (holder === undefined) return false;
      window.stopTimer?.();
      delete window.stopTimer;
      delete window.holder;
      const age = this.#now() - window.seenAt;
      if (age >= this.#pace.cutMs) {
        // WeChat does not read it any more, even where its connection still looks open.
        holder.drop();
        window.seenAt = this.#now();
        continue;
      }
      if (await holder.answer(passive)) {
        if (age >= this.#pace.holdMs * LAST_MOMENT) window.lateAnswer = passive;
        return true;
      }
    }
  }

  #nextTry(window: Window): Promise<Holder | undefined> {
    const rest = window.seenAt + this.#pace.retryMs - this.#now();
    if (window.tries >= TRIES || rest <= 0) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const done = (): void => {
        stop();
        delete window.wake;
        resolve(window.holder);
      };
      const stop = this.#later(rest, done);
      window.wake = done;
    });
  }

  #timeUpSoon(window: Window): void {
    this.#timeUp(window).catch(() => undefined);
  }

  async #timeUp(window: Window): Promise<void> {
    const { holder, manner } = window;
    if (window.state !== 'open' || holder === undefined) return;
    window.late = true;
    if (!window.accepted) return;
    if (manner.patient && window.tries < TRIES) {
      window.stopTimer = this.#later(OVERTIME_MS, () => holder.drop());
      return;
    }
    window.state = 'answering';
    try {
      await manner.atLast((passive) => this.#answer(window, passive));
    } finally {
      this.#end(window);
    }
  }

  #end(window: Window): void {
    window.state = 'over';
    window.stopTimer?.();
    const { holder } = window;
    delete window.holder;
    if (holder !== undefined && window.accepted) void holder.answer({ kind: 'success' });
  }

  #forget(): void {
    const old = this.#now() - KEEP_MS;
    for (const [id, window] of this.#kept) {
      if (window.seenAt > old && this.#kept.size < MAX_KEPT) return;
      this.#end(window);
      this.#kept.delete(id);
    }
  }
}
