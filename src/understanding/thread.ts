/** Threads that run a TypeScript file. */
import { Worker } from 'node:worker_threads';

/** A thread does not inherit tsx on Node 20 (`--import` in `execArgv` is not enough there). */
const BOOT = `const { workerData } = require('node:worker_threads');
import(workerData.loader).then((tsx) => { tsx.register(); return import(workerData.entry); });`;
/** Room for what is new: threads that make much garbage would let it grow to three times 16 MB, for little. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };
const LOADER = import.meta.resolve('tsx/esm/api');

/**
 * Starts a thread.
 * @param entry the file, such as `new URL('./encoder-thread.ts', import.meta.url)`
 * @param task found there as `workerData.task`; default: none
 */
export function startThread(entry: URL, task?: unknown): Worker {
  const workerData = { loader: LOADER, entry: entry.href, task };
  return new Worker(BOOT, { eval: true, execArgv: [], workerData, resourceLimits });
}

/**
 * Runs a thread until it has answered.
 * @param take given each of its messages: the answer, or `undefined` where that is still to come
 * @param signal ends the thread at once
 * @throws what came instead: the thread's error, its early end, or the signal's reason
 */
export function inThread<Answer>(
  entry: URL,
  task: unknown,
  signal: AbortSignal,
  take: (message: unknown) => Answer | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const worker = startThread(entry, task);
    const abort = (): void => {
      void worker.terminate();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort);
    const fail = (cause: Error): void => {
      signal.removeEventListener('abort', abort);
      reject(cause);
    };
    worker.on('message', (message: unknown) => {
      const answer = take(message);
      if (answer === undefined) return;
      signal.removeEventListener('abort', abort);
      resolve(answer);
    });
    worker.once('error', fail);
    worker.once('exit', (code) => fail(new Error(`the thread left with code ${code}`)));
  });
}
