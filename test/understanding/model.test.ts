import { expect } from 'chai';
import { getTopScoringIntent } from 'botbuilder-core';
import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../src/log.ts';
import type { Engine } from '../../src/understanding/classify.ts';
import { ModelCache } from '../../src/understanding/model-cache.ts';
import { Recognizer } from '../../src/understanding/recognizer.ts';
import { loadOrTrain, type TrainingLines } from '../../src/understanding/train.ts';
import { IN_PROCESS } from './in-process-engine.ts';
import { SHOP } from './lines.ts';

const logger = createLogger('silent');

describe('loadOrTrain', () => {
  let cacheDir: string;
  let trained: string[];
  let engine: Engine;

  beforeEach(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), 'models-'));
    trained = [];
    engine = {
      ...IN_PROCESS,
      train(lang, lines, options) {
        trained.push(lang);
        return IN_PROCESS.train(lang, lines, options);
      },
    };
  });
  afterEach(() => rm(cacheDir, { recursive: true, force: true }));

  const load = (utterances: TrainingLines = SHOP): Promise<Recognizer> =>
    loadOrTrain({ utterances, cacheDir, logger, engine });
  const files = async (): Promise<string[]> =>
    (await readdir(cacheDir)).sort().map((name) => join(cacheDir, name));

  it('trains once, then loads the same recognizer from the disk', async () => {
    const first = await load();
    expect(trained.sort()).to.deep.equal(['en', 'zh']);
    const bytes = await Promise.all((await files()).map((file) => readFile(file)));
    const second = await load();
    expect(trained.length).to.equal(2);
    expect(second.version).to.equal(first.version);
    expect(second.recognize('我想退货', 'zh')).to.deep.equal(first.recognize('我想退货', 'zh'));

    await rm(cacheDir, { recursive: true });
    await load();
    expect(trained.length).to.equal(4);
    const again = await Promise.all((await files()).map((file) => readFile(file)));
    expect(again).to.deep.equal(bytes);
  });

  it('tells authors how many lines are worth a look, at a training and at a start from the cache', async () => {
    const told: Record<string, unknown>[] = [];
    const loud = createLogger('info', {
      write: (line: string) => void told.push(JSON.parse(line) as Record<string, unknown>),
    });
    const zh = [...SHOP.zh, { text: '我要退货', intent: 'order.status' }];
    for (const round of ['trained', 'cached']) {
      told.length = 0;
      await loadOrTrain({ utterances: { zh, en: SHOP.en }, cacheDir, logger: loud, engine });
      const advice = told.filter((line) => String(line.msg).includes('npm run eval -- --own'));
      const ofZh = advice.find((line) => line.lang === 'zh');
      expect(ofZh?.suspect, round).to.be.at.least(1);
      expect(ofZh, round).to.include.keys('thin', 'overlapping');
    }
    expect(trained.sort()).to.deep.equal(['en', 'zh']);
  });

  it('trains only the language that changed', async () => {
    const first = await load();
    const more = [...SHOP.en, { text: 'give me my money back', intent: 'order.return' }];
    const second = await load({ ...SHOP, en: more });
    expect(trained.sort()).to.deep.equal(['en', 'en', 'zh']);
    expect(second.version).to.not.equal(first.version);
    expect(second.recognize('give me my money back', 'en').ranked[0]?.intent).to.equal(
      'order.return',
    );
  });

  it('trains again where a cached file is cut, changed or of another model', async () => {
    const only = { zh: SHOP.zh, en: [] };
    await load(only);
    const [file] = await files();
    const whole = await readFile(file!);
    const flipped = Buffer.from(whole);
    flipped[whole.length - 20]! ^= 1;
    const damaged = [
      whole.subarray(0, whole.length - 1),
      whole.subarray(0, 10),
      Buffer.alloc(0),
      flipped,
    ];
    for (const bytes of damaged) {
      await writeFile(file!, bytes);
      const before = trained.length;
      const recognizer = await load(only);
      expect(trained.length).to.equal(before + 1);
      expect(recognizer.recognize('我要退货', 'zh').ranked[0]?.intent).to.equal('order.return');
      expect((await readFile(file!)).equals(whole)).to.equal(true);
    }
    await load({ zh: [], en: SHOP.en });
    const other = (await files()).find((name) => name !== file);
    await writeFile(file!, await readFile(other!));
    const before = trained.length;
    await load(only);
    expect(trained.length).to.equal(before + 1);
  });

  it('serves although the cache cannot be written', async () => {
    const blocked = join(cacheDir, 'file');
    await writeFile(blocked, '');
    const utterances = { zh: SHOP.zh, en: [] };
    const recognizer = await loadOrTrain({ utterances, cacheDir: blocked, logger, engine });
    expect(recognizer.recognize('开发票', 'zh').ranked[0]?.intent).to.equal('order.invoice');
  });

  it('recognises nothing in a language without lines', async () => {
    const recognizer = await load({ zh: [], en: [{ text: '…', intent: 'dots' }] });
    expect(trained).to.deep.equal([]);
    for (const lang of ['zh', 'en'] as const) {
      const result = recognizer.recognize('我要退货', lang);
      expect(result.ranked).to.deep.equal([]);
      expect(result.rejected).to.equal(true);
    }
  });
});

