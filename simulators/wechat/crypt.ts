import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { RequestError } from '../../src/errors.ts';

/**
 * The account's encryption as the platform's documents describe it (developers.weixin.qq.com, message
 * encryption and decryption): AES-256-CBC whose first 16 key bytes are the IV, PKCS#7 to blocks of 32,
 * `random(16) length(4) text appid` inside, and SHA-1 over the sorted parts as the signature.
 */
export interface Crypt {
  /** SHA-1 of the token and these parts, sorted and joined, in lower-case hex. */
  sign(...parts: readonly string[]): string;
  seal(text: string, random?: Buffer): string;
  /** @throws RequestError where it is not sealed for this account */
  open(sealed: string): string;
}

const BLOCK = 32;

/** @param aesKey the 43 characters of the EncodingAESKey */
export function createCrypt(token: string, aesKey: string, appId: string): Crypt {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const iv = key.subarray(0, 16);
  return {
    sign(...parts) {
      return createHash('sha1')
        .update([token, ...parts].sort().join(''))
        .digest('hex');
    },
    seal(text, random = randomBytes(16)) {
      const words = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(words.length);
      const plain = Buffer.concat([random, length, words, Buffer.from(appId)]);
      const pad = BLOCK - (plain.length % BLOCK);
      const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
      return Buffer.concat([
        cipher.update(Buffer.concat([plain, Buffer.alloc(pad, pad)])),
        cipher.final(),
      ]).toString('base64');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      if (bytes.length === 0 || bytes.length % BLOCK !== 0 || bytes.toString('base64') !== sealed) {
        throw notSealed('the cipher text is no base64 of whole blocks of 32 bytes');
      }
      const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
      const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);
      const pad = padded.at(-1) ?? 0;
      if (pad < 1 || pad > BLOCK || !padded.subarray(-pad).every((b) => b === pad)) {
        throw notSealed('the padding is wrong');
      }
      const plain = padded.subarray(0, -pad);
      const length = plain.length < 20 ? -1 : plain.readUInt32BE(16);
      if (length < 0 || length > plain.length - 20) throw notSealed('the length is wrong');
      const id = plain.subarray(20 + length).toString();
      if (id !== appId) throw notSealed(`it is sealed for "${id}"`);
      return plain.subarray(20, 20 + length).toString();
    },
  };
}

function notSealed(why: string): RequestError {
  return new RequestError(400, 'NotSealed', why);
}
