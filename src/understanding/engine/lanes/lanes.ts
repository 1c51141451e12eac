import { assemble } from './assemble.ts';

/** Intents that are reckoned at once. */
export const LANES = 16;
/** Bytes of one number for each of them. */
export const ROW = 4 * LANES;
/** Bytes that WebAssembly counts its memory in. */
const PAGE = 65_536;
/** Pieces of memory that are taken at most; each begins at a multiple of {@link ROW}. */
const PIECES = 16;

/**
 * The loops of {@link assemble}. All parameters are byte offsets in the memory. A line is the row
 * offsets of its features from `ids` to `end` and as many `values`; `rows` has {@link LANES} weights
 * for each feature.
 */
export interface Kernel {
  /** Writes a line's {@link LANES} sums of weights times values to `out`. */
  readonly sum: (ids: number, end: number, values: number, rows: number, out: number) => void;
  /** Adds `steps`, {@link LANES} numbers, times the value of each feature of a line to its row. */
  readonly add: (ids: number, end: number, values: number, rows: number, steps: number) => void;
  /**
   * One step of dual coordinate descent for one line and {@link LANES} intents.
   * @param signs 1 for the line's own intent, -1 for others, 0 for a lane that is none
   * @param alphas dual variables of the line, changed in place
   * @param squares of the line: its length's square with the diagonal, and 1 through that
   * @param settings five times 4 equal numbers: 1, the diagonal, 0, the least step that is taken, and
   * the largest that was wished for, which is raised in place
   * @returns 0 where nothing moved
   */
  readonly descend: (
    ids: number,
    end: number,
    values: number,
    rows: number,
    signs: number,
    alphas: number,
    squares: number,
    settings: number,
  ) => number;
}

/** The memory that the loops of training work in, taken piece by piece and given back as a whole. */
export class Lanes {
  readonly kernel: Kernel;
  /** Numbers that it has room for. */
  readonly room: number;
  readonly #buffer: ArrayBuffer;
  #taken = 0;

  /** @param room numbers of 4 bytes that will be taken at most */
  constructor(room: number) {
    const pages = Math.ceil((4 * room + PIECES * ROW) / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages });
    const module = new WebAssembly.Module(assemble(pages));
    const instance = new WebAssembly.Instance(module, { lanes: { memory } });
    this.kernel = instance.exports as Kernel;
    this.#buffer = memory.buffer;
    this.room = room;
  }

  /** All zeros. */
  floats(count: number): Float32Array {
    return new Float32Array(this.#buffer, this.#take(count), count).fill(0);
  }

  /** All zeros. */
  ints(count: number): Int32Array {
    return new Int32Array(this.#buffer, this.#take(count), count).fill(0);
  }

  /** Gives everything back; whoever still has a piece must not use it. */
  clear(): void {
    this.#taken = 0;
  }

  #take(count: number): number {
    const at = this.#taken;
    this.#taken += Math.ceil(count / LANES) * ROW;
    return at;
  }
}
