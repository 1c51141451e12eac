/** Time that passes only when a test says so. */

/** A clock with waits on it. */
export interface FakeTime {
  readonly clock: { now(): number };
  /** Waits until the clock is there, or the signal is aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** Moves the clock on and ends the waits that are due, in their order. */
  advance(ms: number): Promise<void>;
  /** Every wait that was begun, in ms. */
  readonly waits: number[];
  /** How many are under way. */
  pending(): number;
}

/**
 * Makes one.
 * @param options `start`: its first moment, now by default. `skip`: waits up to this length in ms end
 *   at once and move the clock on; none by default
 */
export function createFakeTime({ start = Date.now(), skip = 0 } = {}): FakeTime {
  let now = start;
  const waits: number[] = [];
  const open = new Set<{ at: number; end: () => void }>();
  return {
    clock: { now: () => now },
    waits,
    pending: () => open.size,
    wait: async (ms, signal) => {
      waits.push(ms);
      if (signal?.aborted === true) return;
      if (ms <= skip) {
        now += ms;
        return;
      }
      await new Promise<void>((resolve) => {
        const one = {
          at: now + ms,
          end: (): void => {
            open.delete(one);
            resolve();
          },
        };
        open.add(one);
        signal?.addEventListener('abort', one.end, { once: true });
      });
    },
    advance: async (ms) => {
      const until = now + ms;
      for (;;) {
        const [first] = [...open].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (!first) break;
        now = Math.max(now, first.at);
        first.end();
        // What was waiting may wait again within the same time.
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = until;
    },
  };
}
