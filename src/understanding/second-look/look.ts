/** What a second look makes of a message: the plain model's scores and the message's vector together. */
import type { ScoredIntent } from '../../message.ts';
import type { SmallVectors } from '../embedding/small-vectors.ts';
import { ridgeScores } from './ridge.ts';

/** What was learned; plain data, so that a thread can hand it over. */
export interface LookWeights {
  /** Of {@link ridgeScores}. */
  readonly head: Float32Array;
  /** Of an option's features: plain score, head, nearest line. */
  readonly fusion: readonly number[];
  /** From {@link confidenceFeatures} to the logit of "is right". */
  readonly confidence: readonly number[];
  /** Plain score from which on a message needs no second look. */
  readonly sure: number;
  /** Probability below which a message is taken as out of scope. */
  readonly threshold: number;
}

/** Intents that are compared closely; the others are too far behind to matter. */
const CANDIDATES = 10;
/** Lines of one intent that are compared; of more, evenly spread ones. */
const MOST_LINES = 300;
/** Scores nearer to 0 and 1 than this read as this. */
const EDGE = 0.002;

/** Training lines by intent, to find the nearest. Lines with intent -1 or in `without` are left out. */
export class Neighbours {
  readonly #vectors: SmallVectors;
  readonly #lines: readonly (readonly number[])[];

  constructor(
    vectors: SmallVectors,
    labels: ArrayLike<number>,
    intents: number,
    without: ReadonlySet<number> = new Set(),
  ) {
    const lines = Array.from({ length: intents }, (): number[] => []);
    for (let i = 0; i < vectors.size; i += 1) if (!without.has(i)) lines[labels[i] ?? -1]?.push(i);
    this.#vectors = vectors;
    this.#lines = lines.map((own) =>
      own.length <= MOST_LINES
        ? own
        : Array.from(
            { length: MOST_LINES },
            (_, i) => own[Math.floor((i * own.length) / MOST_LINES)] ?? 0,
          ),
    );
  }

  /** Cosine of the intent's nearest line; 0 where it has none. */
  nearest(intent: number, vector: Float32Array): number {
    let best = 0;
    for (const line of this.#lines[intent] ?? []) {
      best = Math.max(best, this.#vectors.dot(line, vector));
    }
    return best;
  }
}

/** An intent that is compared closely. */
export interface Option {
  readonly intent: number;
  /** Plain score's logit, head, nearest line. */
  readonly features: readonly number[];
}

/** The logit of a plain score, 0 to 1. */
function logit(score: number): number {
  const inside = Math.min(1 - EDGE, Math.max(EDGE, score));
  return Math.log(inside / (1 - inside));
}

/**
 * The intents worth comparing, at most 10.
 * @param plain score of every intent by the plain model, 0 to 1
 */
export function optionsOf(
  plain: ArrayLike<number>,
  vector: Float32Array,
  head: Float32Array,
  neighbours: Neighbours,
): Option[] {
  const heads = ridgeScores(head, vector);
  const order = Array.from(heads, (value, intent) => ({
    intent,
    rank: (plain[intent] ?? 0) + 2 * value,
  }));
  order.sort((a, b) => b.rank - a.rank || a.intent - b.intent);
  return order.slice(0, CANDIDATES).map(({ intent }) => ({
    intent,
    features: [logit(plain[intent] ?? 0), heads[intent] ?? 0, neighbours.nearest(intent, vector)],
  }));
}

/** Each option's strength, and its share of all; best first. */
export function weigh(
  options: readonly Option[],
  fusion: readonly number[],
): { intent: number; strength: number; share: number }[] {
  const weighed = options.map(({ intent, features }) => ({
    intent,
    strength: features.reduce((sum, x, p) => sum + x * (fusion[p] ?? 0), 0),
    share: 0,
  }));
  weighed.sort((a, b) => b.strength - a.strength);
  const top = weighed[0]?.strength ?? 0;
  const sum = weighed.reduce((s, w) => s + Math.exp(w.strength - top), 0);
  for (const w of weighed) w.share = Math.exp(w.strength - top) / sum;
  return weighed;
}

/** What tells whether an option is right: how strong it is, and how clearly ahead. */
export function confidenceFeatures(w: { strength: number; share: number }): number[] {
  return [w.strength, Math.log(Math.max(w.share, 1e-6)), 1];
}

/** Probability that an option is right. */
export function probabilityOf(features: readonly number[], weights: readonly number[]): number {
  return 1 / (1 + Math.exp(-features.reduce((sum, x, p) => sum + x * (weights[p] ?? 0), 0)));
}

/** Looks again at messages of one language; made for one version of the plain model. */
export class Look {
  readonly intents: readonly string[];
  readonly #weights: LookWeights;
  readonly #neighbours: Neighbours;

  constructor(intents: readonly string[], weights: LookWeights, neighbours: Neighbours) {
    this.intents = intents;
    this.#weights = weights;
    this.#neighbours = neighbours;
  }

  /** Whether the plain model is unsure enough of the message. */
  wanted(ranked: readonly ScoredIntent[]): boolean {
    return (ranked[0]?.score ?? 0) < this.#weights.sure;
  }

  /** Probability below which {@link again}'s best is taken as out of scope. */
  get threshold(): number {
    return this.#weights.threshold;
  }

  /**
   * Some 0.5 ms, on the calling thread.
   * @param ranked of the plain model
   * @param vector of the same text, of length 1
   * @returns intents by probability of being right, best first, at most 10
   */
  again(ranked: readonly ScoredIntent[], vector: Float32Array): ScoredIntent[] {
    const scores = new Map(ranked.map(({ intent, score }) => [intent, score]));
    const plain = this.intents.map((intent) => scores.get(intent) ?? 0);
    const { head, fusion, confidence } = this.#weights;
    return weigh(optionsOf(plain, vector, head, this.#neighbours), fusion).map((w) => ({
      intent: this.intents[w.intent] ?? '',
      score: probabilityOf(confidenceFeatures(w), confidence),
    }));
  }
}
