/**
 * The only file of the product that loads a part of node-nlp: its package for intents, 10 ms. The whole
 * takes 0.7 s and 160 MB, most of it for languages and entities that are not used.
 */
import { NluNeural, type TrainInput } from '@nlpjs/nlu';
import { Defect } from '../../errors.ts';
import type { Lang } from '../../message.ts';
import type { TermLine } from '../classify.ts';
import { Fitter, type FitOptions } from './fitter.ts';
import { RECIPES } from './recipe.ts';

/** Joins the terms of an utterance; the analyzer strips control characters, so no term holds it. */
const SEPARATOR = '\u0001';

/**
 * Stands before every term and intent inside node-nlp: it keeps them as keys of plain objects, where
 * `constructor` or `__proto__` would be lost.
 */
const MARK = '=';

/** node-nlp's network on our terms: they take the place of its normalizer, tokenizer and stemmer. */
class TermNlu extends NluNeural {
  override prepare(utterance: string): Promise<Readonly<Record<string, number>>> {
    const terms = utterance.split(SEPARATOR);
    return Promise.resolve(Object.fromEntries(terms.map((term) => [MARK + term, 1])));
  }
}

/** Our classifier in the place of node-nlp's network, by its own extension point. */
class LinearNlu extends TermNlu {
  fitter?: Fitter;
  bytes?: Uint8Array;

  override innerTrain(input: TrainInput): Promise<TrainInput> {
    const lines = input.corpus.map((sample): TermLine => {
      const [intent = ''] = Object.keys(sample.output);
      return {
        terms: Object.keys(sample.input).map((term) => term.slice(MARK.length)),
        intent: intent.slice(MARK.length),
      };
    });
    this.fitter = new Fitter(lines, (input.settings as { readonly fit: FitOptions }).fit);
    this.bytes = this.fitter.whole();
    input.status = {};
    return Promise.resolve(input);
  }
}

const CLASSES = { LinearNlu, NeuralNlu: TermNlu } as const;

/**
 * Trains one of node-nlp's classes for intents on our terms of the lines, in their order.
 * @param nlu `LinearNlu` is ours; `NeuralNlu`, its network, is there to be compared with
 */
export async function trainNlu<Name extends keyof typeof CLASSES>(
  lang: Lang,
  lines: readonly TermLine[],
  nlu: Name,
  settings: object,
): Promise<InstanceType<(typeof CLASSES)[Name]>> {
  const trained = new CLASSES[nlu]({ locale: lang, log: false, ...settings });
  const corpus = lines.map(({ terms, intent }) => ({
    utterance: terms.join(SEPARATOR),
    intent: MARK + intent,
  }));
  await trained.train(corpus, { log: false, useNoneFeature: false });
  return trained as InstanceType<(typeof CLASSES)[Name]>;
}

/**
 * Our classifier for these lines, as bytes, with what trained it.
 * @param names of {@link FitOptions}
 */
export async function trainClassifier(
  lang: Lang,
  lines: readonly TermLine[],
  names: readonly TermLine[],
  seed: number,
): Promise<{ readonly bytes: Uint8Array; readonly fitter: Fitter }> {
  const fit: FitOptions = { recipe: RECIPES[lang], seed, names };
  const { bytes, fitter } = await trainNlu(lang, lines, 'LinearNlu', { fit });
  if (bytes === undefined || fitter === undefined) throw new Defect('node-nlp trained nothing');
  return { bytes, fitter };
}
