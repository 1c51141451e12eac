import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import nock from 'nock';
import { ConfigError } from '../../../src/errors.ts';
import { createLogger } from '../../../src/log.ts';
import { openEmbedder, type OpenOptions } from '../../../src/understanding/embedding/open.ts';

const ACCOUNT = { base: 'http://127.0.0.1:9/v1', key: 'sk-secret', model: 'm' };
const missing = (name: string): string => {
  throw new TypeError(`no ${name}`);
};

describe('openEmbedder', () => {
  let lines: string[] = [];

  function open(mode: OpenOptions['mode'], more: Partial<OpenOptions> = {}) {
    return openEmbedder({
      mode,
      logger: createLogger('info', { write: (line) => lines.push(line) }),
      fetch: globalThis.fetch,
      now: () => 0,
      ...more,
    });
  }

  beforeEach(() => {
    lines = [];
  });
  afterEach(() => nock.cleanAll());

  it('off: looks for nothing and says nothing', async () => {
    const touched: string[] = [];
    const resolve = (name: string) => (touched.push(name), name);
    expect(await open('off', { resolve, account: ACCOUNT })).to.equal(undefined);
    expect([touched, lines]).to.deep.equal([[], []]);
  });

  it('on, packages missing: names the variable, the package and the ways out', async () => {
    const error = await open('on', { resolve: missing }).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(ConfigError);
    expect((error as ConfigError).message)
      .to.include('EMBEDDINGS')
      .and.include('@energetic-ai/core')
      .and.include('--include=optional');
  });

  it('auto, packages missing: off, with one line that says why', async () => {
    expect(await open('auto', { resolve: missing })).to.equal(undefined);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include('@energetic-ai/core');
  });

  it('on, weights broken: does not start', async () => {
    const start = () => new Worker('throw new TypeError("weights are cut off")', { eval: true });
    const error = await open('on', { start, resolve: () => manifest }).catch((e: unknown) => e);
    expect((error as ConfigError).message).to.include('weights are cut off');
  });

  it('on, endpoint refuses: says what it answered, not the key', async () => {
    nock('http://127.0.0.1:9').post('/v1/embeddings').reply(401);
    const error = await open('on', { account: ACCOUNT }).catch((e: unknown) => e);
    expect((error as ConfigError).message)
      .to.include('401')
      .and.not.include('sk-secret');
  });

  it('auto, endpoint down: off, with one line', async () => {
    nock('http://127.0.0.1:9').post('/v1/embeddings').replyWithError('connection refused');
    expect(await open('auto', { account: ACCOUNT })).to.equal(undefined);
    expect(lines).to.have.length(1);
    expect(lines[0]).not.to.include('sk-secret');
  });

  it('prefers the endpoint, and caches messages', async () => {
    nock('http://127.0.0.1:9')
      .post('/v1/embeddings')
      .twice()
      .reply(200, { data: [{ index: 0, embedding: [1, 0] }] });
    const embedder = await open('on', { account: ACCOUNT, resolve: missing });
    await embedder?.embed(['a']);
    await embedder?.embed(['a']);
    expect(embedder?.dims).to.equal(2);
  });
});

/** Any package file: only its version is read. */
const manifest = new URL('../../../package.json', import.meta.url).pathname;
