/** A session as it is on disk. `version` 0: there is none. */
export interface StoredSession {
  readonly text: string;
  readonly version: number;
}

/**
 * The sessions used last, as text: a claim parses its own copy, so that a turn that fails half-way
 * leaves nothing behind. Holds up to `limit` characters (default 16 million) and drops the oldest use.
 */
export class SessionCache {
  readonly #limit: number;
  readonly #sessions = new Map<string, StoredSession>();
  #held = 0;

  constructor(limit = 16_000_000) {
    this.#limit = limit;
  }

  get(key: string): StoredSession | undefined {
    const found = this.#sessions.get(key);
    if (found === undefined) return undefined;
    this.#sessions.delete(key);
    this.#sessions.set(key, found);
    return found;
  }

  set(key: string, session: StoredSession): void {
    this.drop(key);
    this.#sessions.set(key, session);
    this.#held += session.text.length;
    for (const oldest of this.#sessions.keys()) {
      if (this.#held <= this.#limit || oldest === key) return;
      this.drop(oldest);
    }
  }

  drop(key: string): void {
    const found = this.#sessions.get(key);
    if (found === undefined) return;
    this.#sessions.delete(key);
    this.#held -= found.text.length;
  }
}
