import type { Engine } from '../../src/understanding/classify.ts';
import { nodeNlpEngine } from '../../src/understanding/engine/engine.ts';
import { trainClassifier } from '../../src/understanding/engine/node-nlp.ts';

/** The classifier of {@link nodeNlpEngine} without its threads and its held-out lines: quick to train. */
export const IN_PROCESS: Engine = {
  ...nodeNlpEngine,
  async train(lang, lines) {
    return { bytes: await trainClassifier(lang, lines, 1), heldOut: [] };
  },
};
