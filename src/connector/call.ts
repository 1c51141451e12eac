import {
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
  wrap,
  type IPolicy,
} from 'cockatiel';
import { messageOf, OutsideError } from '../errors.ts';

/** Limits of the calls to one outside system. */
export interface CallLimits {
  /** One try, in ms. Default 2,000. */
  readonly timeoutMs?: number;
  /** Tries after the first. Default 2, with exponential back-off and jitter from 100 ms. */
  readonly retries?: number;
  /** Failed calls in a row that open the circuit. Default 5. */
  readonly failures?: number;
  /** How long an open circuit refuses calls before one is let through, in ms. Default 10,000. */
  readonly restMs?: number;
}

/** Calls one outside system within limits. */
export type Call = <T>(what: string, act: (signal: AbortSignal) => Promise<T>) => Promise<T>;

/**
 * Makes the guarded call of one outside system: a time limit for each try, bounded retries with jitter,
 * and a circuit breaker. An {@link OutsideError} that is not retryable is passed on at once.
 * Changing calls must carry an idempotency key: a try that timed out may have taken effect.
 * @throws OutsideError `<system>-down`
 */
export function guard(system: string, limits: CallLimits = {}): Call {
  const { timeoutMs = 2000, retries = 2, failures = 5, restMs = 10_000 } = limits;
  const again = handleWhen((e) => !(e instanceof OutsideError) || e.retryable);
  const policy: IPolicy = wrap(
    retry(again, {
      maxAttempts: retries,
      backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 1000 }),
    }),
    circuitBreaker(again, { halfOpenAfter: restMs, breaker: new ConsecutiveBreaker(failures) }),
    timeout(timeoutMs, TimeoutStrategy.Aggressive),
  );
  return async (what, act) => {
    try {
      // A signal of its own: cockatiel's default one is shared and would collect listeners.
      return await policy.execute(({ signal }) => act(signal), new AbortController().signal);
    } catch (cause) {
      if (cause instanceof OutsideError) throw cause;
      const why =
        cause instanceof BrokenCircuitError
          ? 'circuit is open'
          : cause instanceof TaskCancelledError
            ? `no answer in ${timeoutMs} ms`
            : messageOf(cause);
      throw new OutsideError(`${system}-down`, `${system}: ${what}: ${why}`, {
        retryable: true,
        unknownOutcome: true,
        cause,
      });
    }
  };
}
