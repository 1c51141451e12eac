import type { Clock } from '../../store/store.ts';

/** A token that is renewed by itself. */
export interface AccessToken {
  /**
   * The token to use now. Any number of callers at once share one call.
   * @throws what `ask` throws, unless the token in hand still holds
   */
  get(): Promise<string>;
  /** The provider refused this token: the next `get` asks for another. A token that was replaced meanwhile is ignored. */
  drop(token: string): void;
  /** Why the last renewal failed; absent after one that went well. */
  readonly fault?: unknown;
}

/** Seconds before its end from which a token is renewed: the provider hands out a new one from then on. */
const EARLY_SECONDS = 300;

interface Held {
  readonly token: string;
  /** From when on it is to be renewed, and until when it holds, in ms. */
  readonly renewAt: number;
  readonly endsAt: number;
}

/**
 * Keeps the access token of one account in memory.
 * @param parts.ask calls the provider; `expiresIn` in seconds (at most 7,200 by the vendor's docs)
 */
export function createAccessToken(parts: {
  readonly ask: () => Promise<{ token: string; expiresIn: number }>;
  readonly clock: Clock;
}): AccessToken {
  let held: Held | undefined;
  let asking: Promise<string> | undefined;
  let fault: unknown;

  async function renew(): Promise<string> {
    try {
      const { token, expiresIn } = await parts.ask();
      const now = parts.clock.now();
      const early = Math.min(EARLY_SECONDS, expiresIn / 2);
      held = {
        token,
        renewAt: now + (expiresIn - early) * 1000,
        endsAt: now + expiresIn * 1000,
      };
      fault = undefined;
      return token;
    } catch (error) {
      fault = error;
      if (held !== undefined && held.endsAt > parts.clock.now()) return held.token;
      throw error;
    } finally {
      asking = undefined;
    }
  }

  return {
    get: () => {
      if (held !== undefined && held.renewAt > parts.clock.now())
        return Promise.resolve(held.token);
      return (asking ??= renew());
    },
    drop: (token) => {
      if (held?.token === token) held = undefined;
    },
    get fault() {
      return fault;
    },
  };
}
