import { RequestError } from '../../src/errors.ts';
import type { Cipher } from '../../src/channel/tencent/cipher.ts';
import type { Mode } from './account.ts';

/** How far a timestamp may be off our clock, in ms. */
const WINDOW_MS = 5 * 60 * 1000;
const MAX_NONCES = 100_000;
/** Nothing WeChat signs with is longer. */
const MAX_VALUE = 128;
const MAX_PARTS = 4;

/** Decides whether a request comes from WeChat, before anything of its body is parsed. */
export interface Verifier {
  /**
   * The answer to `GET ?signature&timestamp&nonce&echostr`: `echostr` as it came
   * (https://developers.weixin.qq.com/doc/service/guide/dev/push/).
   * @throws RequestError 403
   */
  address(query: URLSearchParams): string;
  /**
   * What can be told of a POST without its body: time, nonce and `signature`.
   * @throws RequestError 403
   */
  envelope(query: URLSearchParams): void;
  /**
   * The XML of a message, checked and decrypted as the account's mode asks. Of a body that holds the
   * message both encrypted and clear only the encrypted one counts.
   * @throws RequestError 403 for what is not WeChat's, or not encrypted where it must be
   */
  message(query: URLSearchParams, body: string): string;
}

/** @param now milliseconds since 1970, by our clock */
export function createVerifier(parts: {
  readonly cipher: Cipher;
  readonly mode: Mode;
  readonly now: () => number;
}): Verifier {
  const { cipher, mode, now } = parts;
  const seen = new OnceOnly(now);

  function inTime(query: URLSearchParams): void {
    for (const value of query.values()) if (value.length > MAX_VALUE) throw refused();
    const timestamp = query.get('timestamp') ?? '';
    if (!/^\d{9,11}$/.test(timestamp)) throw refused();
    if (Math.abs(now() - Number(timestamp) * 1000) > WINDOW_MS) throw refused();
  }

  function signed(query: URLSearchParams): boolean {
    return cipher.signed({
      signature: query.get('signature'),
      timestamp: query.get('timestamp'),
      nonce: query.get('nonce'),
    });
  }

  return {
    address: (query) => {
      const echo = query.get('echostr') ?? '';
      inTime(query);
      if (!signed(query) || echo === '') throw refused();
      return echo;
    },
    envelope: (query) => {
      inTime(query);
      // Encrypted messages have a signature of their own, which covers the message.
      const bare = mode !== 'plain' && !query.has('signature');
      if (!bare && !signed(query)) throw refused();
    },
    message: (query, body) => {
      if (mode === 'plain') {
        // The signature does not cover the body: with it, anybody who saw one could send another.
        const use = `${query.get('timestamp') ?? ''}:${query.get('nonce') ?? ''}`;
        if (!seen.take(use)) throw refused();
        return body;
      }
      const signature = {
        msg_signature: query.get('msg_signature'),
        timestamp: query.get('timestamp'),
        nonce: query.get('nonce'),
      };
      return opened(encryptedParts(body), (encrypted) => cipher.open(signature, encrypted));
    },
  };
}

/**
 * What stands in `<Encrypt>`, found without reading the rest. Beside it, clear text may hold the same
 * words, so the signature tells which is meant.
 */
function encryptedParts(body: string): string[] {
  const found = body.matchAll(
    /<Encrypt>\s{0,8}(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?\s{0,8}<\/Encrypt>/g,
  );
  return Array.from(found, (match) => match[1] ?? '').slice(0, MAX_PARTS);
}

function opened(parts: readonly string[], open: (encrypted: string) => string): string {
  for (const encrypted of parts) {
    try {
      return open(encrypted);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
    }
  }
  throw refused();
}

/** Remembers what was used, for as long as it could be used again. */
class OnceOnly {
  readonly #now: () => number;
  readonly #used = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  take(use: string): boolean {
    const now = this.#now();
    for (const [old, until] of this.#used) {
      if (until > now && this.#used.size < MAX_NONCES) break;
      this.#used.delete(old);
    }
    if (this.#used.has(use)) return false;
    this.#used.set(use, now + 2 * WINDOW_MS);
    return true;
  }
}

function refused(): RequestError {
  return new RequestError(403, 'Forbidden', 'The signature does not hold');
}
