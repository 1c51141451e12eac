import type { IncomingMessage } from 'node:http';
import { RequestError } from '../errors.ts';

/** Largest body of an ordinary request, in bytes. */
export const MAX_BODY = 64 * 1024;
const BODY_TIMEOUT_MS = 10_000;
const MAX_DEPTH = 64;

function tooLarge(maxBytes: number): RequestError {
  return new RequestError(413, 'MessageSizeTooBig', `The body is larger than ${maxBytes} bytes`);
}

function badBody(message: string): RequestError {
  return new RequestError(400, 'BadArgument', message);
}

/** Refuses compressed bodies: no caller sends them, and a small one may unpack to a huge one. */
export function refuseEncoded(request: IncomingMessage): void {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new RequestError(415, 'UnsupportedMediaType', 'Content-Encoding is not supported');
  }
}

/**
 * Reads a body into memory.
 * @param maxBytes default 64 KiB
 * @throws RequestError 413 too large, 415 compressed, 408 slower than 10 s, 400 ended early
 */
export async function readBody(request: IncomingMessage, maxBytes = MAX_BODY): Promise<Buffer> {
  refuseEncoded(request);
  if (request.destroyed) throw badBody('The body ended early');
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => {
      finish(new RequestError(408, 'RequestTimeout', 'The body took too long'));
    }, BODY_TIMEOUT_MS);
    function finish(error?: RequestError): void {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onEarly).off('error', onEarly);
      if (error === undefined) {
        resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size));
      } else reject(error);
    }
    function onData(chunk: Buffer): void {
      size += chunk.length;
      if (size > maxBytes) finish(tooLarge(maxBytes));
      else chunks.push(chunk);
    }
    function onEnd(): void {
      finish();
    }
    function onEarly(): void {
      finish(badBody('The body ended early'));
    }
    request.on('data', onData).on('end', onEnd).on('close', onEarly).on('error', onEarly);
  });
}

/**
 * Reads a JSON body; `undefined` where it is empty. Inside it, keys that reach prototypes are dropped,
 * NUL characters removed and lone surrogates replaced, so that any store can hold what is left.
 * @throws RequestError as {@link readBody}, 415 for another content type, 400 for malformed JSON
 */
export async function readJson(request: IncomingMessage, maxBytes = MAX_BODY): Promise<unknown> {
  const body = await readBody(request, maxBytes);
  if (body.length === 0) return undefined;
  const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';', 1);
  if (!/^application\/(?:[\w.-]{1,60}\+)?json$/.test(type.trim())) {
    throw new RequestError(415, 'UnsupportedMediaType', 'Content-Type must be application/json');
  }
  return parseJson(body);
}

/**
 * Parses JSON from a stranger, cleaned as {@link readJson} says.
 * @throws RequestError 400 malformed, or nested deeper than 64 levels
 */
export function parseJson(body: Buffer): unknown {
  try {
    return cleaned(JSON.parse(body.toString('utf8')), 0);
  } catch (error) {
    if (error instanceof RequestError) throw error;
    throw badBody('The body is not JSON');
  }
}

function cleaned(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanedText(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth >= MAX_DEPTH) throw badBody('The body is nested too deep');
  if (Array.isArray(value)) return value.map((item) => cleaned(item, depth + 1));
  const out: Record<string, unknown> = {};
  for (const [rawKey, item] of Object.entries(value)) {
    const key = cleanedText(rawKey);
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') continue;
    out[key] = cleaned(item, depth + 1);
  }
  return out;
}

function cleanedText(text: string): string {
  const whole = /[\ud800-\udfff]/.test(text) ? Buffer.from(text, 'utf8').toString('utf8') : text;
  return whole.includes('\0') ? whole.replaceAll('\0', '') : whole;
}
