import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileFault } from '../../src/errors.ts';
import { FileError } from '../../src/errors.ts';
import { loadKnowledge } from '../../src/knowledge/load.ts';
import type { Snapshot } from '../../src/knowledge/load.ts';
import type { Knowledge } from '../../src/knowledge/types.ts';

const SHOP = join(import.meta.dirname, 'fixtures', 'shop');

/** 2026-11-22 in the shop's zone. */
export const NOW = Date.parse('2026-11-22T10:00:00+08:00');

/** A clock that stands still until it is moved. */
export class HeldClock {
  time: number;

  constructor(time = NOW) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }
}

/** A copy of the fixture shop that a test may change. */
export class ShopCopy {
  readonly dir: string;

  private constructor(dir: string) {
    this.dir = dir;
  }

  static async make(): Promise<ShopCopy> {
    const dir = await mkdtemp(join(tmpdir(), 'yingda-knowledge-'));
    await cp(SHOP, dir, { recursive: true });
    return new ShopCopy(dir);
  }

  path(file: string): string {
    return join(this.dir, file);
  }

  async read(file: string): Promise<string> {
    return readFile(this.path(file), 'utf8');
  }

  async write(file: string, text: string): Promise<void> {
    await writeFile(this.path(file), text);
  }

  async replace(file: string, from: string, to: string): Promise<void> {
    const text = await this.read(file);
    if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
    await this.write(file, text.replace(from, to));
  }

  async load(clock = new HeldClock()): Promise<Knowledge> {
    return loadKnowledge({ dir: this.dir, clock });
  }

  /** Faults of loading, their paths inside the folder. */
  async faults(): Promise<readonly FileFault[]> {
    try {
      await this.load();
    } catch (error) {
      if (error instanceof FileError) {
        return error.faults.map((f) => ({ ...f, file: f.file.slice(this.dir.length + 1) }));
      }
      throw error;
    }
    return [];
  }

  async remove(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** The fixture shop as it is. */
export async function loadShop(clock = new HeldClock()): Promise<Snapshot> {
  return loadKnowledge({ dir: SHOP, clock });
}
