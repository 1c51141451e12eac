import { messageOf, OutsideError } from '../errors.ts';

/** How one call is made. */
export interface CallOptions {
  /** Default `GET`. */
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | FormData | Uint8Array<ArrayBuffer>;
  /** For the whole call, its body included, in ms. Default 10,000. */
  readonly timeoutMs?: number;
  /** Largest answer. Default 4 MiB. */
  readonly maxBytes?: number;
  /** Gives the call up early. */
  readonly signal?: AbortSignal;
}

/** An answer, read to its end. */
export interface ProviderAnswer {
  readonly status: number;
  /** As sent, in lower case; empty where there is none. */
  readonly contentType: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 4 * 1024 * 1024;

/** Codes of errors that come before a byte of the request is on its way. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * Calls a provider once, within bounds of time and size. Redirects are not followed.
 * Trap: 4xx answers are returned, 429 and 5xx are thrown.
 * @throws OutsideError `provider-unreachable` (nothing was sent: retryable), `provider-timeout`,
 *   `provider-broke` (the connection ended) and `provider-status` (429, 5xx). Of these a GET is
 *   retryable; a POST has an unknown outcome, except for 429 and 503, which are retryable.
 *   `provider-too-large` is neither, but for a POST the outcome is unknown.
 *   Messages name the host and path only: queries hold tokens.
 */
export async function callProvider(
  fetch: typeof globalThis.fetch,
  url: string,
  options: CallOptions = {},
): Promise<ProviderAnswer> {
  const { method = 'GET', timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = options;
  const { host, pathname } = new URL(url);
  const what = `${method} ${host}${pathname}`;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  const signal = options.signal ? AbortSignal.any([late.signal, options.signal]) : late.signal;
  const taken = { retryable: method === 'GET', unknownOutcome: method === 'POST' };
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal,
      ...(options.headers ? { headers: options.headers } : {}),
      ...(options.body === undefined ? {} : { body: options.body }),
    });
    const { status, headers } = response;
    if (status === 429 || status >= 500) {
      await response.body?.cancel().catch(() => undefined);
      const turnedAway = status === 429 || status === 503;
      throw new OutsideError(
        'provider-status',
        `${what} answered ${status}`,
        turnedAway ? { retryable: true } : taken,
      );
    }
    const body = await readAnswerBody(response, maxBytes, what, taken.unknownOutcome);
    return {
      status,
      headers,
      contentType: (headers.get('content-type') ?? '').toLowerCase(),
      body,
    };
  } catch (error) {
    if (error instanceof OutsideError) throw error;
    if (late.signal.aborted) {
      throw new OutsideError(
        'provider-timeout',
        `${what} gave no answer in ${timeoutMs} ms`,
        taken,
      );
    }
    const code = codeOf(error);
    if (code !== undefined && NOT_SENT.has(code)) {
      throw new OutsideError('provider-unreachable', `${what} can't be reached: ${code}`, {
        retryable: true,
      });
    }
    throw new OutsideError('provider-broke', `${what} broke off: ${code ?? nameOf(error)}`, taken);
  } finally {
    clearTimeout(timer);
  }
}

async function readAnswerBody(
  response: Response,
  maxBytes: number,
  what: string,
  unknownOutcome: boolean,
): Promise<Buffer> {
  if (!response.body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new OutsideError('provider-too-large', `${what} answered more than ${maxBytes} bytes`, {
        retryable: false,
        unknownOutcome,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** The system's code of a failed fetch, which stands in its cause (or in the first of several). */
function codeOf(error: unknown): string | undefined {
  let at: unknown = error;
  for (let depth = 0; depth < 4 && typeof at === 'object' && at !== null; depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) at = at.errors[0];
    else at = (at as { cause?: unknown }).cause;
  }
  return undefined;
}

/** Never the message: fetch repeats the whole address in some. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : messageOf(typeof error);
}
