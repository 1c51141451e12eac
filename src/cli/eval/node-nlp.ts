/** node-nlp as a contender, to compare with: it never serves like this. */
import { NlpManager } from 'node-nlp';
import type { Lang, Utterance } from '../../message.ts';
import { Defect } from '../../errors.ts';
import { trainNlu } from '../../understanding/engine/node-nlp.ts';
import { seeded, shuffled } from '../../understanding/engine/shuffle.ts';
import { termLines, termsOf } from '../../understanding/terms.ts';
import type { Answer, Contender } from './contender.ts';

/** node-nlp's own threshold. */
const THRESHOLD = 0.5;
const SEED = 20261122;
/** Its default, 0.6, makes its training unstable. */
const LEARNING_RATE = 0.1;
/** Its own bound is 20,000 passes, which it never reaches. */
const ITERATIONS = 150;
/** Its name for out of scope. */
const NONE = 'None';

function answer(scores: readonly { readonly intent: string; readonly score: number }[]): Answer {
  let best: { readonly intent: string; readonly score: number } | undefined;
  for (const each of scores) {
    if (each.intent !== NONE && each.score > (best?.score ?? 0)) best = each;
  }
  const rejected = (best?.score ?? 0) < THRESHOLD || scores[0]?.intent === NONE;
  return best === undefined
    ? { score: 0, rejected }
    : { predicted: best.intent, score: best.score, rejected };
}

/** As its README sets it up: lines in the order of the file, entities on, all its defaults. */
export const nodeNlp: Contender = {
  async train(lang: Lang, lines: readonly Utterance[]) {
    const manager = new NlpManager({
      languages: [lang],
      forceNER: true,
      autoSave: false,
      autoLoad: false,
      nlu: { log: false },
    });
    for (const { text, intent } of lines) manager.addDocument(lang, text, intent);
    await manager.train();
    return {
      modelBytes: Buffer.byteLength(manager.export(true)),
      async recognize(text) {
        return answer((await manager.process(lang, text)).classifications);
      },
    };
  },
};

/**
 * Its own network with the settings that suit it best: learning rate 0.1, lines shuffled, our
 * analyzer's terms, and the network's activation as the score instead of the normalised one.
 */
export const nodeNlpConfigured: Contender = {
  async train(lang: Lang, lines: readonly Utterance[]) {
    const order = shuffled(termLines(lines, lang), seeded(SEED));
    const settings = { learningRate: LEARNING_RATE, iterations: ITERATIONS };
    const { neuralNetwork: network } = await trainNlu(lang, order, 'NeuralNlu', settings);
    if (network === undefined) throw new Defect('node-nlp trained no network');
    return {
      modelBytes: Buffer.byteLength(JSON.stringify(network.toJSON())),
      recognize(text) {
        const input = Object.fromEntries(termsOf(text, lang).map((term) => [`=${term}`, 1]));
        const scores = network.run(input) ?? {};
        return answer(
          Object.entries(scores).map(([intent, score]) => ({ intent: intent.slice(1), score })),
        );
      },
    };
  },
};
