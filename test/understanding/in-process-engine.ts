import type { Engine } from '../../src/understanding/classify.ts';
import { nodeNlpEngine } from '../../src/understanding/engine/engine.ts';
import { namedLines } from '../../src/understanding/engine/names.ts';
import { trainClassifier } from '../../src/understanding/engine/node-nlp.ts';

/** The classifier of {@link nodeNlpEngine} without its threads and its held-out lines: quick to train. */
export const IN_PROCESS: Engine = {
  ...nodeNlpEngine,
  async train(lang, lines) {
    const { bytes } = await trainClassifier(lang, lines, namedLines(lang, lines), 1);
    return { bytes, heldOut: [] };
  },
};
