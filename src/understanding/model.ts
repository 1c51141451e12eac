import { createHash } from 'node:crypto';
import type { Lang } from '../message.ts';
import { advise, countsOf, type AdviceCounts } from './advice.ts';
import { calibrate, type Calibration } from './calibrate.ts';
import type { Classifier, Engine, TermLine, Trained } from './classify.ts';

/** What recognises messages of one language. */
export interface Model {
  /** Names exactly these training lines and this engine; see {@link modelKey}. */
  readonly key: string;
  readonly classifier: Classifier;
  readonly calibration: Calibration;
  /** What its training lines gave reason to look at. */
  readonly advice: AdviceCounts;
}

interface Header {
  readonly key: string;
  readonly calibration: Calibration;
  readonly advice: AdviceCounts;
}

/** First bytes of every model file; the digit changes with the layout or with how it is calibrated. */
const MAGIC = 'YDM4';
const SUM_LENGTH = 32;
const HEADER_AT = MAGIC.length + 4 + SUM_LENGTH;

/**
 * Hash of everything that shapes a model: the engine and what it sees of the lines. A changed
 * analyzer changes the terms, and with them the key.
 */
export function modelKey(engine: Engine, lang: Lang, lines: readonly TermLine[]): string {
  const hash = createHash('sha256').update(JSON.stringify([MAGIC, engine.id, lang]));
  for (const { terms, intent } of lines) hash.update(JSON.stringify([intent, terms]));
  return hash.digest('hex').slice(0, 32);
}

/**
 * A model as the bytes of its file: magic, header length, SHA-256 of the rest, header, classifier.
 * @param lines those that it was trained on
 */
export function encodeModel(key: string, lines: readonly TermLine[], trained: Trained): Buffer {
  const header: Header = {
    key,
    calibration: calibrate(trained.heldOut),
    advice: countsOf(advise(lines, trained.heldOut)),
  };
  const json = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc((8 - ((HEADER_AT + json.length) % 8)) % 8, ' ');
  const rest = Buffer.concat([json, padding, trained.bytes]);
  const start = Buffer.alloc(HEADER_AT);
  start.write(MAGIC, 'latin1');
  start.writeUInt32LE(json.length + padding.length, MAGIC.length);
  createHash('sha256')
    .update(rest)
    .digest()
    .copy(start, MAGIC.length + 4);
  return Buffer.concat([start, rest]);
}

/** The model of these bytes, `undefined` where they are not whole, or not of this key. */
export function decodeModel(engine: Engine, key: string, bytes: Buffer): Model | undefined {
  if (bytes.length < HEADER_AT || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    return undefined;
  }
  const sum = createHash('sha256').update(bytes.subarray(HEADER_AT)).digest();
  if (!sum.equals(bytes.subarray(MAGIC.length + 4, HEADER_AT))) return undefined;
  const end = HEADER_AT + bytes.readUInt32LE(MAGIC.length);
  const header = JSON.parse(bytes.toString('utf8', HEADER_AT, end)) as Header;
  if (header.key !== key) return undefined;
  const classifier = engine.load(bytes.subarray(end));
  return { key, classifier, calibration: header.calibration, advice: header.advice };
}
