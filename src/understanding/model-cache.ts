import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Files of one kind kept, of all languages together. */
const KEPT = 5;

/** What was trained, on disk, `<key>.<kind>` each. What is missing or unreadable is only trained again. */
export class ModelCache {
  readonly #dir: string;
  readonly #ending: string;

  /**
   * @param dir made when the first file is written
   * @param kind `bin` for models (default), `look` for second looks
   */
  constructor(dir: string, kind: 'bin' | 'look' = 'bin') {
    this.#dir = dir;
    this.#ending = `.${kind}`;
  }

  /** The bytes as they are: the caller checks that they are whole. `undefined` where there are none. */
  async read(key: string): Promise<Buffer | undefined> {
    try {
      return await readFile(this.#path(key));
    } catch {
      return undefined;
    }
  }

  /**
   * Writes beside and renames, so that no reader ever sees half a file. Then deletes all but the
   * newest 5, never one of `inUse`.
   */
  async write(key: string, bytes: Buffer, inUse: ReadonlySet<string>): Promise<void> {
    await mkdir(this.#dir, { recursive: true });
    const beside = `${this.#path(key)}.${process.pid}.tmp`;
    const file = await open(beside, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, this.#path(key));
    await this.#prune(inUse);
  }

  async #prune(inUse: ReadonlySet<string>): Promise<void> {
    const names = (await readdir(this.#dir)).filter((name) => name.endsWith(this.#ending));
    const dated = await Promise.all(
      names.map(async (name) => ({ name, at: (await stat(join(this.#dir, name))).mtimeMs })),
    );
    dated.sort((a, b) => b.at - a.at);
    for (const { name } of dated.slice(KEPT)) {
      if (!inUse.has(name.slice(0, -this.#ending.length)))
        await rm(join(this.#dir, name), { force: true });
    }
  }

  #path(key: string): string {
    return join(this.#dir, key + this.#ending);
  }
}
