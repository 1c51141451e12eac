/** Vectors of training lines on disk: encoding 1,500 of them takes 10 s, reading them no time. */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackedVector } from './small-vectors.ts';

/** Most vectors in one file; 512 numbers each make 26 MB. */
const MOST_VECTORS = 50_000;
/** Files kept, of all encoders together. */
const MOST_FILES = 3;
/** First bytes; the digit changes with the layout. */
const MAGIC = 'YDV1';
const SUM_AT = 8;
const HEADER = SUM_AT + 32;
/** The first 16 bytes of a text's SHA-256 name its vector. */
const NAME = 16;

function nameOf(text: string): string {
  return createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, 2 * NAME);
}

/**
 * One file for each encoder, `<hash of its id>.vec`, beside the models. A text finds its vector by
 * content, so a changed line costs one call. A missing, damaged or foreign file is an empty one.
 */
export class VectorFile {
  readonly #dir: string;
  readonly #path: string;
  readonly #dims: number;

  /** @param dir made when the first vector is written */
  constructor(dir: string, id: string, dims: number) {
    const hash = createHash('sha256').update(`${id}\n${dims}`).digest('hex').slice(0, 32);
    this.#dir = dir;
    this.#path = join(dir, `${hash}.vec`);
    this.#dims = dims;
  }

  /** The vectors of the texts that are there, by text. */
  async read(texts: readonly string[]): Promise<ReadonlyMap<string, PackedVector>> {
    const byName = await this.#load();
    const found = new Map<string, PackedVector>();
    for (const text of texts) {
      const vector = byName.get(nameOf(text));
      if (vector !== undefined) found.set(text, vector);
    }
    return found;
  }

  /**
   * Adds vectors and writes beside and renames, so that no reader ever sees half a file. Past 50,000
   * the ones written longest ago go. Then deletes all `.vec` files but the newest 3.
   */
  async add(vectors: ReadonlyMap<string, PackedVector>): Promise<void> {
    const all = await this.#load();
    for (const [text, vector] of vectors) {
      const name = nameOf(text);
      all.delete(name);
      all.set(name, vector);
    }
    for (const oldest of all.keys()) {
      if (all.size <= MOST_VECTORS) break;
      all.delete(oldest);
    }
    await mkdir(this.#dir, { recursive: true });
    const beside = `${this.#path}.${process.pid}.tmp`;
    const file = await open(beside, 'w');
    try {
      await file.writeFile(this.#encode(all));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, this.#path);
    await this.#prune();
  }

  #encode(all: ReadonlyMap<string, PackedVector>): Buffer {
    const record = NAME + 4 + this.#dims;
    const out = Buffer.alloc(HEADER + record * all.size);
    out.write(MAGIC, 'latin1');
    out.writeUInt32LE(this.#dims, MAGIC.length);
    let at = HEADER;
    for (const [name, { bytes, scale }] of all) {
      out.write(name, at, 'hex');
      out.writeFloatLE(scale, at + NAME);
      out.set(new Uint8Array(bytes.buffer, bytes.byteOffset, this.#dims), at + NAME + 4);
      at += record;
    }
    createHash('sha256').update(out.subarray(HEADER)).digest().copy(out, SUM_AT);
    return out;
  }

  async #load(): Promise<Map<string, PackedVector>> {
    const record = NAME + 4 + this.#dims;
    const all = new Map<string, PackedVector>();
    const file = await readFile(this.#path).catch(() => Buffer.alloc(0));
    if (file.length < HEADER || file.toString('latin1', 0, MAGIC.length) !== MAGIC) return all;
    const sum = createHash('sha256').update(file.subarray(HEADER)).digest();
    if (!sum.equals(file.subarray(SUM_AT, HEADER))) return all;
    for (let at = HEADER; at + record <= file.length; at += record) {
      const bytes = new Int8Array(file.buffer, file.byteOffset + at + NAME + 4, this.#dims);
      all.set(file.toString('hex', at, at + NAME), { bytes, scale: file.readFloatLE(at + NAME) });
    }
    return all;
  }

  async #prune(): Promise<void> {
    const names = (await readdir(this.#dir)).filter((name) => name.endsWith('.vec'));
    const dated = await Promise.all(
      names.map(async (name) => ({ name, at: (await stat(join(this.#dir, name))).mtimeMs })),
    );
    dated.sort((a, b) => b.at - a.at);
    for (const { name } of dated.slice(MOST_FILES))
      await rm(join(this.#dir, name), { force: true });
  }
}
