import { Defect, messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import { Fifo } from './fifo.ts';
import type { Clock, Worker } from './store.ts';

/** Turns begun in one tick of the event loop: enough to share a commit, few enough to let I/O in. */
const BURST = 32;
/** How often delayed keys are looked at, in ms; real time, because the clock passed in may jump. */
const LOOK = 100;
/** Delay after a run that failed in an unforeseen way, in ms. */
const AFTER_FAILURE = 1000;

interface Entry {
  phase: 'ready' | 'busy' | 'delayed';
  /** Not before this time, by the clock. */
  at: number;
  /** Runs while nothing else does. */
  alone: boolean;
  /** Work came in while it was busy. */
  again: boolean;
}

/**
 * Decides whose work runs next. Each key runs one piece of work at a time; keys with work take turns,
 * so that one with much of it delays the others by one piece only.
 */
export class KeyRounds {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #run: (key: string) => Promise<number | undefined>;
  readonly #entries = new Map<string, Entry>();
  readonly #ready = new Fifo<string>();
  readonly #aloneReady = new Fifo<string>();
  readonly #delayed = new Set<string>();
  #nextLook: NodeJS.Timeout | undefined;
  #concurrency = 0;
  #running = 0;
  #aloneRunning = false;
  #started = false;
  #scheduled = false;
  #stopped: (() => void) | undefined;
  #stopping: Promise<void> | undefined;

  /**
   * @param run does the first piece of work of a key; resolves with the time before which the key
   *   is not to run again (0: at once), or `undefined` when nothing is left
   */
  constructor(parts: {
    clock: Clock;
    logger: Logger;
    run: (key: string) => Promise<number | undefined>;
  }) {
    this.#clock = parts.clock;
    this.#logger = parts.logger;
    this.#run = parts.run;
  }

  /** Keys that have work. */
  get size(): number {
    return this.#entries.size;
  }

  /** Begins nothing more, for good. @returns whether nothing runs now */
  halt(): boolean {
    void this.#stop();
    return this.#running === 0;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /**
   * Says that a key has work. A key that waits for its time goes on waiting.
   * @param options `alone`: the first piece runs while nothing else does. `early`: a key that waits
   *   for its time is asked now
   */
  add(key: string, options: { alone?: boolean; early?: boolean } = {}): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      const added: Entry = { phase: 'ready', at: 0, alone: options.alone ?? false, again: false };
      this.#entries.set(key, added);
      this.#makeReady(key, added);
    } else if (entry.phase === 'busy') {
      entry.again = true;
    } else if (options.early === true && this.#delayed.delete(key)) {
      this.#makeReady(key, entry);
    }
  }

  /** Begins to run; at most once. */
  start(concurrency: number): Worker {
    if (this.#started) throw new Defect('work() was called twice');
    this.#started = true;
    this.#concurrency = concurrency;
    this.#schedule();
    return { stop: () => this.#stop() };
  }

  #stop(): Promise<void> {
    this.#stopping ??= new Promise<void>((resolve) => {
      this.#stopped = resolve;
      clearTimeout(this.#nextLook);
      if (this.#running === 0) resolve();
    });
    return this.#stopping;
  }

  #makeReady(key: string, entry: Entry): void {
    entry.phase = 'ready';
    (entry.alone ? this.#aloneReady : this.#ready).push(key);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || !this.#started || this.#stopping !== undefined) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#stopping === undefined) this.#pump();
    });
  }

  #pump(): void {
    for (let begun = 0; begun < BURST; begun += 1) {
      const key = this.#next();
      if (key === undefined) return;
      void this.#work(key);
    }
    this.#schedule();
  }

  #next(): string | undefined {
    if (this.#aloneRunning || this.#running >= this.#concurrency) return undefined;
    if (this.#aloneReady.size === 0) return this.#ready.shift();
    if (this.#running > 0) return undefined;
    this.#aloneRunning = true;
    return this.#aloneReady.shift();
  }

  async #work(key: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    Object.assign(entry, { phase: 'busy', again: false });
    this.#running += 1;
    let next: number | undefined;
    try {
      next = await this.#run(key);
    } catch (error) {
      this.#logger.error({ key, error: messageOf(error) }, 'work failed and is tried again');
      next = this.#clock.now() + AFTER_FAILURE;
    }
    this.#running -= 1;
    if (entry.alone) {
      this.#aloneRunning = false;
      entry.alone = next !== undefined && next > 0;
    }
    this.#settle(key, entry, next ?? (entry.again ? 0 : undefined));
    if (this.#running === 0) this.#stopped?.();
    this.#schedule();
  }

  #settle(key: string, entry: Entry, next: number | undefined): void {
    if (next === undefined) {
      this.#entries.delete(key);
    } else if (next <= this.#clock.now()) {
      this.#makeReady(key, entry);
    } else {
      entry.phase = 'delayed';
      entry.at = next;
      this.#delayed.add(key);
      this.#look();
    }
  }

  /** Wakes the keys whose time has come and sees to it that the others are looked at again. */
  #look(): void {
    if (this.#delayed.size === 0 || this.#nextLook !== undefined || this.#stopping !== undefined)
      return;
    const now = this.#clock.now();
    let soonest = LOOK;
    for (const key of this.#delayed) {
      const entry = this.#entries.get(key);
      if (entry !== undefined && entry.at > now) {
        soonest = Math.min(soonest, entry.at - now);
        continue;
      }
      this.#delayed.delete(key);
      if (entry !== undefined) this.#makeReady(key, entry);
    }
    if (this.#delayed.size === 0) return;
    this.#nextLook = setTimeout(() => {
      this.#nextLook = undefined;
      this.#look();
    }, soonest);
    this.#nextLook.unref();
  }
}
