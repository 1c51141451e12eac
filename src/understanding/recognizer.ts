import type { RecognizerResult } from 'botbuilder-core';
import type { Lang, ScoredIntent } from '../message.ts';
import { cap } from '../text/analyzer.ts';
import { probability } from './calibrate.ts';
import { confidences } from './classify.ts';
import type { Model } from './model.ts';
import { termsOf } from './terms.ts';

/** Models by language; a language without training lines has none. */
export type Models = Readonly<Partial<Record<Lang, Model>>>;

/** Bot Framework's name for "none of the intents". */
const NONE = 'None';

/** Bot Framework's result with our ranking beside it. */
export interface Recognized extends RecognizerResult {
  /** Intents that anything speaks for, best first, by probability of being right. Never `None`. */
  readonly ranked: readonly ScoredIntent[];
  /** The best of them is below the threshold of its language: most likely out of scope. */
  readonly rejected: boolean;
}

/** A term of a message and what it adds to an intent. */
export interface Contribution {
  readonly term: string;
  readonly weight: number;
}

/** Finds what a message wants. Remembers nothing of the messages it was given. */
export class Recognizer {
  /** Names the models: the same version recognises the same. */
  readonly version: string;
  readonly #models: Models;

  constructor(models: Models) {
    this.#models = models;
    this.version = `${models.zh?.key ?? '-'}.${models.en?.key ?? '-'}`;
  }

  /**
   * Some 0.05 ms, on the calling thread. Scores are probabilities (calibrated on lines held out of
   * training) of each intent by itself, so they need not add up to 1.
   * @param text only the first 2,000 characters count
   * @param lang picks the model: by script, not by guessing
   * @returns `intents` holds `None` with score 1 where the message is rejected, so that Bot
   *   Framework's `getTopScoringIntent` and `LuisRecognizer.topIntent` agree with `rejected`
   */
  recognize(text: string, lang: Lang): Recognized {
    const model = this.#models[lang];
    const ranked = model === undefined ? [] : rank(model, termsOf(text, lang));
    const rejected = (ranked[0]?.score ?? 0) < this.threshold(lang) || ranked.length === 0;
    const intents = Object.create(null) as Record<string, { score: number }>;
    for (const { intent, score } of ranked) intents[intent] = { score };
    if (rejected) intents[NONE] = { score: 1 };
    return { text: cap(text), intents, ranked, rejected };
  }

  /**
   * What each term of a message speaks for an intent, the weightiest first: how much of its activation
   * is lost without the term, so below 0 where it speaks against. For explaining, not on a hot path.
   */
  contributions(text: string, lang: Lang, intent: string): readonly Contribution[] {
    const classifier = this.#models[lang]?.classifier;
    const at = classifier?.intents.indexOf(intent) ?? -1;
    if (classifier === undefined || at < 0) return [];
    const terms = termsOf(text, lang);
    const of = (some: readonly string[]): number => classifier.activations(some).values[at] ?? 0;
    const whole = of(terms);
    return terms
      .map((term) => ({ term, weight: whole - of(terms.filter((other) => other !== term)) }))
      .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  }

  /** Probability below which a message is taken as out of scope; 1 for a language without a model. */
  threshold(lang: Lang): number {
    return this.#models[lang]?.calibration.threshold ?? 1;
  }
}

function rank({ classifier, calibration }: Model, terms: readonly string[]): ScoredIntent[] {
  const ranked: ScoredIntent[] = [];
  confidences(classifier, classifier.activations(terms)).forEach((confidence, i) => {
    const intent = classifier.intents[i];
    if (confidence > 0 && intent !== undefined) {
      ranked.push({ intent, score: probability(calibration, confidence) });
    }
  });
  return ranked.sort((a, b) => b.score - a.score);
}
