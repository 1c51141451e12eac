/** An encoder behind an OpenAI-compatible endpoint: `POST <base>/embeddings`. */
import {
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  DelegateBackoff,
  handleWhen,
  retry,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
  wrap,
  type IRetryBackoffContext,
} from 'cockatiel';
import { z } from 'zod';
import { messageOf, OutsideError } from '../../errors.ts';
import { cap } from '../../text/analyzer.ts';
import { LONGEST_TEXT, embeddingError, toUnit, type Embedder } from './embedder.ts';

/** What names an endpoint: the variables `EMBEDDINGS_API_BASE`, `_KEY` and `_MODEL`. */
export interface EndpointAccount {
  /** Without a slash at the end, e.g. `https://api.example.com/v1`. */
  readonly base: string;
  /** Sent as a bearer token; never logged, never part of an error. */
  readonly key: string;
  readonly model: string;
}

/** Limits of the calls; the defaults are what production uses. */
export interface EndpointLimits {
  /** One try, in ms. Default 5,000. */
  readonly timeoutMs?: number;
  /** Tries of a training batch after the first; a message is never tried again. Default 3. */
  readonly retries?: number;
  /** Failed tries in a row that open the circuit. Default 5. */
  readonly failures?: number;
  /** How long an open circuit refuses calls before one is let through, in ms. Default 30,000. */
  readonly restMs?: number;
  /** Texts in one request. Default 64. */
  readonly batch?: number;
}

/** Longest pause that `Retry-After` can ask for, in ms; more ends the call. */
const LONGEST_PAUSE = 20_000;
/** Most of an answer that is read, in bytes: 64 vectors of 4,096 numbers take some 6 MB. */
const MOST_BYTES = 16 * 1024 * 1024;

const answerShape = z.object({
  data: z.array(
    z.object({
      index: z.number().int().nonnegative(),
      embedding: z.array(z.number()).min(1).max(8192),
    }),
  ),
});

/** A status that is no success; carries what `Retry-After` asked for. */
class StatusError extends OutsideError {
  readonly pauseMs: number | undefined;

  constructor(status: number, pauseMs: number | undefined) {
    const retryable = status === 429 || status >= 500;
    super('embedding', `embedding: the endpoint answered ${status}`, { retryable });
    this.pauseMs = pauseMs;
  }
}

/** Milliseconds that `Retry-After` asks for, given in seconds or as a date. */
function pauseOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** The body as text; a longer one than {@link MOST_BYTES} is not read to its end. */
async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    const bytes = part as Uint8Array;
    size += bytes.length;
    if (size > MOST_BYTES) throw embeddingError('the answer is too large', false);
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString();
}

/** The vectors of an answer, in the order of the texts. */
function vectorsOf(body: string, texts: number): readonly Float32Array[] {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (cause) {
    throw embeddingError('the answer is not JSON', false, cause);
  }
  const { success, data, error } = answerShape.safeParse(json);
  if (!success) throw embeddingError('the answer has no list of embeddings', false, error);
  const rows = [...data.data].sort((a, b) => a.index - b.index);
  const dims = rows[0]?.embedding.length;
  if (rows.length !== texts || rows.some((r, i) => r.index !== i || r.embedding.length !== dims)) {
    throw embeddingError(`the answer does not hold ${texts} vectors of one length`, false);
  }
  return rows.map((r) => toUnit(Float32Array.from(r.embedding)));
}

/** One request. */
type Post = (texts: readonly string[], signal: AbortSignal) => Promise<readonly Float32Array[]>;

/** One request within limits; a patient one is tried again. */
type Call = (
  texts: readonly string[],
  signal: AbortSignal,
  patient: boolean,
) => Promise<readonly Float32Array[]>;

