import { messageOf } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Lang, ScoredIntent } from '../../message.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { VectorFile } from '../embedding/vector-file.ts';
import { ModelCache } from '../model-cache.ts';
import type { TrainingLines } from '../train.ts';
import { learnLook, type LearnOptions } from './learn.ts';
import type { Look } from './look.ts';

/** What a {@link SecondLook} works with. */
export interface SecondLookOptions {
  /** `undefined` once it is known that there is none. */
  readonly embedder: Promise<Embedder | undefined>;
  /** Folder of the vectors and of what was learned, e.g. `DATA_DIR/models`. */
  readonly dir: string;
  readonly logger: Logger;
  /** Longest time that a message waits for its vector, in ms. Default 150. */
  readonly limitMs?: number;
  readonly engine?: LearnOptions['engine'];
}

/** Longest time that a message waits for its vector, in ms. */
const LIMIT_MS = 150;

/** What a second look found. */
export interface LookedAgain {
  /** Intents by probability of being right, best first, at most 10. */
  readonly ranked: readonly ScoredIntent[];
  /** The best of them is below the threshold: most likely out of scope. */
  readonly rejected: boolean;
}

/**
 * Looks again, with a sentence encoder, at messages that the plain model is unsure of. Learns in the
 * background; until it has, for languages without an encoder, and where the encoder is late or
 * fails, the plain result stands.
 */
export class SecondLook {
  readonly #options: SecondLookOptions;
  #looks: ReadonlyMap<Lang, Look> = new Map();
  /** The plain model that the looks were learned for. */
  #version = '';
  #learning: AbortController | undefined;

  constructor(options: SecondLookOptions) {
    this.#options = options;
  }

  /**
   * Learns for a new plain model. A newer call ends an older one that still learns. Never rejects: a
   * failure is logged, and the plain model serves alone.
   * @param version of the plain model that these lines made
   */
  async learn(
    lines: TrainingLines,
    version: string,
  ): Promise<'ready' | 'none' | 'superseded' | 'failed'> {
    const { logger } = this.#options;
    this.#learning?.abort('superseded');
    const mine = new AbortController();
    this.#learning = mine;
    try {
      const embedder = await this.#options.embedder;
      if (embedder === undefined) return 'none';
      const looks = new Map<Lang, Look>();
      for (const lang of embedder.languages) {
        const look = await this.#learn(embedder, lang, lines, mine.signal);
        if (look !== undefined) looks.set(lang, look);
      }
      if (mine.signal.aborted) return 'superseded';
      this.#looks = looks;
      this.#version = version;
      logger.info({ version, languages: [...looks.keys()] }, 'second look ready');
      return 'ready';
    } catch (error) {
      if (mine.signal.aborted) return 'superseded';
      logger.warn({ error: messageOf(error) }, 'no second look, the plain model serves alone');
      return 'failed';
    }
  }

  /**
   * Whether the plain model of `version` is so unsure of a text that it can be looked at again.
   * @param ranked of the plain model
   */
  wanted(text: string, lang: Lang, ranked: readonly ScoredIntent[], version: string): boolean {
    return (
      this.#version === version &&
      text.trim() !== '' &&
      this.#looks.get(lang)?.wanted(ranked) === true
    );
  }

  /**
   * Looks again at a text where that is {@link wanted}; else `undefined`, at once and without the
   * encoder. Never rejects.
   * @param ranked of the plain model of `version`
   */
  async again(
    text: string,
    lang: Lang,
    ranked: readonly ScoredIntent[],
    version: string,
  ): Promise<LookedAgain | undefined> {
    const look = this.#looks.get(lang);
    if (look === undefined || !this.wanted(text, lang, ranked, version)) return undefined;
    const vector = await this.#vectorOf(text);
    if (vector === undefined) return undefined;
    const again = look.again(ranked, vector);
    return { ranked: again, rejected: (again[0]?.score ?? 0) < look.threshold };
  }

  /** Ends learning and the encoder. */
  async close(): Promise<void> {
    this.#learning?.abort('closed');
    this.#looks = new Map();
    const embedder = await this.#options.embedder.catch(() => undefined);
    await embedder?.close();
  }

  #learn(
    embedder: Embedder,
    lang: Lang,
    lines: TrainingLines,
    signal: AbortSignal,
  ): Promise<Look | undefined> {
    const { dir, logger, engine } = this.#options;
    const file = new VectorFile(dir, embedder.id, embedder.dims);
    const cache = new ModelCache(dir, 'look');
    return learnLook({
      lang,
      lines: lines[lang],
      embedder,
      file,
      cache,
      logger,
      signal,
      ...(engine === undefined ? {} : { engine }),
    });
  }

  /** The text's vector, where it comes in time. */
  async #vectorOf(text: string): Promise<Float32Array | undefined> {
    const late = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const inTime = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        late.abort('late');
        resolve(undefined);
      }, this.#options.limitMs ?? LIMIT_MS);
    });
    try {
      const embedder = await this.#options.embedder;
      const made = embedder?.embed([text], late.signal);
      const vectors = await Promise.race([made, inTime]);
      return vectors?.[0];
    } catch (error) {
      this.#options.logger.debug({ error: messageOf(error) }, 'no vector');
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
