import { expect } from 'chai';
import fc from 'fast-check';
import type { Embedder } from '../../../src/understanding/embedding/embedder.ts';
import { cachedMessages } from '../../../src/understanding/embedding/message-cache.ts';

/** An encoder that gives each text's length, and remembers what it was asked. */
function counting(): { embedder: Embedder; asked: string[] } {
  const asked: string[] = [];
  const embedder: Embedder = {
    id: 'counting',
    dims: 2,
    languages: ['zh'],
    embed(texts) {
      asked.push(...texts);
      if (texts.includes('bad')) return Promise.reject(new TypeError('bad'));
      return Promise.resolve(texts.map((t) => Float32Array.of(t.length, 0)));
    },
    close: () => Promise.resolve(),
  };
  return { embedder, asked };
}

describe('message cache', () => {
  it('asks once for the same message, and never keeps a failure', async () => {
    const { embedder, asked } = counting();
    const cached = cachedMessages(embedder);
    for (const text of ['a', 'a', 'bad', 'bad']) await cached.embed([text]).catch(() => undefined);
    expect(asked).to.deep.equal(['a', 'bad', 'bad']);
  });

  it('does not keep training lines', async () => {
    const { embedder, asked } = counting();
    const cached = cachedMessages(embedder);
    await cached.embed(['a', 'b']);
    await cached.embed(['a', 'b']);
    expect(asked).to.have.length(4);
  });

  it('forgets what was not asked for longest, by count and by bytes', async () => {
    for (const bounds of [{ entries: 2 }, { bytes: 2 * 8 }]) {
      const { embedder, asked } = counting();
      const cached = cachedMessages(embedder, bounds);
      for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) await cached.embed([text]);
      expect(asked).to.deep.equal(['a', 'b', 'c', 'b']);
    }
  });

  it('gives what the encoder gives, in any order of questions', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 3 }), { maxLength: 60 }),
        fc.integer({ min: 0, max: 5 }),
        async (texts, entries) => {
          const cached = cachedMessages(counting().embedder, { entries });
          for (const text of texts) {
            const [vector] = await cached.embed([text]);
            expect(vector?.[0]).to.equal(text.length);
          }
        },
      ),
    ));
});
