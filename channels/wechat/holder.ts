import type { ServerResponse } from 'node:http';
import { buildXml } from '../../src/channel/tencent/xml.ts';
import type { Cipher } from '../../src/channel/tencent/cipher.ts';
import type { Push } from './codec.ts';
import type { Holder, Passive } from './passive.ts';

/** How answers to one push are written. */
export interface Writing {
  readonly cipher: Cipher;
  /** `success` is sent in clear in every mode. */
  readonly encrypt: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
}

/** The body that answers a push. */
export function passiveBody(
  passive: Passive,
  { openId, ghId }: Pick<Push, 'openId' | 'ghId'>,
  { cipher, encrypt, now, newId }: Writing,
): string {
  if (passive.kind === 'success') return 'success';
  const seconds = Math.floor(now() / 1000);
  const transfer = passive.kind === 'transfer';
  const xml = buildXml({
    ToUserName: openId,
    FromUserName: ghId,
    CreateTime: seconds,
    MsgType: transfer ? 'transfer_customer_service' : 'text',
    ...(transfer ? {} : { Content: passive.text }),
  });
  if (!encrypt) return xml;
  const nonce = newId()
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, 16);
  const { encrypted, signature } = cipher.seal(xml, String(seconds), nonce);
  return buildXml({
    Encrypt: encrypted,
    MsgSignature: signature,
    TimeStamp: seconds,
    Nonce: nonce,
  });
}

/** Holds a response open until it is answered, dropped, or given up by the peer. */
export function holdResponse(
  response: ServerResponse,
  write: (passive: Passive) => string,
): Holder {
  let ended = false;
  const gone = new Promise<void>((resolve) => response.once('close', resolve));
  return {
    gone,
    answer: async (passive) => {
      if (ended) return false;
      ended = true;
      // A connection that was cut meanwhile is seen in the next round of the event loop only.
      await new Promise((resolve) => setImmediate(resolve));
      if (response.destroyed || response.socket?.readableEnded === true) return false;
      const body = write(passive);
      const type = passive.kind === 'success' ? 'text/plain' : 'application/xml';
      response.statusCode = 200;
      response.setHeader('Content-Type', `${type}; charset=utf-8`);
      response.setHeader('Content-Length', Buffer.byteLength(body));
      return new Promise((resolve) => {
        response.once('finish', () => resolve(response.socket?.destroyed !== true));
        response.once('close', () => resolve(response.writableFinished));
        response.end(body);
      });
    },
    drop: () => {
      if (ended) return;
      ended = true;
      response.destroy();
    },
  };
}
