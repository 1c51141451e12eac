import { factor, substitute } from '../../learning/cholesky.ts';

/** What keeps the bias from being singular. */
const EPSILON = 1e-3;

/**
 * One linear function of a vector for each intent, fitted to 1 for its own lines and 0 for others
 * (ridge regression). Sums are kept apart from solving, so that one pass over the lines serves many
 * strengths of regularisation, and a model of all lines is one of some plus the rest.
 */
export class Ridge {
  readonly #n: number;
  readonly #intents: number;
  readonly #squares: Float64Array;
  readonly #targets: Float64Array;

  constructor(dims: number, intents: number) {
    this.#n = dims + 1;
    this.#intents = intents;
    this.#squares = new Float64Array(this.#n * this.#n);
    this.#targets = new Float64Array(this.#n * intents);
  }

  /** @param intent its number, or -1 for a line of none */
  add(vector: Float32Array, intent: number): void {
    const n = this.#n;
    const squares = this.#squares;
    const dims = n - 1;
    for (let i = 0; i < dims; i += 1) {
      const x = vector[i] ?? 0;
      const row = i * n;
      for (let j = 0; j <= i; j += 1)
        squares[row + j] = (squares[row + j] ?? 0) + x * (vector[j] ?? 0);
      squares[dims * n + i] = (squares[dims * n + i] ?? 0) + x;
    }
    squares[dims * n + dims] = (squares[dims * n + dims] ?? 0) + 1;
    if (intent < 0) return;
    for (let i = 0; i < n; i += 1) {
      const at = i * this.#intents + intent;
      this.#targets[at] = (this.#targets[at] ?? 0) + (i < dims ? (vector[i] ?? 0) : 1);
    }
  }

  /**
   * Weights, `(dims + 1) × intents`, the bias last.
   * @param strength of the pull to 0; the more, the smoother
   */
  solve(strength: number): Float32Array {
    const n = this.#n;
    const squares = Float64Array.from(this.#squares);
    const out = Float64Array.from(this.#targets);
    for (let i = 0; i < n; i += 1) {
      squares[i * n + i] = (squares[i * n + i] ?? 0) + (i < n - 1 ? strength : EPSILON);
    }
    factor(squares, n);
    substitute(squares, n, out, this.#intents);
    return Float32Array.from(out);
  }
}

/** The functions' values for a vector. */
export function ridgeScores(weights: Float32Array, vector: Float32Array): Float64Array {
  const dims = vector.length;
  const intents = weights.length / (dims + 1);
  const out = Float64Array.from(weights.subarray(dims * intents));
  for (let i = 0; i < dims; i += 1) {
    const x = vector[i] ?? 0;
    const at = i * intents;
    for (let c = 0; c < intents; c += 1) out[c] = (out[c] ?? 0) + x * (weights[at + c] ?? 0);
  }
  return out;
}
