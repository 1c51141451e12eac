import type { GroupCommit } from './group-commit.ts';
import type { MetaRows } from './meta-rows.ts';

/**
 * Counts up. A block of numbers is set aside on disk before the first of it is handed out: after a
 * crash the rest of the block is skipped and nothing is handed out twice.
 */
export class NumberBlocks {
  readonly #group: GroupCommit;
  readonly #meta: MetaRows;
  readonly #how: { name: string; first: number; block: number };
  #next = 0;
  #end = 0;
  #reserving: Promise<void> | undefined;

  constructor(
    group: GroupCommit,
    meta: MetaRows,
    how: { name: string; first: number; block: number },
  ) {
    this.#group = group;
    this.#meta = meta;
    this.#how = how;
  }

  async next(): Promise<number> {
    while (this.#next >= this.#end) {
      this.#reserving ??= this.#reserve().finally(() => (this.#reserving = undefined));
      await this.#reserving;
    }
    this.#next += 1;
    return this.#next - 1;
  }

  #reserve(): Promise<void> {
    const { name, first, block } = this.#how;
    const reserved = this.#group.run(
      () => {
        const start = this.#meta.get(name) ?? first;
        this.#meta.set(name, start + block);
        return start;
      },
      (start) => {
        this.#next = start;
        this.#end = start + block;
      },
    );
    return reserved.then(() => undefined);
  }
}
