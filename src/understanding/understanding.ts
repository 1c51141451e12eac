import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Lang } from '../message.ts';
import type { Recognized, Recognizer } from './recognizer.ts';
import type { TrainingLines } from './train.ts';

/** Makes a recognizer for these lines; gives up when the signal says so. */
export type Load = (lines: TrainingLines, signal: AbortSignal) => Promise<Recognizer>;

/**
 * The recognizer that serves now. When the knowledge changes, the next one is trained beside it and
 * takes its place whole; until then, and when training fails, the old one goes on serving.
 */
export class Understanding {
  #current: Recognizer;
  #training: AbortController | undefined;
  readonly #load: Load;
  readonly #logger: Logger;

  constructor(first: Recognizer, load: Load, logger: Logger) {
    this.#current = first;
    this.#load = load;
    this.#logger = logger;
  }

  get current(): Recognizer {
    return this.#current;
  }

  recognize(text: string, lang: Lang): Recognized {
    return this.#current.recognize(text, lang);
  }

  /**
   * Trains on these lines and swaps. A newer update ends an older one that still trains. Never
   * rejects: a failure is logged.
   */
  async update(lines: TrainingLines): Promise<'swapped' | 'superseded' | 'failed'> {
    this.#training?.abort('superseded');
    const mine = new AbortController();
    this.#training = mine;
    try {
      const next = await this.#load(lines, mine.signal);
      if (mine.signal.aborted) return 'superseded';
      this.#current = next;
      this.#training = undefined;
      this.#logger.info({ version: next.version }, 'recognizer swapped');
      return 'swapped';
    } catch (error) {
      if (mine.signal.aborted) return 'superseded';
      this.#training = undefined;
      this.#logger.error({ error: messageOf(error) }, 'training failed, the old model serves on');
      return 'failed';
    }
  }

  /** Ends a training that is under way. */
  close(): void {
    this.#training?.abort('closed');
  }
}
