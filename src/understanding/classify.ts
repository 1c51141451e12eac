/** PORT of intent classification: what an engine must offer to be exchanged for another. */
import type { Lang } from '../message.ts';

/** Intent of training and test lines that belong to none of ours. It is never recognised. */
export const OUT_OF_SCOPE = 'oos';

/** One training line, reduced to what a classifier sees of it. */
export interface TermLine {
  /** Distinct, at least one. */
  readonly terms: readonly string[];
  readonly intent: string;
}

/** What a classifier makes of one message. */
export interface Activations {
  /** One raw value for each of the classifier's `intents`, in their order; any number. */
  readonly values: Float64Array;
  /** Share of the message's terms that training has seen, 0 to 1. */
  readonly known: number;
}

/** A trained classifier of one language. Holds nothing of the messages it is given. */
export interface Classifier {
  readonly intents: readonly string[];
  /** What activations are multiplied by before they are compared as exponents. */
  readonly temperature: number;
  /** How far a small share of known terms lowers confidences; 0: not at all. */
  readonly doubt: number;
  /** @param terms of {@link TermLine}; repeated ones count once */
  activations(terms: readonly string[]): Activations;
}

/** One training line that was kept out of training, classified afterwards. */
export interface HeldOut {
  /** Its index among the lines. */
  readonly line: number;
  /** `undefined` where training has seen nothing of it. */
  readonly predicted?: string;
  /** The best intent's of {@link confidences}; 0 without one. */
  readonly confidence: number;
  readonly correct: boolean;
}

/** What training gives: the classifier as bytes, and how it did on lines it had not seen. */
export interface Trained {
  readonly bytes: Uint8Array;
  /** In-scope lines only; empty where there are too few lines to keep any out. */
  readonly heldOut: readonly HeldOut[];
}

/** How long and how wide training may run. */
export interface TrainOptions {
  /** Worker threads at once, 1 or more. */
  readonly workers: number;
  /** Milliseconds after which training is given up. */
  readonly timeout: number;
  /** Told how much of the work is done, above 0 and up to 1. */
  readonly progress?: (share: number) => void;
  /** Gives training up at once. */
  readonly signal?: AbortSignal;
}

/**
 * Trains and loads classifiers. The same lines give the same bytes.
 * `id` names everything that shapes the bytes (versions, settings): model caches are keyed by it.
 */
export interface Engine {
  readonly id: string;
  /** @throws OutsideError `training` when the work fails, is given up or takes too long */
  train(lang: Lang, lines: readonly TermLine[], options: TrainOptions): Promise<Trained>;
  load(bytes: Uint8Array): Classifier;
}

/**
 * How sure each intent is, in the order of `intents`: its share of all exponentials; not yet a
 * probability of being right. {@link OUT_OF_SCOPE} takes its share and gets 0; all are 0 where training
 * has seen nothing of the message, and lower where it has seen little: among few intents one always has
 * a large share, of whatever is said.
 */
export function confidences(
  { intents, temperature, doubt }: Pick<Classifier, 'intents' | 'temperature' | 'doubt'>,
  { values, known }: Activations,
): Float64Array {
  const out = new Float64Array(values.length);
  if (known === 0) return out;
  const seen = known ** doubt;
  let top = -Infinity;
  for (const value of values) top = Math.max(top, value);
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) {
    const share = Math.exp(temperature * ((values[i] ?? 0) - top));
    out[i] = share;
    sum += share;
  }
  for (let i = 0; i < out.length; i += 1) {
    out[i] = intents[i] === OUT_OF_SCOPE ? 0 : ((out[i] ?? 0) / sum) * seen;
  }
  return out;
}

/** The intent with the highest confidence, -1 where there is none. */
export function bestIntent(all: Float64Array): number {
  let best = -1;
  for (let i = 0; i < all.length; i += 1) {
    if ((all[i] ?? 0) > (all[best] ?? 0)) best = i;
  }
  return best;
}
