import type { Lang, ScoredIntent, Utterance } from '../../message.ts';
import { nodeNlpEngine } from '../../understanding/engine/engine.ts';
import { Recognizer } from '../../understanding/recognizer.ts';
import { termLines } from '../../understanding/terms.ts';
import { trainModel } from '../../understanding/train.ts';
import type { Outcome } from './metrics.ts';

/** What is made of one message: {@link Outcome} without the label. */
export type Answer = Omit<Outcome, 'intent'>;

/** A contender that has learned its lines. */
export interface Learned {
  /** Size of the model's file. */
  readonly modelBytes: number;
  recognize(text: string): Answer | Promise<Answer>;
}

/** Something that learns labelled lines and is measured on others. */
export interface Contender {
  /** @throws OutsideError `training` */
  train(lang: Lang, lines: readonly Utterance[]): Promise<Learned>;
}

/** Most time that training may take, in ms. */
const TIMEOUT = 30 * 60_000;

/** Trains the recognizer that serves, and tells the size of its file. */
export async function trainRecognizer(
  lang: Lang,
  lines: readonly Utterance[],
): Promise<{ readonly recognizer: Recognizer; readonly modelBytes: number }> {
  const how = { workers: 2, timeout: TIMEOUT };
  const { model, bytes } = await trainModel(nodeNlpEngine, lang, termLines(lines, lang), how);
  return { recognizer: new Recognizer({ [lang]: model }), modelBytes: bytes.length };
}

/** What is made of a message whose intents are ranked. */
export function answerOf(
  ranked: readonly ScoredIntent[],
  rejected: boolean,
): { predicted?: string; score: number; rejected: boolean } {
  const [best] = ranked;
  return best === undefined
    ? { score: 0, rejected }
    : { predicted: best.intent, score: best.score, rejected };
}

/** The recognizer that serves. Threshold and calibration come from the training lines alone. */
export const ours: Contender = {
  async train(lang, lines) {
    const { recognizer, modelBytes } = await trainRecognizer(lang, lines);
    return {
      modelBytes,
      recognize(text) {
        const { ranked, rejected } = recognizer.recognize(text, lang);
        return answerOf(ranked, rejected);
      },
    };
  },
};
