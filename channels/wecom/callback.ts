import type { ServerResponse } from 'node:http';
import { readBody } from '../../src/channel/body.ts';
import type { RouteRequest } from '../../src/channel/channel.ts';
import type { Cipher } from '../../src/channel/tencent/cipher.ts';
import { leaf, parseXml } from '../../src/channel/tencent/xml.ts';
import { RequestError } from '../../src/errors.ts';

/** A signature older or newer than this is refused, in ms. */
const FRESH_MS = 5 * 60_000;
/** What WeCom asks to have decrypted when an address is entered is a number. */
const ECHO = /^[\w-]{1,128}$/;
/** Read by this alone until the signature over it is known to hold. */
const ENCRYPTED =
  /<Encrypt>\s{0,20}(?:<!\[CDATA\[)?([A-Za-z0-9+/=]{1,65000})(?:\]\]>)?\s{0,20}<\/Encrypt>/;

/** What a callback says: there is something to pull. */
export interface Callback {
  /** `Event`: `kf_msg_or_event`, or another. */
  readonly event: string;
  /** Empty where the callback names none. */
  readonly kfid: string;
  readonly token?: string;
}

interface Parts {
  readonly cipher: Cipher;
  readonly corpId: string;
  readonly now: number;
}

/**
 * Answers the check of the address (GET).
 * @throws RequestError 403 for anything that WeCom would not send: also for a message of another
 *   request, which must not be decrypted for whoever has seen it
 */
export function verifyAddress(request: RouteRequest, response: ServerResponse, parts: Parts): void {
  checkTime(request, parts.now);
  const echo = parts.cipher.open(signed(request), request.query.get('echostr') ?? '');
  if (!ECHO.test(echo)) throw forbidden();
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(echo);
}

/**
 * Verifies and reads a callback (POST). Nothing is parsed before the signature holds.
 * @throws RequestError 403 for a signature, time or receiver that is wrong, 400 for anything malformed
 */
export async function readCallback(request: RouteRequest, parts: Parts): Promise<Callback> {
  checkTime(request, parts.now);
  let body: Buffer;
  try {
    body = await readBody(request);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    throw new RequestError(400, 'BadArgument', 'The body is not that of a callback');
  }
  const encrypted = ENCRYPTED.exec(body.toString('latin1'))?.[1];
  if (encrypted === undefined) throw forbidden();
  const fields = parseXml(parts.cipher.open(signed(request), encrypted));
  if (leaf(fields, 'ToUserName') !== parts.corpId) throw forbidden();
  const token = leaf(fields, 'Token');
  const kfid = leaf(fields, 'OpenKfId') ?? '';
  return {
    event: leaf(fields, 'Event') ?? leaf(fields, 'MsgType') ?? '',
    kfid: /^[\w-]{1,64}$/.test(kfid) ? kfid : '',
    ...(token === undefined || token.length > 512 ? {} : { token }),
  };
}

function signed({ query }: RouteRequest): {
  msg_signature: string | null;
  timestamp: string | null;
  nonce: string | null;
} {
  return {
    msg_signature: query.get('msg_signature'),
    timestamp: query.get('timestamp'),
    nonce: query.get('nonce'),
  };
}

function checkTime({ query }: RouteRequest, now: number): void {
  const timestamp = query.get('timestamp') ?? '';
  const fresh =
    /^\d{1,12}$/.test(timestamp) && Math.abs(now - Number(timestamp) * 1000) <= FRESH_MS;
  if (!fresh) throw forbidden();
}

function forbidden(): RequestError {
  return new RequestError(403, 'Forbidden', 'The signature does not hold');
}
