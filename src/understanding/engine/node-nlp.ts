/** The only file of the product that loads node-nlp (0.7 s, 160 MB): training workers import it. */
import { NluNeural, type TrainInput } from '@nlpjs/nlu';
import { NlpManager } from 'node-nlp';
import { Defect } from '../../errors.ts';
import type { Lang } from '../../message.ts';
import type { TermLine } from '../classify.ts';
import { fit } from './fit.ts';

/** Joins the terms of an utterance; the analyzer strips control characters, so no term holds it. */
const SEPARATOR = '\u0001';

/**
 * Stands before every term and intent inside node-nlp: it keeps them as keys of plain objects, where
 * `constructor` or `__proto__` would be lost.
 */
const MARK = '=';

/** Settings that node-nlp hands on to {@link LinearNlu}. */
interface Settings {
  readonly locale: Lang;
  readonly seed: number;
}

/** Our classifier in the place of node-nlp's network, by its own extension point. */
class LinearNlu extends NluNeural {
  bytes?: Uint8Array;

  override innerTrain(input: TrainInput): Promise<TrainInput> {
    const { locale, seed } = input.settings as unknown as Settings;
    const lines = input.corpus.map((sample): TermLine => {
      const [intent = ''] = Object.keys(sample.output);
      return {
        terms: Object.keys(sample.input).map((term) => term.slice(MARK.length)),
        intent: intent.slice(MARK.length),
      };
    });
    this.bytes = fit(locale, lines, seed);
    input.status = {};
    return Promise.resolve(input);
  }
}

/**
 * Trains one of node-nlp's NLU classes on lines in the order given, through NlpManager (its corpus,
 * tokenizer and stemmer) with our terms in the place of its own.
 * @param nlu `LinearNlu` is ours; `NeuralNlu`, its network, is there to be compared with
 */
export async function trainNlu(
  lang: Lang,
  lines: readonly TermLine[],
  nlu: 'LinearNlu' | 'NeuralNlu',
  settings: object,
): Promise<NluNeural> {
  const manager = new NlpManager({ forceNER: false, autoSave: false, autoLoad: false });
  const { container, nlp } = manager;
  container.register('LinearNlu', LinearNlu, false);
  nlp.useNlu(nlu, lang, '*', { log: false, useNoneFeature: false, ...settings });
  manager.addLanguage(lang);
  const normalize = (text: string): string => text;
  container.register(`normalizer-${lang}`, { normalize, run: (x: unknown) => x }, true);
  container.register(
    `tokenizer-${lang}`,
    { tokenize: (text: string) => text.split(SEPARATOR) },
    true,
  );
  container.register(`stemmer-${lang}`, { stem: (tokens: unknown) => tokens }, true);
  for (const { terms, intent } of lines) {
    const utterance = terms.map((term) => MARK + term).join(SEPARATOR);
    manager.addDocument(lang, utterance, MARK + intent);
  }
  await manager.train();
  const trained = nlp.nluManager.domainManagers[lang]?.domains.master_domain;
  if (trained === undefined) throw new Defect('node-nlp trained nothing');
  return trained;
}

/** Our classifier for these lines, as bytes. */
export async function trainClassifier(
  lang: Lang,
  lines: readonly TermLine[],
  seed: number,
): Promise<Uint8Array> {
  const nlu = await trainNlu(lang, lines, 'LinearNlu', { seed });
  if (!(nlu instanceof LinearNlu) || nlu.bytes === undefined) {
    throw new Defect('node-nlp trained another class');
  }
  return nlu.bytes;
}
