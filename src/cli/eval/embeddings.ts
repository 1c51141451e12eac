import { join } from 'node:path';
import { processEnv, readConfig } from '../../config.ts';
import { createLogger } from '../../log.ts';
import { openEmbedder } from '../../understanding/embedding/open.ts';
import { SecondLook } from '../../understanding/second-look/second-look.ts';
import { answerOf, ours, trainRecognizer, type Contender } from './contender.ts';

/**
 * The recognizer that serves, as `EMBEDDINGS` says: by itself where it is off (the default), else with a
 * second look at what it is unsure of. Vectors are kept in `DATA_DIR/models`; progress goes to
 * standard error.
 * @throws ConfigError where `EMBEDDINGS=on` and no encoder works
 */
export async function oursAsConfigured(): Promise<Contender> {
  const { embeddings, dataDir } = readConfig(processEnv());
  const logger = createLogger('info', { write: (line) => void process.stderr.write(line) });
  const embedder = await openEmbedder({
    ...embeddings,
    logger,
    fetch: globalThis.fetch,
    now: () => Date.now(),
  });
  if (embedder === undefined) return ours;
  return {
    async train(lang, lines) {
      const { recognizer, modelBytes } = await trainRecognizer(lang, lines);
      const { version } = recognizer;
      const found = Promise.resolve(embedder);
      const look = new SecondLook({ embedder: found, dir: join(dataDir, 'models'), logger });
      await look.learn({ zh: [], en: [], [lang]: lines }, version);
      return {
        modelBytes,
        async recognize(text) {
          const { ranked, rejected } = recognizer.recognize(text, lang);
          const again = await look.again(text, lang, ranked, version);
          return answerOf(again?.ranked ?? ranked, again?.rejected ?? rejected);
        },
      };
    },
  };
}
