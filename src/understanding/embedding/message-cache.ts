import { createHash } from 'node:crypto';
import type { Embedder } from './embedder.ts';

/** Bounds of a {@link cachedMessages}. */
export interface CacheBounds {
  /** Vectors kept. Default 2,000. */
  readonly entries?: number;
  /** Bytes of the vectors kept. Default 8 MiB: 4,096 of 512 numbers. */
  readonly bytes?: number;
}

/**
 * The encoder with a memory for what customers say often; the vector not asked for longest goes first.
 * It keeps hashes, not texts. Only calls with one text use it: training lines have a cache of their
 * own on disk. Failures are not kept.
 */
export function cachedMessages(embedder: Embedder, bounds: CacheBounds = {}): Embedder {
  const { entries = 2000, bytes = 8 * 1024 * 1024 } = bounds;
  const most = Math.min(entries, Math.floor(bytes / (4 * embedder.dims)));
  const kept = new Map<string, Float32Array>();
  return {
    id: embedder.id,
    dims: embedder.dims,
    languages: embedder.languages,
    async embed(texts, signal) {
      const [text] = texts;
      if (text === undefined || texts.length > 1) return embedder.embed(texts, signal);
      const key = createHash('sha256').update(text).digest('base64');
      const known = kept.get(key);
      const vectors = known === undefined ? await embedder.embed(texts, signal) : [known];
      const [vector] = vectors;
      // Taken out and put back: a Map keeps the order of insertion.
      kept.delete(key);
      if (vector !== undefined) kept.set(key, vector);
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
      return vectors;
    },
    async rest() {
      await embedder.rest?.();
    },
    close: () => embedder.close(),
  };
}
