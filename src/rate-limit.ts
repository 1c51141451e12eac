import { RequestError } from './errors.ts';

/** How fast one caller may go. Up to `burst` at once; then `perSecond`, each waiting its place in line. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
  /** A place in line further off than this is refused instead. */
  readonly maxDelayMs: number;
}

/** What one caller, one address and the whole process may ask for at once. */
export interface ServerLimits {
  /** Messages of one user. */
  readonly user: Rate;
  /** Reads of one user, such as polls for new messages. */
  readonly read: Rate;
  /** Requests of one network address, which may be a proxy with many users behind it. */
  readonly address: Rate;
  readonly connections: number;
  /** How long the server's `close` waits for requests in hand, in ms. */
  readonly drainMs: number;
}

/** Limits where none are given. */
export const defaultLimits: ServerLimits = {
  user: { perSecond: 20, burst: 50, maxDelayMs: 8000 },
  read: { perSecond: 50, burst: 200, maxDelayMs: 1000 },
  address: { perSecond: 3000, burst: 6000, maxDelayMs: 1000 },
  connections: 10_000,
  drainMs: 4000,
};

/** Callers whose rate is remembered at once; the ones quiet for longest are forgotten first. */
const MAX_KEYS = 50_000;

/** Slows callers down, each by its own key. */
export interface RateLimiter {
  /**
   * Takes the next place in line of `key`.
   * @returns ms to wait before going on; 0 for most
   * @throws RequestError 429 where the place is too far off; no place is taken then
   */
  delay(key: string): number;
}

/**
 * Makes a limiter in memory (GCRA: one number for each key, no timers). Limits hold for each process.
 * @param now milliseconds, by the clock
 */
export function createRateLimiter(rate: Rate, now: () => number): RateLimiter {
  const interval = 1000 / rate.perSecond;
  const slack = interval * (rate.burst - 1);
  /** When the line of a key will be empty. */
  const ends = new Map<string, number>();
  return {
    delay(key) {
      const at = now();
      const end = Math.max(ends.get(key) ?? 0, at);
      const wait = end - slack - at;
      if (wait > rate.maxDelayMs) {
        throw new RequestError(
          429,
          'TooManyRequests',
          'Too many requests; slow down',
          Math.max(1, Math.ceil((wait - rate.maxDelayMs) / 1000)),
        );
      }
      ends.delete(key);
      ends.set(key, end + interval);
      if (ends.size > MAX_KEYS) {
        const oldest = ends.keys().next();
        if (!oldest.done) ends.delete(oldest.value);
      }
      return Math.max(0, wait);
    },
  };
}
