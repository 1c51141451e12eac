import { createHash } from 'node:crypto';
import type { Lang } from '../message.ts';
import { advise, countsOf, type AdviceCounts } from './advice.ts';
import { calibrate, type Calibration } from './calibrate.ts';
import type { Classifier, Engine, TermLine, Trained } from './classify.ts';
import { seal, unseal } from './sealed.ts';

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
 * A model as the bytes of its file.
 * @param lines those that it was trained on
 */
export function encodeModel(key: string, lines: readonly TermLine[], trained: Trained): Buffer {
  const header: Header = {
    key,
    calibration: calibrate(trained.heldOut),
    advice: countsOf(advise(lines, trained.heldOut)),
  };
  return seal(MAGIC, header, trained.bytes);
}

/** The model of these bytes, `undefined` where they are not whole, or not of this key. */
export function decodeModel(engine: Engine, key: string, bytes: Buffer): Model | undefined {
  const sealed = unseal(MAGIC, bytes);
  if (sealed === undefined) return undefined;
  const { calibration, advice, ...header } = sealed.header as Header;
  if (header.key !== key) return undefined;
  return { key, classifier: engine.load(sealed.bytes), calibration, advice };
}
