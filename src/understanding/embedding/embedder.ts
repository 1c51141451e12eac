/** PORT of sentence encoders: what turns a text into a vector of meaning. */
import { OutsideError } from '../../errors.ts';
import type { Lang } from '../../message.ts';

/**
 * A sentence encoder. Two texts mean much the same where the dot product of their vectors is near 1.
 * All calls may run at once; how many really do is the encoder's own matter.
 */
export interface Embedder {
  /** Names model and version: the same id gives the same vectors, so caches are keyed by it. */
  readonly id: string;
  /** Length of every vector. */
  readonly dims: number;
  /** Languages it was made for; texts in others must not be given to it. */
  readonly languages: readonly Lang[];
  /**
   * One vector of length 1 for each text, in order. Of a text only the first
   * {@link LONGEST_TEXT} characters count.
   * @param texts one for a message that waits (it goes first), many for training
   * @param signal the caller stopped waiting: what has not begun is dropped
   * @throws OutsideError `embedding`, quickly where the encoder is down, off or has too much to do
   */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<readonly Float32Array[]>;
  /** Gives memory back until the next call, which takes longer then. Does nothing while calls are under way. */
  rest?(): Promise<void>;
  /** Frees what it holds; calls under way are rejected. Safe to call twice. */
  close(): Promise<void>;
}

/** Longest text that is encoded, in characters: an encoder reads some 128 word pieces anyway. */
export const LONGEST_TEXT = 500;

/** The failure of an encoder. `retryable` says whether the same call may succeed later. */
export function embeddingError(why: string, retryable: boolean, cause?: unknown): OutsideError {
  return new OutsideError('embedding', `embedding: ${why}`, { retryable, cause });
}

/** The vector scaled to length 1, in place; a vector of zeros stays one. */
export function toUnit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  if (length > 0) for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] ?? 0) / length;
  return vector;
}

/** Dot product: of two vectors of length 1, the cosine of the angle between them. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
