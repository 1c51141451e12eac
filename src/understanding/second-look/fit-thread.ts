/** Entry of the thread that fits a second look: answers once, ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { fitLook, type FitTask } from './fit.ts';

const { task } = workerData as { readonly task: FitTask };
parentPort?.postMessage(fitLook(task));
