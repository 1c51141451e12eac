/** Files that tell whether they are whole: magic, header length, SHA-256 of the rest, header, bytes. */
import { createHash } from 'node:crypto';

const SUM_LENGTH = 32;
const MAGIC_LENGTH = 4;
const SUM_AT = MAGIC_LENGTH + 4;
const HEADER_AT = SUM_AT + SUM_LENGTH;

/** What was sealed. */
export interface Sealed {
  readonly header: unknown;
  readonly bytes: Buffer;
}

const sumOf = (rest: Buffer): Buffer => createHash('sha256').update(rest).digest();

/**
 * The bytes of a file. What follows the header begins at a multiple of 8.
 * @param magic 4 Latin letters or digits; another one where the layout changes
 */
export function seal(magic: string, header: object, bytes: Uint8Array): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc((8 - ((HEADER_AT + json.length) % 8)) % 8, ' ');
  const rest = Buffer.concat([json, padding, bytes]);
  const start = Buffer.alloc(HEADER_AT);
  start.write(magic, 'latin1');
  start.writeUInt32LE(json.length + padding.length, MAGIC_LENGTH);
  sumOf(rest).copy(start, SUM_AT);
  return Buffer.concat([start, rest]);
}

/** What the file holds; `undefined` where it is not whole or begins otherwise. */
export function unseal(magic: string, file: Buffer): Sealed | undefined {
  if (file.length < HEADER_AT || file.toString('latin1', 0, MAGIC_LENGTH) !== magic) {
    return undefined;
  }
  if (!sumOf(file.subarray(HEADER_AT)).equals(file.subarray(SUM_AT, HEADER_AT))) return undefined;
  const end = HEADER_AT + file.readUInt32LE(MAGIC_LENGTH);
  const header: unknown = JSON.parse(file.toString('utf8', HEADER_AT, end));
  return { header, bytes: file.subarray(end) };
}