describe('ModelCache', () => {
  it('keeps the newest 5 and whatever is in use', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'models-'));
    const cache = new ModelCache(dir);
    for (const [i, key] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) {
      await cache.write(key, Buffer.from(key), new Set(['a']));
      await utimes(join(dir, `${key}.bin`), i + 1, i + 1);
    }
    await cache.write('g', Buffer.from('g'), new Set(['a', 'g']));
    expect((await readdir(dir)).sort()).to.deep.equal(
      ['a', 'd', 'e', 'f', 'g', 'c'].sort().map((k) => `${k}.bin`),
    );
    await rm(dir, { recursive: true });
  });
});

describe('Recognizer', function () {
  this.timeout(60_000);
  let recognizer: Recognizer;

  before(async () => {
    const cacheDir = await mkdtemp(join(tmpdir(), 'models-'));
    recognizer = await loadOrTrain({ utterances: SHOP, cacheDir, logger });
    await rm(cacheDir, { recursive: true });
  });

  it('ranks intents by probability and agrees with Bot Framework on the best', () => {
    for (const { text, intent } of SHOP.zh) {
      const result = recognizer.recognize(text, 'zh');
      expect(result.ranked[0]?.intent).to.equal(intent);
      const scores = result.ranked.map((r) => r.score);
      expect(scores).to.deep.equal([...scores].sort((a, b) => b - a));
      for (const score of scores) expect(score).to.be.within(0, 1);
      expect(getTopScoringIntent(result).intent).to.equal(intent);
    }
  });

  it('says None for what it knows no word of', () => {
    for (const text of ['', '   ', '🙂🙂🙂', 'zzz qqq', '\ud800', 'constructor', '__proto__']) {
      const result = recognizer.recognize(text, 'en');
      expect(result.rejected).to.equal(true);
      expect(getTopScoringIntent(result).intent).to.equal('None');
    }
  });

  it('rejects by the threshold of the language', () => {
    for (const lang of ['zh', 'en'] as const) {
      expect(recognizer.threshold(lang)).to.be.within(0.01, 0.99);
      for (const { text } of SHOP[lang]) {
        expect(recognizer.recognize(text, lang).rejected).to.equal(false);
      }
    }
    const weak = recognizer.recognize('please write a poem about the order of nature and my', 'en');
    expect(weak.rejected).to.equal((weak.ranked[0]?.score ?? 0) < recognizer.threshold('en'));
  });

  it('reads only the first 2,000 characters', () => {
    const result = recognizer.recognize('我'.repeat(100_000) + '要退货', 'zh');
    expect(result.text.length).to.equal(2000);
    expect(recognizer.recognize('我要退货' + 'x'.repeat(100_000), 'zh').text.length).to.equal(2000);
  });

  it('takes an intent by any name', async () => {
    const cacheDir = await mkdtemp(join(tmpdir(), 'models-'));
    const zh = [
      { text: '甲乙', intent: '__proto__' },
      { text: '丙丁', intent: 'constructor' },
    ];
    const odd = await loadOrTrain({
      utterances: { zh, en: [] },
      cacheDir,
      logger,
      engine: IN_PROCESS,
    });
    expect(odd.recognize('甲乙', 'zh').ranked[0]?.intent).to.equal('__proto__');
    expect(Object.keys(odd.recognize('甲乙', 'zh').intents)).to.include('__proto__');
    await rm(cacheDir, { recursive: true });
  });
});
