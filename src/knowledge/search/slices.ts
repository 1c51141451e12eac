/** Words of a page: slices are cut from pages, so that growing never copies what is there. */
const PAGE_BITS = 20;
const PAGE = 2 ** PAGE_BITS;

/** Numbers in a row, somewhere in a {@link Slices}. */
export interface Slice {
  readonly words: Uint32Array;
  /** Index of the first in `words`. */
  readonly start: number;
}

/**
 * Cuts runs of 32-bit numbers from large pages, and takes them back: hundreds of thousands of short
 * lists that grow and go, at 4 bytes a number and without an object each.
 * Names of slices are numbers above 0.
 */
export class Slices {
  readonly #pages: Uint32Array[] = [];
  /** Names of slices that were given back, by their size. */
  readonly #free = new Map<number, number[]>();
  #page = -1;
  #used = PAGE;

  /** What a slice for `count` numbers really holds: at most a quarter more. */
  static room(count: number): number {
    if (count <= 8) return Math.max(1, count);
    const step = 2 ** (Math.floor(Math.log2(count)) - 2);
    return Math.ceil(count / step) * step;
  }

  /** @param room a result of {@link Slices.room}; the numbers in the slice may be anything */
  take(room: number): number {
    const known = this.#free.get(room)?.pop();
    if (known !== undefined) return known;
    if (room > PAGE) {
      this.#pages.push(new Uint32Array(room));
      return (this.#pages.length - 1) * PAGE + 1;
    }
    if (this.#used + room > PAGE) {
      this.#page = this.#pages.push(new Uint32Array(PAGE)) - 1;
      this.#used = 0;
    }
    const name = this.#page * PAGE + this.#used + 1;
    this.#used += room;
    return name;
  }

  /** @param room what it was taken with */
  give(name: number, room: number): void {
    const same = this.#free.get(room);
    if (same === undefined) this.#free.set(room, [name]);
    else same.push(name);
  }

  /** The page of a slice, and where in it the slice begins. */
  at(name: number): Slice {
    const place = name - 1;
    const page = Math.floor(place / PAGE);
    return { words: this.#pages[page] ?? EMPTY, start: place - page * PAGE };
  }

  /** Bytes of all pages. */
  get bytes(): number {
    return this.#pages.reduce((sum, page) => sum + page.byteLength, 0);
  }
}

const EMPTY = new Uint32Array(0);
