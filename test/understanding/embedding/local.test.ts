import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { createLogger } from '../../../src/log.ts';
import { dot, LONGEST_TEXT } from '../../../src/understanding/embedding/embedder.ts';
import {
  findPackages,
  LocalEmbedder,
  type LocalOptions,
} from '../../../src/understanding/embedding/local.ts';
import { failureOf } from './failure.ts';

/** A real thread whose "encoder" gives each text's length and first character code. */
const HEAD = `const { parentPort } = require('node:worker_threads');
const give = (id, text) => parentPort.postMessage({ id, vector: Float32Array.of(text.length, text.charCodeAt(0)) });
const ready = () => parentPort.postMessage({ id: 0, vector: new Float32Array() });`;
const WORKS = `${HEAD} parentPort.on('message', ({ id, text }) => give(id, text)); ready();`;

describe('local encoder', () => {
  let clock = 0;
  let lines: string[] = [];
  let started = 0;
  let open: LocalEmbedder[] = [];

  function encoder(code: string, more: Partial<LocalOptions> = {}): LocalEmbedder {
    const made = new LocalEmbedder('test', {
      logger: createLogger('info', { write: (line) => lines.push(line) }),
      now: () => clock,
      start: () => {
        started += 1;
        return new Worker(code, { eval: true });
      },
      ...more,
    });
    open.push(made);
    return made;
  }

  beforeEach(() => {
    clock = 0;
    lines = [];
    started = 0;
    open = [];
  });
  afterEach(() => Promise.all(open.map((e) => e.close())));

  it('starts its thread at the first call, once, and answers in order', async () => {
    const e = encoder(WORKS);
    expect(started).to.equal(0);
    const [many, one] = await Promise.all([e.embed(['a', 'bb', 'ccc']), e.embed(['dd'])]);
    expect(started).to.equal(1);
    const ratio = (v: Float32Array | undefined) => (v?.[1] ?? 0) / (v?.[0] ?? 1);
    expect(many.map(ratio).map((r) => Math.round(r * 100) / 100)).to.deep.equal([97, 49, 33]);
    expect(ratio(one[0])).to.be.closeTo(50, 0.01);
  });

  it('ends its thread to rest, not while it works, and starts another for the next call', async () => {
    const e = encoder(WORKS);
    const under = e.embed(['a', 'b']);
    await e.rest();
    await under;
    expect(started).to.equal(1);
    await e.rest();
    await e.rest();
    expect((await e.embed(['c']))[0]).to.be.instanceOf(Float32Array);
    expect(started).to.equal(2);
  });

  it('gives vectors of length 1', async () => {
    const [v] = await encoder(WORKS).embed(['hello']);
    expect(dot(v!, v!)).to.be.closeTo(1, 1e-6);
  });

  it('takes messages before training lines', async () => {
    const e = encoder(WORKS);
    const order: string[] = [];
    await Promise.all([
      e.embed(['a', 'b', 'c', 'd']).then(() => order.push('lines')),
      e.embed(['x']).then(() => order.push('message')),
    ]);
    expect(order).to.deep.equal(['message', 'lines']);
  });

  it('reads only the first characters of a text', async () => {
    const [v] = await encoder(WORKS).embed(['a'.repeat(100_000)]);
    expect(v![0]! / v![1]!).to.be.closeTo(LONGEST_TEXT / 97, 0.01);
  });

  it('refuses what would wait too long, and what is too much', async () => {
    const e = encoder(
      `${HEAD} setTimeout(ready, 50); parentPort.on('message', ({ id, text }) => give(id, text));`,
    );
    const waiting = Array.from({ length: 32 }, () => e.embed(['a']));
    expect((await failureOf(e.embed(['a']))).message).to.include('too many');
    expect((await failureOf(e.embed(Array<string>(5000).fill('a')))).message).to.include(
      'too many',
    );
    await Promise.all(waiting);
  });

  it('drops what nobody waits for', async () => {
    const e = encoder(WORKS);
    const gone = new AbortController();
    const dropped = failureOf(e.embed(['a', 'b'], gone.signal));
    const kept = e.embed(['c']);
    gone.abort();
    expect((await dropped).message).to.include('nobody waits');
    expect(await kept).to.have.length(1);
  });

  it('is started again after a crash, but not before a pause', async () => {
    const e = encoder(`${HEAD} parentPort.on('message', ({ id, text }) => {
      if (text === 'crash') process.exit(3); give(id, text); }); ready();`);
    const [crash, behind] = [failureOf(e.embed(['crash'])), failureOf(e.embed(['a', 'b']))];
    expect((await crash).message).to.include('code 3');
    expect((await behind).retryable).to.equal(true);
    expect((await failureOf(e.embed(['a']))).message).to.include('rests');
    expect(started).to.equal(1);
    clock = 1001;
    expect(await e.embed(['a'])).to.have.length(1);
    expect(started).to.equal(2);
  });

  it('ends a thread that hangs', async () => {
    const e = encoder(`${HEAD} parentPort.on('message', () => { for (;;); }); ready();`, {
      timeoutMs: 50,
    });
    expect((await failureOf(e.embed(['a']))).message).to.include('no vector in 50 ms');
  });

  it('ends a thread that does not load', async () => {
    const e = encoder(`${HEAD} setInterval(() => 0, 1000);`, { loadMs: 50 });
    expect((await failureOf(e.embed(['a']))).message).to.include('not loaded in 50 ms');
  });

  it('stays off after failures in a row, and says why once', async () => {
    const e = encoder('throw new TypeError("no such model")', { failures: 3 });
    for (let i = 0; i < 3; i += 1) {
      await failureOf(e.embed(['a']));
      clock += 100_000;
    }
    const last = await failureOf(e.embed(['a']));
    expect([last.retryable, started]).to.deep.equal([false, 3]);
    expect(last.message).to.include('no such model');
    const off = lines.filter((l) => l.includes('encoder is off'));
    expect(off).to.have.length(1);
    expect(off[0]).to.include('no such model');
  });

  it('passes on the failure of one text and goes on', async () => {
    const e = encoder(`${HEAD} parentPort.on('message', ({ id, text }) =>
      text === 'bad' ? parentPort.postMessage({ id, error: 'no tokens' }) : give(id, text)); ready();`);
    expect((await failureOf(e.embed(['bad']))).message).to.include('no tokens');
    expect(await e.embed(['good'])).to.have.length(1);
    expect(started).to.equal(1);
  });

  it('rejects what is under way when it is closed, and all calls after that', async () => {
    const e = encoder(`${HEAD} ready();`);
    const under = failureOf(e.embed(['a']));
    await e.close();
    expect((await under).message).to.include('closed');
    expect((await failureOf(e.embed(['a']))).message).to.include('closed');
  });

  it('names the first package that is missing', () => {
    const found = findPackages((name) => {
      if (name.startsWith('@energetic-ai/embeddings')) throw new TypeError('not found');
      return name;
    });
    expect(found).to.deep.equal({ missing: '@energetic-ai/embeddings' });
  });
});

const installed = findPackages();

describe('local encoder with its packages', function () {
  before(function () {
    if ('missing' in installed) this.skip();
  });

  it('puts sentences of one meaning near each other', async function () {
    this.timeout(30_000);
    if ('missing' in installed) return;
    const e = new LocalEmbedder(installed.version, {
      logger: createLogger('silent'),
      now: () => performance.now(),
    });
    try {
      const [a, b, c] = await e.embed([
        'where is my parcel',
        'when will the package get here',
        'how do I change my password',
      ]);
      expect(dot(a!, a!)).to.be.closeTo(1, 1e-5);
      expect(dot(a!, b!)).to.be.greaterThan(dot(a!, c!) + 0.1);
      const again = await e.embed(['where is my parcel']);
      expect([...again[0]!]).to.deep.equal([...a!]);
      await e.embed(['']).catch(() => undefined);
      expect(await e.embed(['constructor __proto__ 退货'])).to.have.length(1);
    } finally {
      await e.close();
    }
  });
});
