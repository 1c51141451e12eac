/**
 * The provider's side of the callback encryption, by
 * https://developer.work.weixin.qq.com/document/path/90968
 */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';

const BLOCK = 32;

/** `msg_signature`: SHA-1 of the sorted values. */
export function signatureOf(...values: readonly string[]): string {
  return createHash('sha1')
    .update([...values].sort().join(''), 'utf8')
    .digest('hex');
}

/**
 * Encrypts a message for a receiver: 16 random bytes, the length, the message and the receiver's id,
 * padded to blocks of 32 bytes, AES-256-CBC.
 * @param aesKey EncodingAESKey, 43 characters
 */
export function seal(message: string, receiver: string, aesKey: string): string {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const body = Buffer.from(message, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const plain = Buffer.concat([randomBytes(16), length, body, Buffer.from(receiver, 'utf8')]);
  const fill = BLOCK - (plain.length % BLOCK);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([plain, Buffer.alloc(fill, fill)]);
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64');
}
