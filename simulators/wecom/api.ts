/** The provider's HTTP server: tokens, files and the calls. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GETS, POSTS } from './calls.ts';
import type { Corp } from './corp.ts';
import { readUpload } from './media.ts';
import { Refusal, type Fields } from './refusal.ts';

const TOKEN_SECONDS = 7200;
const MOST_BYTES = 1024 * 1024;

/** What the API reports and asks. */
export interface ApiOptions {
  readonly refused: (call: string, why: string, code: number) => void;
  readonly fault: (call: string) => number | undefined;
  readonly cut: (call: string) => 'before' | 'after' | undefined;
}

/** Answers under `/cgi-bin/`. */
export class Api {
  /** How often each call was made, refused ones too. */
  readonly calls = new Map<string, number>();
  readonly #corp: Corp;
  readonly #options: ApiOptions;
  #token: { value: string; until: number } | undefined;

  constructor(corp: Corp, options: ApiOptions) {
    this.#corp = corp;
    this.#options = options;
  }

  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const call = url.pathname.slice('/cgi-bin/'.length);
    this.calls.set(call, (this.calls.get(call) ?? 0) + 1);
    const cut = this.#options.cut(call);
    if (cut === 'before') {
      response.destroy();
      return;
    }
    if (cut === 'after') response.end = (() => response.destroy()) as typeof response.end;
    const fault = this.#options.fault(call);
    if (fault !== undefined && fault >= 500 && fault < 600) {
      request.resume();
      response.statusCode = fault;
      response.end();
      return;
    }
    try {
      if (fault !== undefined) throw new Refusal(fault, 'a fault that was asked for');
      await this.#do(call, request, response, url.searchParams);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      request.resume();
      if (fault === undefined) this.#options.refused(call, error.message, error.code);
      reply(response, { errcode: error.code, errmsg: error.message });
    }
  }

  async #do(
    call: string,
    request: IncomingMessage,
    response: ServerResponse,
    query: URLSearchParams,
  ): Promise<void> {
    if (call === 'gettoken') return this.#giveToken(response, query);
    this.#checkToken(query.get('access_token'));
    if (call === 'media/get') {
      const file = this.#corp.media.get(query.get('media_id') ?? '');
      const name = encodeURIComponent(file.name);
      response.setHeader('Content-Type', file.contentType);
      response.setHeader('Content-Disposition', `attachment; filename="${name}"`);
      response.end(file.bytes);
      return;
    }
    if (call === 'media/upload') {
      const { name, contentType, bytes } = await readUpload(request);
      const file = this.#corp.media.keep(query.get('type') ?? '', name, contentType, bytes);
      const created = String(Math.floor(file.at / 1000));
      return ok(response, { type: file.type, media_id: file.id, created_at: created });
    }
    const known = (request.method === 'POST' ? POSTS : GETS).get(call);
    if (known === undefined) throw new Refusal(40066, `no ${request.method ?? ''} ${call}`);
    const body = request.method === 'POST' ? await readJson(request) : {};
    return ok(response, known(this.#corp, body, query));
  }

  #giveToken(response: ServerResponse, query: URLSearchParams): void {
    if (query.get('corpid') !== this.#corp.id) throw new Refusal(40013, 'invalid corpid');
    if (query.get('corpsecret') !== this.#corp.secret) throw new Refusal(40001, 'invalid secret');
    const now = this.#corp.clock.now();
    if (this.#token === undefined || this.#token.until <= now) {
      const value = randomBytes(160).toString('base64url');
      this.#token = { value, until: now + TOKEN_SECONDS * 1000 };
    }
    const left = Math.floor((this.#token.until - now) / 1000);
    ok(response, { access_token: this.#token.value, expires_in: left });
  }

  #checkToken(given: string | null): void {
    if (given === null || given === '') throw new Refusal(41001, 'access_token missing');
    if (given !== this.#token?.value) throw new Refusal(40014, 'invalid access_token');
    if (this.#token.until <= this.#corp.clock.now())
      throw new Refusal(42001, 'access_token expired');
  }
}

async function readJson(request: IncomingMessage): Promise<Fields> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MOST_BYTES) throw new Refusal(45001, 'the body is too large');
    parts.push(part);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Fields;
  } catch {
    // Answered below.
  }
  throw new Refusal(47001, 'wrong json format');
}

function ok(response: ServerResponse, more: Fields): void {
  reply(response, { errcode: 0, errmsg: 'ok', ...more });
}

function reply(response: ServerResponse, body: Fields): void {
  if (response.headersSent) return;
  response.setHeader('Content-Type', 'application/json; charset=UTF-8');
  response.end(JSON.stringify(body));
}
