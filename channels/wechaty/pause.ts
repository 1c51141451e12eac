import { setTimeout as sleep } from 'node:timers/promises';

/** Waits; resolves early, without a fault, when the signal is aborted. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** Waits in real time. */
export const realWait: Wait = async (ms, signal) => {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
};

/**
 * Waits for a promise, at most `ms`.
 * @returns `late` where it took longer; the promise's fault where it has one
 */
export async function within<T>(
  promise: Promise<T>,
  ms: number,
  wait: Wait,
  stop: AbortSignal,
): Promise<{ value: T } | 'late'> {
  const done = new AbortController();
  try {
    return await Promise.race([
      promise.then((value) => ({ value })),
      wait(ms, AbortSignal.any([done.signal, stop])).then(() => 'late' as const),
    ]);
  } finally {
    done.abort();
  }
}
