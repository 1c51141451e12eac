/** Learns a second look in the background: vectors of all lines, a held-out part, the fit; or reads it. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Lang, Utterance } from '../../message.ts';
import { OUT_OF_SCOPE, type Engine } from '../classify.ts';
import { embeddingError, type Embedder } from '../embedding/embedder.ts';
import { packVector, SmallVectors, type PackedVector } from '../embedding/small-vectors.ts';
import type { VectorFile } from '../embedding/vector-file.ts';
import { nodeNlpEngine } from '../engine/engine.ts';
import { blocks } from '../engine/shuffle.ts';
import type { ModelCache } from '../model-cache.ts';
import { modelKey } from '../model.ts';
import { Recognizer } from '../recognizer.ts';
import { termLines } from '../terms.ts';
import { inThread } from '../thread.ts';
import { trainModel } from '../train.ts';
import type { FitTask } from './fit.ts';
import { decodeLook, encodeLook } from './look-file.ts';
import { Look, Neighbours, type LookWeights } from './look.ts';

/** What {@link learnLook} works with. */
export interface LearnOptions {
  readonly lang: Lang;
  /** Training lines of that language. */
  readonly lines: readonly Utterance[];
  readonly embedder: Embedder;
  /** Where vectors are kept between starts. */
  readonly file: VectorFile;
  /** Where fitted second looks are kept between starts. */
  readonly cache: ModelCache;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Trains the plain model without the held-out lines. Default: the engine that serves. */
  readonly engine?: Engine;
}

/** Fewer lines can't say how to combine the two. */
const FEWEST = 40;
/** Lines encoded between two looks at the signal, and between two writes to disk. */
const CHUNK = 64;
const WRITTEN = 1024;
/** Lines encoded from which on the encoder holds more memory than it needs for messages. */
const MANY = 256;
/** Longest time for training without the held-out lines, in ms. */
const TRAIN_MS = 10 * 60_000;

/**
 * A second look for one language; `undefined` where there are too few lines. Takes some 8 ms a line the
 * first time, a second once their vectors are on disk, and nothing to speak of where these very lines
 * were learned before. Nothing runs long on the calling thread.
 * @throws OutsideError `embedding` or `training`, also when the signal says so
 */
export async function learnLook(options: LearnOptions): Promise<Look | undefined> {
  const { lines, embedder } = options;
  const intents = [...new Set(lines.map((l) => l.intent))].filter((i) => i !== OUT_OF_SCOPE);
  if (lines.length < FEWEST || intents.length < 2) return undefined;
  const key = keyOf(options);
  const labels = lines.map((l) => intents.indexOf(l.intent));
  const kept = await options.cache.read(key);
  const known = kept === undefined ? undefined : decodeLook(key, kept);
  // One after the other, so that only one thread takes memory at a time: encoder, training, fit.
  const vectors = await vectorsOf(options);
  if (known !== undefined) return lookOf(options, intents, labels, known, vectors);
  const [, heldOut = []] = blocks(
    lines.map((l) => l.intent),
    5,
  );
  const plain = await plainScores(options, intents, heldOut);
  const { dims } = embedder;
  const task = { dims, intents: intents.length, labels, vectors, heldOut, plain };
  const weights = await fitInThread(task, options.signal);
  await options.cache
    .write(key, encodeLook(key, weights), new Set([key]))
    .catch((error: unknown) => {
      options.logger.warn({ error: messageOf(error) }, 'second look was not cached');
    });
  return lookOf(options, intents, labels, weights, vectors);
}

/** Names what shapes a second look: the plain model's lines, how they are written, and the encoder. */
function keyOf({ lang, lines, embedder, engine = nodeNlpEngine }: LearnOptions): string {
  const hash = createHash('sha256').update(modelKey(engine, lang, termLines(lines, lang)));
  hash.update(JSON.stringify([embedder.id, embedder.dims]));
  for (const { text, intent } of lines) hash.update(JSON.stringify([text, intent]));
  return hash.digest('hex').slice(0, 32);
}

function lookOf(
  { embedder }: LearnOptions,
  intents: readonly string[],
  labels: readonly number[],
  weights: LookWeights,
  vectors: readonly PackedVector[],
): Look {
  const small = new SmallVectors(embedder.dims, vectors);
  return new Look(intents, weights, new Neighbours(small, labels, intents.length));
}

/** A vector for each line, from disk or from the encoder; new ones are written down. */
async function vectorsOf(options: LearnOptions): Promise<PackedVector[]> {
  const { lang, lines, embedder, file, logger, signal } = options;
  const texts = [...new Set(lines.map((l) => l.text))];
  const known = new Map(await file.read(texts));
  const missing = texts.filter((text) => !known.has(text));
  let fresh = new Map<string, PackedVector>();
  const keep = async (): Promise<void> => {
    await file.add(fresh).catch((error: unknown) => {
      logger.warn({ error: messageOf(error) }, 'vectors were not cached');
    });
    fresh = new Map();
  };
  for (let at = 0; at < missing.length; at += CHUNK) {
    if (signal.aborted) throw embeddingError('given up', true, signal.reason);
    const part = missing.slice(at, at + CHUNK);
    const made = await embedder.embed(part, signal);
    part.forEach((text, i) => {
      const vector = packVector(made[i] ?? new Float32Array(embedder.dims));
      known.set(text, vector);
      fresh.set(text, vector);
    });
    if (fresh.size < WRITTEN && at + CHUNK < missing.length) continue;
    await keep();
    logger.info({ lang, lines: at + part.length, of: missing.length }, 'training lines encoded');
  }
  if (missing.length >= MANY) await embedder.rest?.();
  const none = packVector(new Float32Array(embedder.dims));
  return lines.map((l) => known.get(l.text) ?? none);
}

/** Scores of the held-out lines by a plain model that has not seen them. */
async function plainScores(
  { lang, lines, signal, engine = nodeNlpEngine }: LearnOptions,
  intents: readonly string[],
  heldOut: readonly number[],
): Promise<Float32Array[]> {
  const out = new Set(heldOut);
  const kept = termLines(
    lines.filter((_, i) => !out.has(i)),
    lang,
  );
  const how = { workers: 1, timeout: TRAIN_MS, signal };
  const { model } = await trainModel(engine, lang, kept, how);
  const recognizer = new Recognizer({ [lang]: model });
  const at = new Map(intents.map((intent, i) => [intent, i]));
  const scores: Float32Array[] = [];
  for (const line of heldOut) {
    const row = new Float32Array(intents.length);
    for (const { intent, score } of recognizer.recognize(lines[line]?.text ?? '', lang).ranked) {
      const i = at.get(intent);
      if (i !== undefined) row[i] = score;
    }
    scores.push(row);
    // Turns go on in between.
    if (scores.length % CHUNK === 0) await setImmediate();
  }
  return scores;
}

const ENTRY = new URL('./fit-thread.ts', import.meta.url);

function fitInThread(task: FitTask, signal: AbortSignal): Promise<LookWeights> {
  return inThread(ENTRY, task, signal, (weights) => weights as LookWeights).catch(
    (cause: unknown) => {
      throw embeddingError(`the second look was not fitted: ${messageOf(cause)}`, true, cause);
    },
  );
}
