/** Turns whose end is remembered, for those who ask late. */
const REMEMBERED = 2000;

/** Tells those who wait that the turn of a message has ended. */
export class TurnSignals {
  readonly #recent = new Set<string>();
  readonly #waiters = new Map<string, Set<() => void>>();

  /** Called once a turn is committed (or its message set aside). */
  ended(conversation: string, inbound: string): void {
    const key = `${conversation}\n${inbound}`;
    this.#recent.add(key);
    const [oldest] = this.#recent;
    if (this.#recent.size > REMEMBERED && oldest !== undefined) this.#recent.delete(oldest);
    const waiters = this.#waiters.get(key);
    this.#waiters.delete(key);
    for (const wake of waiters ?? []) wake();
  }

  /**
   * Resolves `true` when the turn ends, or has ended a short while ago, and `false` after `timeoutMs`.
   */
  wait(conversation: string, inbound: string, timeoutMs: number): Promise<boolean> {
    const key = `${conversation}\n${inbound}`;
    if (this.#recent.has(key)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(key) ?? new Set();
      this.#waiters.set(key, waiters);
      const timer = setTimeout(() => {
        waiters.delete(wake);
        if (waiters.size === 0 && this.#waiters.get(key) === waiters) this.#waiters.delete(key);
        resolve(false);
      }, timeoutMs);
      const wake = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      waiters.add(wake);
    });
  }
}
