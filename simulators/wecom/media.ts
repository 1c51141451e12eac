/**
 * Temporary files, by https://developer.work.weixin.qq.com/document/path/90253 and /90254.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Busboy } from '@fastify/busboy';
import { Refusal } from './refusal.ts';

const KEPT_MS = 3 * 86_400_000;
const MB = 1024 * 1024;
/** Most bytes of each type; the least is 6. */
const MOST: Readonly<Record<string, number>> = {
  image: 10 * MB,
  voice: 2 * MB,
  video: 10 * MB,
  file: 20 * MB,
};
const PICTURES: readonly (readonly [string, string])[] = [
  ['89504e470d0a1a0a', 'image/png'],
  ['ffd8ff', 'image/jpeg'],
];

/** A file that is kept for three days. */
export interface MediaFile {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly at: number;
}

/** The files of a corporation. */
export class Media {
  readonly #clock: { now(): number };
  readonly #files = new Map<string, MediaFile>();

  constructor(clock: { now(): number }) {
    this.#clock = clock;
  }

  /** @throws Refusal 40005 for a type that does not exist, 40006 for a size, 40004 for what is no such file */
  keep(type: string, name: string, contentType: string, bytes: Buffer): MediaFile {
    const most = Object.hasOwn(MOST, type) ? MOST[type] : undefined;
    if (most === undefined) throw new Refusal(40005, 'invalid type');
    if (bytes.length < 6 || bytes.length > most) throw new Refusal(40006, `${bytes.length} bytes`);
    const picture = PICTURES.find(([magic]) => bytes.toString('hex', 0, 8).startsWith(magic));
    if (type === 'image' && !picture) throw new Refusal(40004, 'neither JPG nor PNG');
    const at = this.#clock.now();
    for (const file of this.#files.values()) {
      if (at - file.at > KEPT_MS) this.#files.delete(file.id);
    }
    const id = randomBytes(32).toString('base64url');
    const file = { id, type, name, contentType: picture?.[1] ?? contentType, bytes, at };
    this.#files.set(id, file);
    return file;
  }

  /**
   * @param types those that fit; default all
   * @throws Refusal 40007 where it is unknown, over or of another type
   */
  get(id: string, types?: readonly string[]): MediaFile {
    const file = this.#files.get(id);
    if (file === undefined || this.#clock.now() - file.at > KEPT_MS) {
      throw new Refusal(40007, 'invalid media_id');
    }
    if (types?.includes(file.type) === false) throw new Refusal(40007, `media_id of ${file.type}`);
    return file;
  }
}

/** Reads the one file of an upload, in the field `media`. @throws Refusal 44001 where there is none */
export async function readUpload(
  request: IncomingMessage,
): Promise<{ name: string; contentType: string; bytes: Buffer }> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) {
    request.resume();
    throw new Refusal(44001, 'no multipart/form-data');
  }
  const found = await new Promise<{ name: string; contentType: string; bytes: Buffer } | undefined>(
    (resolve, reject) => {
      let file: { name: string; contentType: string; bytes: Buffer } | undefined;
      const busboy = new Busboy({
        headers: { ...request.headers, 'content-type': type },
        limits: { files: 1, fileSize: 21 * MB },
      });
      busboy.on('file', (field, stream, name, _encoding, contentType) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          if (field === 'media') file = { name, contentType, bytes: Buffer.concat(parts) };
        });
      });
      busboy.once('finish', () => resolve(file));
      busboy.once('error', reject);
      request.once('error', reject);
      request.pipe(busboy);
    },
  );
  if (found === undefined) throw new Refusal(44001, 'empty media data');
  return found;
}
