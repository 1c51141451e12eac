import { createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { encrypt, getSignature } from '@wecom/crypto';
import { RequestError } from '../../errors.ts';

/** What a callback of Tencent's carries in its query, as received. */
export interface SignedQuery {
  readonly timestamp: string | null;
  readonly nonce: string | null;
}

/** Signs, encrypts and checks the callbacks of one account: the scheme that 公众号 and WeCom share. */
export interface Cipher {
  /**
   * Whether `signature` is the one of token, timestamp and nonce. Compared in constant time.
   * Trap: it covers no body.
   */
  signed(query: SignedQuery & { readonly signature: string | null }): boolean;
  /**
   * Checks `msg_signature`, then decrypts.
   * @param encrypted base64, as it stood in `<Encrypt>` or `echostr`
   * @returns the clear text
   * @throws RequestError 403 for any fault: signature, length, padding, another receiver
   */
  open(query: SignedQuery & { readonly msg_signature: string | null }, encrypted: string): string;
  /** Encrypts an answer. */
  seal(text: string, timestamp: string, nonce: string): { encrypted: string; signature: string };
}

/** PKCS#7 to blocks of 32 bytes, also where AES has blocks of 16. */
const BLOCK = 32;
/** Random bytes and the length in front of the text. */
const HEAD = 20;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** What is wrong with an EncodingAESKey; `undefined` where nothing is. */
export function aesKeyFault(key: string): string | undefined {
  if (/^[A-Za-z0-9+/]{43}$/.test(key)) return undefined;
  return `must be the EncodingAESKey: 43 letters and digits (it has ${key.length} characters)`;
}

/**
 * The cipher of one account (WXBizMsgCrypt:
 * https://developer.work.weixin.qq.com/document/path/90968).
 * @param parts.aesKey the EncodingAESKey, see {@link aesKeyFault}. Without one `open` refuses everything.
 * @param parts.receiveId AppID (公众号) or CorpID (WeCom): what is meant for others is refused
 * @param parts.random 16 bytes for each text sealed; default the system's
 */
export function createCipher(parts: {
  readonly token: string;
  readonly aesKey?: string;
  readonly receiveId: string;
  readonly random?: () => Buffer;
}): Cipher {
  const { token, aesKey = '', receiveId, random = () => randomBytes(16) } = parts;
  const key = Buffer.from(`${aesKey}=`, 'base64');

  function decrypt(encrypted: string): string {
    if (key.length !== 32 || !BASE64.test(encrypted)) throw refused();
    const bytes = Buffer.from(encrypted, 'base64');
    if (bytes.length === 0 || bytes.length % BLOCK !== 0) throw refused();
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
    decipher.setAutoPadding(false);
    const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);
    const plain = unpadded(padded);
    if (plain.length < HEAD) throw refused();
    const end = HEAD + plain.readUInt32BE(16);
    if (end > plain.length || plain.toString('utf8', end) !== receiveId) throw refused();
    return plain.toString('utf8', HEAD, end);
  }

  return {
    signed: ({ signature, timestamp, nonce }) =>
      sameText(signature ?? '', sha1([token, timestamp ?? '', nonce ?? ''])),
    open: ({ msg_signature, timestamp, nonce }, encrypted) => {
      const right = getSignature(token, timestamp ?? '', nonce ?? '', encrypted);
      if (!sameText(msg_signature ?? '', right)) throw refused();
      return decrypt(encrypted);
    },
    seal: (text, timestamp, nonce) => {
      const encrypted = encrypt(aesKey, text, receiveId, random());
      return { encrypted, signature: getSignature(token, timestamp, nonce, encrypted) };
    },
  };
}

/** SHA-1 of the parts, sorted and joined, in hex. */
function sha1(parts: readonly string[]): string {
  return createHash('sha1').update(parts.toSorted().join('')).digest('hex');
}

function unpadded(padded: Buffer): Buffer {
  const pad = padded.at(-1) ?? 0;
  if (pad < 1 || pad > BLOCK || pad > padded.length) throw refused();
  const body = padded.length - pad;
  if (padded.subarray(body).some((byte) => byte !== pad)) throw refused();
  return padded.subarray(0, body);
}

function sameText(given: string, right: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** One and the same for every fault, so that answers tell nothing about the clear text. */
function refused(): RequestError {
  return new RequestError(403, 'Forbidden', 'The signature does not hold');
}
