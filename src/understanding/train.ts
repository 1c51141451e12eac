import { Defect, messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Lang, Utterance } from '../message.ts';
import type { Engine, TermLine, TrainOptions } from './classify.ts';
import { nodeNlpEngine } from './engine/engine.ts';
import { ModelCache } from './model-cache.ts';
import { decodeModel, encodeModel, modelKey, type Model } from './model.ts';
import { Recognizer, type Models } from './recognizer.ts';
import { termLines } from './terms.ts';

/** Training lines by language. A language may have none: nothing is recognised in it then. */
export type TrainingLines = Readonly<Record<Lang, readonly Utterance[]>>;

/** Above this many lines a language is trained by two threads at once. */
const MANY = 5000;

/** What {@link loadOrTrain} works with. */
export interface LoadOptions {
  readonly utterances: TrainingLines;
  /** Folder of the model files, e.g. `DATA_DIR/models`. */
  readonly cacheDir: string;
  readonly logger: Logger;
  /** Default: node-nlp. */
  readonly engine?: Engine;
  /** Milliseconds for training; default 600,000. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** A freshly trained model together with the bytes of its file. */
export interface TrainedModel {
  readonly model: Model;
  readonly bytes: Buffer;
}

/**
 * Trains one language.
 * @param lines at least one
 * @throws OutsideError `training`
 */
export async function trainModel(
  engine: Engine,
  lang: Lang,
  lines: readonly TermLine[],
  options: TrainOptions,
): Promise<TrainedModel> {
  const key = modelKey(engine, lang, lines);
  const bytes = encodeModel(key, lines, await engine.train(lang, lines, options));
  const model = decodeModel(engine, key, bytes);
  if (model === undefined) throw new Defect('A model does not survive its own encoding');
  return { model, bytes };
}

/**
 * A recognizer for these lines: from the cache where they were trained before, else trained in worker
 * threads (both languages at once) and cached. A damaged cache file is trained again; a cache
 * that can't be written is logged and does not matter.
 * @throws OutsideError `training` when training fails, is given up or takes too long
 */
export async function loadOrTrain(options: LoadOptions): Promise<Recognizer> {
  const { utterances, cacheDir, logger, engine = nodeNlpEngine } = options;
  const cache = new ModelCache(cacheDir);
  const wanted = (['zh', 'en'] as const).map((lang) => {
    const lines = termLines(utterances[lang], lang);
    return { lang, lines, key: modelKey(engine, lang, lines) };
  });
  const inUse = new Set(wanted.map(({ key }) => key));
  const { timeout = 600_000, signal } = options;
  const made = await Promise.all(
    wanted.map(async ({ lang, lines, key }): Promise<Models> => {
      if (lines.length === 0) return {};
      const cached = await cache.read(key);
      const known = cached === undefined ? undefined : decodeModel(engine, key, cached);
      if (known !== undefined) {
        tellAuthors(logger, lang, known);
        return { [lang]: known };
      }
      if (cached !== undefined) logger.warn({ lang, key }, 'cached model is damaged');
      const { model, bytes } = await trainModel(engine, lang, lines, {
        workers: lines.length > MANY ? 2 : 1,
        timeout,
        progress: (share) => logger.debug({ lang, share: Number(share.toFixed(2)) }, 'training'),
        ...(signal === undefined ? {} : { signal }),
      });
      logger.info({ lang, key, lines: lines.length, bytes: bytes.length }, 'model trained');
      tellAuthors(logger, lang, model);
      await cache.write(key, bytes, inUse).catch((error: unknown) => {
        logger.warn({ lang, error: messageOf(error) }, 'trained model was not cached');
      });
      return { [lang]: model };
    }),
  );
  return new Recognizer(Object.assign({}, ...made) as Models);
}

/** One line where anything in the training lines is worth a look, with how to see it. */
function tellAuthors(logger: Logger, lang: Lang, { advice }: Model): void {
  if (Object.values(advice).every((count) => count === 0)) return;
  logger.info({ lang, ...advice }, 'training lines to look at: npm run eval -- --own');
}
