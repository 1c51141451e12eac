import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createLogger } from '../../../src/log.ts';
import type { Engine } from '../../../src/understanding/classify.ts';
import type { Embedder } from '../../../src/understanding/embedding/embedder.ts';
import { embeddingError } from '../../../src/understanding/embedding/embedder.ts';
import { SecondLook } from '../../../src/understanding/second-look/second-look.ts';
import { IN_PROCESS } from '../in-process-engine.ts';
import { LINES, meaningEncoder, unseen } from './meaning.ts';

const UNSURE = [{ intent: 'parcel', score: 0.3 }];

describe('second look', function () {
  this.timeout(30_000);
  let dir = '';
  let lines: string[] = [];
  let looks: SecondLook[] = [];

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'look-'));
    lines = [];
    looks = [];
  });
  afterEach(async () => {
    await Promise.all(looks.map((l) => l.close()));
    await rm(dir, { recursive: true });
  });

  function lookWith(
    embedder: Embedder | undefined,
    limitMs = 1000,
    engine: Engine = IN_PROCESS,
  ): SecondLook {
    const made = new SecondLook({
      embedder: Promise.resolve(embedder),
      dir,
      logger: createLogger('info', { write: (line) => lines.push(line) }),
      limitMs,
      engine,
    });
    looks.push(made);
    return made;
  }
  const learn = (look: SecondLook, version = 'v1') => look.learn({ zh: [], en: LINES }, version);

  it('understands a word that no training line holds', async () => {
    const look = lookWith(meaningEncoder());
    expect(await learn(look)).to.equal('ready');
    const again = await look.again(`I shall ${unseen('return')} these shoes`, 'en', UNSURE, 'v1');
    expect(again?.ranked[0]?.intent).to.equal('return');
    expect(again?.rejected).to.equal(false);
    expect(again?.ranked[0]?.score).to.be.within(0.5, 1);
    expect(
      (await look.again(`my ${unseen('parcel')}`, 'en', [], 'v1'))?.ranked[0]?.intent,
    ).to.equal('parcel');
  });

  it('does not ask the encoder where the plain model is sure', async () => {
    const asked: string[] = [];
    const look = lookWith(meaningEncoder(asked));
    await learn(look);
    asked.length = 0;
    const sure = [{ intent: 'parcel', score: 1 }];
    expect(look.wanted('a', 'en', sure, 'v1')).to.equal(false);
    expect(await look.again('a', 'en', sure, 'v1')).to.equal(undefined);
    expect(await look.again('  ', 'en', UNSURE, 'v1')).to.equal(undefined);
    expect(asked).to.deep.equal([]);
  });

  it('stays away from languages that the encoder was not made for, and from other models', async () => {
    const asked: string[] = [];
    const look = lookWith(meaningEncoder(asked));
    const zh = LINES.map((l) => ({ ...l, text: `退货${l.text}` }));
    await look.learn({ zh, en: LINES }, 'v1');
    expect(asked.some((text) => text.includes('退货'))).to.equal(false);
    expect(await look.again('退货', 'zh', UNSURE, 'v1')).to.equal(undefined);
    expect(await look.again(unseen('return'), 'en', UNSURE, 'v2')).to.equal(undefined);
  });

  it('serves Chinese where the encoder does', async () => {
    const look = lookWith(meaningEncoder([], ['zh', 'en']));
    await look.learn({ zh: LINES, en: [] }, 'v1');
    expect(look.wanted('退', 'zh', UNSURE, 'v1')).to.equal(true);
    expect(look.wanted('a', 'en', UNSURE, 'v1')).to.equal(false);
  });

  it('encodes each line once, and only new ones after that', async () => {
    const asked: string[] = [];
    await learn(lookWith(meaningEncoder(asked)));
    expect(asked).to.have.length(new Set(LINES.map((l) => l.text)).size);
    asked.length = 0;
    const more = [...LINES, { text: 'a new line to return', intent: 'return' }];
    await lookWith(meaningEncoder(asked)).learn({ zh: [], en: more }, 'v2');
    expect(asked).to.deep.equal(['a new line to return']);
  });

  it('reads what it has learned of the same lines from the disk, where that is whole', async () => {
    let trained = 0;
    const engine: Engine = {
      ...IN_PROCESS,
      train(...how) {
        trained += 1;
        return IN_PROCESS.train(...how);
      },
    };
    const score = async () => {
      const look = lookWith(meaningEncoder(), 1000, engine);
      await learn(look);
      return look.again(unseen('return'), 'en', UNSURE, 'v1');
    };
    const first = await score();
    expect(await score()).to.deep.equal(first);
    expect(trained).to.equal(1);
    const file = (await readdir(dir)).find((name) => name.endsWith('.look'));
    await truncate(join(dir, file!), 100);
    expect(await score()).to.deep.equal(first);
    expect(trained).to.equal(2);
  });

  it('gives the same scores from the same lines', async () => {
    const scores = [];
    for (let i = 0; i < 2; i += 1) {
      await rm(dir, { recursive: true });
      const look = lookWith(meaningEncoder());
      await learn(look);
      scores.push(await look.again(unseen('return'), 'en', UNSURE, 'v1'));
    }
    expect(scores[0]).to.deep.equal(scores[1]);
  });

  it('lets the plain result stand where the encoder is late or fails', async () => {
    const encoder = meaningEncoder();
    let how: 'works' | 'late' | 'fails' = 'works';
    const look = lookWith(
      {
        ...encoder,
        embed: (texts, signal) =>
          how === 'works'
            ? encoder.embed(texts, signal)
            : how === 'fails'
              ? Promise.reject(embeddingError('down', true))
              : new Promise((_, reject) =>
                  signal?.addEventListener('abort', () => reject(signal.reason as Error)),
                ),
      },
      20,
    );
    await learn(look);
    for (how of ['late', 'fails'] as const) {
      expect(await look.again(unseen('return'), 'en', UNSURE, 'v1')).to.equal(undefined);
    }
    how = 'works';
    expect(await look.again(unseen('return'), 'en', UNSURE, 'v1')).not.to.equal(undefined);
  });

  it('goes on without one where there is no encoder, or too few lines', async () => {
    expect(await learn(lookWith(undefined))).to.equal('none');
    const look = lookWith(meaningEncoder());
    expect(await look.learn({ zh: [], en: LINES.slice(0, 10) }, 'v1')).to.equal('ready');
    expect(look.wanted('a', 'en', UNSURE, 'v1')).to.equal(false);
  });

  it('says once that learning failed, and keeps the plain model alone', async () => {
    const look = lookWith({
      ...meaningEncoder(),
      embed: () => Promise.reject(embeddingError('down', true)),
    });
    expect(await learn(look)).to.equal('failed');
    expect(lines.filter((l) => l.includes('no second look'))).to.have.length(1);
    expect(look.wanted('a', 'en', UNSURE, 'v1')).to.equal(false);
  });

  it('gives an older learning up for a newer one', async () => {
    const look = lookWith(meaningEncoder());
    const [first, second] = await Promise.all([learn(look, 'v1'), learn(look, 'v2')]);
    expect([first, second]).to.deep.equal(['superseded', 'ready']);
    expect(look.wanted('a', 'en', UNSURE, 'v2')).to.equal(true);
  });
});
