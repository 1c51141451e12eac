import type { Logger } from '../../log.ts';
import { OutsideError } from '../../errors.ts';
import { callProvider, type CallOptions, type ProviderAnswer } from '../provider-call.ts';
import type { AccessToken } from './access-token.ts';

/** The provider's own refusal. `code` is `provider-<errcode>`. */
export class ApiError extends OutsideError {
  override name = 'ApiError';
  readonly errcode: number;
  /** The provider's words, cut to 200 characters. */
  readonly errmsg: string;

  constructor(path: string, errcode: number, errmsg: string, retryable: boolean) {
    const words = errmsg.slice(0, 200);
    super(`provider-${errcode}`, `${path} answered ${errcode}: ${words}`, { retryable });
    this.errcode = errcode;
    this.errmsg = words;
  }
}

/** An answer in JSON; `errcode` is 0 or absent. */
export type ApiAnswer = Readonly<Record<string, unknown>>;

/** Bounds of one call that differ from the defaults (10 s, 4 MiB). */
export type ApiBounds = Pick<CallOptions, 'timeoutMs' | 'maxBytes' | 'signal'>;

/** A file to upload. */
export interface ApiFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** A file that was downloaded. */
export interface ApiDownload {
  readonly contentType: string;
  /** From Content-Disposition; absent where there is none. */
  readonly name?: string;
  readonly bytes: Buffer;
}

/** Calls with the account's access token. All of them throw {@link ApiError} or OutsideError. */
export interface Api {
  post(path: string, body: object, bounds?: ApiBounds): Promise<ApiAnswer>;
  get(path: string, query?: Query, bounds?: ApiBounds): Promise<ApiAnswer>;
  upload(
    path: string,
    query: Query,
    field: string,
    file: ApiFile,
    bounds?: ApiBounds,
  ): Promise<ApiAnswer>;
  /** A file, in memory: give `maxBytes` where 4 MiB is not the limit. */
  download(path: string, query: Query, bounds?: ApiBounds): Promise<ApiDownload>;
}

type Query = Readonly<Record<string, string>>;

/** The token is wrong or over: drop it, ask again, try once more. */
const BAD_TOKEN = new Set([40001, 40014, 42001]);
const BUSY = -1;
const BUSY_TRIES = 3;
const BUSY_WAIT_MS = 200;

/**
 * Makes the calls of one account, 公众号 (https://developers.weixin.qq.com/doc/service/api/) or
 * WeCom (https://developer.work.weixin.qq.com/document/path/90313): a refused token is renewed once,
 * "busy" (-1) tried three times in all.
 * @param parts.base origin of the API, without a trailing slash
 * @param parts.retryable codes whose ApiError is retryable, besides -1
 * @param parts.wait waits between tries, in ms; default a timer
 */
export function createApi(parts: {
  readonly base: string;
  readonly fetch: typeof globalThis.fetch;
  readonly token: AccessToken;
  readonly logger: Logger;
  readonly retryable?: readonly number[];
  readonly wait?: (ms: number) => Promise<void>;
}): Api {
  const { token, logger, retryable = [] } = parts;
  const wait = parts.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));

  async function call<T>(
    path: string,
    query: Query,
    options: CallOptions,
    read: (answer: ProviderAnswer) => T,
  ): Promise<T> {
    let renewed = false;
    for (let busy = 1; ;) {
      const held = await token.get();
      const search = new URLSearchParams({ access_token: held, ...query });
      const answer = await callProvider(
        parts.fetch,
        `${parts.base}${path}?${search.toString()}`,
        options,
      );
      try {
        return read(answer);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (BAD_TOKEN.has(error.errcode) && !renewed) {
          renewed = true;
          token.drop(held);
          logger.info({ path, errcode: error.errcode }, 'access token refused: asking for another');
        } else if (error.errcode === BUSY && busy < BUSY_TRIES) {
          busy += 1;
          await wait(BUSY_WAIT_MS * busy * (0.5 + Math.random()));
        } else throw error;
      }
    }
  }

  return {
    post: (path, body, bounds) =>
      call(
        path,
        {},
        {
          ...bounds,
          method: 'POST',
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: JSON.stringify(body),
        },
        (answer) => readAnswer(path, answer, retryable),
      ),
    get: (path, query = {}, bounds) =>
      call(path, query, { ...bounds }, (answer) => readAnswer(path, answer, retryable)),
    upload: (path, query, field, file, bounds) => {
      const form = new FormData();
      form.set(
        field,
        new Blob([new Uint8Array(file.bytes)], { type: file.contentType }),
        file.name,
      );
      return call(path, query, { timeoutMs: 30_000, ...bounds, method: 'POST', body: form }, (a) =>
        readAnswer(path, a, retryable),
      );
    },
    download: (path, query, bounds) =>
      call(path, query, { ...bounds }, (answer) => readFile(path, answer, retryable)),
  };
}

/**
 * Reads an answer in JSON, for calls without a token too. Message ids too long for a number stay text.
 * @throws ApiError where `errcode` is set and not 0, OutsideError `provider-answer` for no JSON (the
 *   outcome is unknown) and for a status of 400 or more
 */
export function readAnswer(
  path: string,
  answer: ProviderAnswer,
  retryable: readonly number[] = [],
): ApiAnswer {
  const parsed = parse(answer.body);
  if (parsed === undefined || (answer.status >= 300 && parsed.errcode === undefined)) {
    throw new OutsideError('provider-answer', `${path} answered ${answer.status} without JSON`, {
      retryable: false,
      unknownOutcome: answer.status < 300,
    });
  }
  const { errcode, errmsg } = parsed;
  if (errcode === undefined || errcode === 0) return parsed;
  const code = typeof errcode === 'number' ? errcode : Number.NaN;
  const words = typeof errmsg === 'string' ? errmsg : '';
  throw new ApiError(path, code, words, code === BUSY || retryable.includes(code));
}

function readFile(path: string, answer: ProviderAnswer, retryable: readonly number[]): ApiDownload {
  const { contentType, headers, body, status } = answer;
  const disposition = headers.get('content-disposition') ?? '';
  const json = /^(?:application\/json|text\/plain)/.test(contentType) && disposition === '';
  if (status >= 300 || (json && parse(body)?.errcode !== undefined)) {
    readAnswer(path, answer, retryable);
    throw new OutsideError('provider-answer', `${path} answered ${status} without a file`, {
      retryable: false,
    });
  }
  const name = fileName(disposition);
  return { contentType, bytes: body, ...(name === undefined ? {} : { name }) };
}

function parse(body: Buffer): Record<string, unknown> | undefined {
  try {
    const text = body
      .toString('utf8')
      .replaceAll(/"(msgid|msg_id|message_id)"(\s{0,4}):(\s{0,4})(\d{16,20})/g, '"$1"$2:$3"$4"');
    const parsed: unknown = JSON.parse(text);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The name in a Content-Disposition; headers arrive as latin1, names in them are UTF-8. */
function fileName(disposition: string): string | undefined {
  const star = /filename\*=utf-8''([^;]{1,600})/i.exec(disposition)?.[1];
  try {
    if (star !== undefined) return decodeURIComponent(star);
  } catch {
    return undefined;
  }
  const plain = /filename="?([^";]{1,300})/i.exec(disposition)?.[1];
  return plain === undefined ? undefined : Buffer.from(plain, 'latin1').toString('utf8');
}