function poster(account: EndpointAccount, fetch: typeof globalThis.fetch, now: () => number): Post {
  const { base, key, model } = account;
  return async (texts, signal) => {
    const response = await fetch(`${base}/embeddings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ model, input: texts.map((text) => cap(text, LONGEST_TEXT)) }),
      redirect: 'error',
      signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new StatusError(response.status, pauseOf(response.headers.get('retry-after'), now()));
    }
    return vectorsOf(await textOf(response), texts.length);
  };
}

/** `fetch failed` says nothing: its cause does. */
function reasonOf(error: unknown): string {
  const inner = error instanceof Error ? error.cause : undefined;
  return inner === undefined ? messageOf(error) : `${messageOf(error)} (${messageOf(inner)})`;
}

/** The caller stopped waiting: that says nothing about the endpoint, so the circuit does not count it. */
class LeftError extends OutsideError {
  constructor(cause: unknown) {
    super('embedding', 'embedding: nobody waits for it any more', { retryable: true, cause });
  }
}

/** Time limit, retries and circuit around {@link poster}. */
function limited(post: Post, limits: EndpointLimits): Call {
  const { timeoutMs = 5000, retries = 3, failures = 5, restMs = 30_000 } = limits;
  const again = handleWhen(
    (e) =>
      !(e instanceof BrokenCircuitError) &&
      (!(e instanceof OutsideError) || e.retryable) &&
      !(e instanceof LeftError) &&
      !(e instanceof StatusError && (e.pauseMs ?? 0) > LONGEST_PAUSE),
  );
  const backoff = new DelegateBackoff(({ attempt, result }: IRetryBackoffContext<unknown>) => {
    const error = 'error' in result ? result.error : undefined;
    const asked = error instanceof StatusError ? error.pauseMs : undefined;
    return (asked ?? 0) + 200 * 2 ** (attempt - 1) * (1 + Math.random());
  });
  const circuit = circuitBreaker(
    handleWhen((e) => !(e instanceof LeftError)),
    { halfOpenAfter: restMs, breaker: new ConsecutiveBreaker(failures) },
  );
  const limit = timeout(timeoutMs, TimeoutStrategy.Aggressive);
  const often = wrap(retry(again, { maxAttempts: retries, backoff }), circuit);
  return async (texts, caller, patient) => {
    const policy = patient ? often : circuit;
    const once = async (): Promise<readonly Float32Array[]> => {
      try {
        return await limit.execute(({ signal }) => post(texts, signal), caller);
      } catch (cause) {
        throw caller.aborted ? new LeftError(cause) : cause;
      }
    };
    try {
      return await policy.execute(once, caller);
    } catch (cause) {
      if (cause instanceof OutsideError) throw cause;
      const why =
        cause instanceof BrokenCircuitError
          ? 'circuit is open'
          : cause instanceof TaskCancelledError
            ? `no answer in ${timeoutMs} ms`
            : reasonOf(cause);
      throw embeddingError(why, true, cause);
    }
  };
}

/**
 * Asks the endpoint for a first vector, which shows that it works and how long its vectors are.
 * The encoder serves both languages. 429 and 5xx are tried again with jitter (and `Retry-After`) for
 * training lines; a message is not, its caller falls back. After 5 failures in a row calls are refused
 * for 30 s.
 * @param fetch passed in; redirects are not followed, for they would take the key elsewhere
 * @throws OutsideError `embedding` where it does not answer as it should
 */
export async function openEndpoint(
  account: EndpointAccount,
  how: { readonly fetch: typeof globalThis.fetch; now(): number; readonly limits?: EndpointLimits },
): Promise<Embedder> {
  const call = limited(
    poster(account, how.fetch, () => how.now()),
    how.limits ?? {},
  );
  const closed = new AbortController();
  const [first] = await call(['hello'], closed.signal, false);
  const dims = first?.length ?? 0;
  const batch = how.limits?.batch ?? 64;
  return {
    id: `endpoint:${account.base}:${account.model}:${dims}`,
    dims,
    languages: ['zh', 'en'],
    async embed(texts, caller) {
      // Of its own for each call: a shared one would collect listeners.
      const signal = AbortSignal.any([closed.signal, ...(caller === undefined ? [] : [caller])]);
      const vectors: Float32Array[] = [];
      for (let at = 0; at < texts.length; at += batch) {
        if (signal.aborted) throw new LeftError(signal.reason);
        const part = texts.slice(at, at + batch);
        vectors.push(...(await call(part, signal, texts.length > 1)));
      }
      if (vectors.some((v) => v.length !== dims)) {
        throw embeddingError(`the endpoint's vectors are no longer ${dims} numbers long`, false);
      }
      return vectors;
    },
    close() {
      closed.abort();
      return Promise.resolve();
    },
  };
}
