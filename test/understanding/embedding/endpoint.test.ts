import { expect } from 'chai';
import nock from 'nock';
import { dot } from '../../../src/understanding/embedding/embedder.ts';
import {
  openEndpoint,
  type EndpointLimits,
} from '../../../src/understanding/embedding/endpoint.ts';
import { failureOf } from './failure.ts';

const HOST = 'http://127.0.0.1:9';
const ACCOUNT = { base: `${HOST}/v1`, key: 'sk-very-secret', model: 'small-2' };
const QUICK = { timeoutMs: 200, retries: 2, failures: 50, restMs: 60_000, batch: 2 };

interface Asked {
  readonly model: string;
  readonly input: readonly string[];
}

/** Vectors that tell the texts apart, in the order of the texts. */
const vectorsFor = ({ input }: Asked) => ({
  object: 'list',
  data: input.map((text, index) => ({ index, embedding: [text.length, 1, 0] })),
});

const post = () => nock(HOST).post('/v1/embeddings');
const answers = () => post().reply(200, (_uri, body) => vectorsFor(body as unknown as Asked));

function open(limits: EndpointLimits = QUICK) {
  return openEndpoint(ACCOUNT, { fetch: globalThis.fetch, now: () => 0, limits });
}

describe('embedding endpoint', () => {
  afterEach(() => nock.cleanAll());

  it('learns the length of its vectors from a first call', async () => {
    answers();
    const e = await open();
    expect(e.dims).to.equal(3);
    expect(e.languages).to.deep.equal(['zh', 'en']);
    expect(e.id).to.include('small-2').and.not.include('secret');
  });

  it('sends model, input and key', async () => {
    const seen: unknown[] = [];
    nock(HOST, { reqheaders: { authorization: 'Bearer sk-very-secret' } })
      .post('/v1/embeddings', (body) => seen.push(body) > 0)
      .times(2)
      .reply(200, (_uri, body) => vectorsFor(body as unknown as Asked));
    await (await open()).embed(['退货', 'a']);
    expect(seen[1]).to.deep.equal({ model: 'small-2', input: ['退货', 'a'] });
  });

  it('asks in batches and answers in order, whatever the order of the answer', async () => {
    answers();
    const e = await open();
    const sizes: number[] = [];
    post()
      .times(3)
      .reply(200, (_uri, body) => {
        const asked = body as unknown as Asked;
        sizes.push(asked.input.length);
        return { data: [...vectorsFor(asked).data].reverse() };
      });
    const vectors = await e.embed(['a', 'bb', 'ccc', 'dddd', 'eeeee']);
    expect(sizes).to.deep.equal([2, 2, 1]);
    expect(vectors.map((v) => Math.round(v[0]! / v[1]!))).to.deep.equal([1, 2, 3, 4, 5]);
    for (const v of vectors) expect(dot(v, v)).to.be.closeTo(1, 1e-6);
  });

  for (const [what, body] of [
    ['no JSON', '<html>'],
    ['no list', { error: 'none' }],
    ['too few vectors', { data: [{ index: 0, embedding: [1, 2, 3] }] }],
    ['an index twice', { data: [0, 0].map((index) => ({ index, embedding: [1, 2, 3] })) }],
    [
      'vectors of different lengths',
      {
        data: [
          { index: 0, embedding: [1, 2, 3] },
          { index: 1, embedding: [1] },
        ],
      },
    ],
    ['text for a number', { data: [0, 1].map((index) => ({ index, embedding: ['a', 1, 2] })) }],
  ] as const) {
    it(`refuses an answer with ${what}`, async () => {
      answers();
      const e = await open();
      post().reply(200, body);
      const failure = await failureOf(e.embed(['a', 'b']));
      expect([failure.code, failure.retryable]).to.deep.equal(['embedding', false]);
    });
  }

  it('refuses vectors that have another length than before', async () => {
    answers();
    const e = await open();
    post().reply(200, { data: [{ index: 0, embedding: [1, 2] }] });
    expect((await failureOf(e.embed(['a']))).message).to.include('no longer 3');
  });

  it('does not read an answer to its end that is too large', async () => {
    answers();
    const e = await open({ ...QUICK, timeoutMs: 5000 });
    post().reply(200, `{"data":[${' '.repeat(17 * 1024 * 1024)}]}`);
    expect((await failureOf(e.embed(['a']))).message).to.include('too large');
  });

  it('tries training lines again after 500 and 429', async () => {
    answers();
    const e = await open();
    post().reply(500);
    post().reply(429, '', { 'Retry-After': '0' });
    answers();
    expect(await e.embed(['a', 'b'])).to.have.length(2);
  });

  it('waits as long as Retry-After asks for', async () => {
    answers();
    const e = await open();
    post().reply(429, '', { 'Retry-After': '1' });
    answers();
    const begun = Date.now();
    await e.embed(['a', 'b']);
    expect(Date.now() - begun).to.be.at.least(1000);
  });

  it('gives up where Retry-After asks for too long', async () => {
    answers();
    const e = await open();
    post().reply(429, '', { 'Retry-After': '3600' });
    const spare = answers();
    expect((await failureOf(e.embed(['a', 'b']))).message).to.include('429');
    expect(spare.isDone()).to.equal(false);
  });

  it('tries a message once only, and a refused key never again', async () => {
    answers();
    const e = await open();
    post().reply(500);
    const spare = answers();
    expect((await failureOf(e.embed(['a']))).retryable).to.equal(true);
    expect(spare.isDone()).to.equal(false);
    nock.cleanAll();
    post().reply(401);
    const other = answers();
    expect((await failureOf(e.embed(['a', 'b']))).retryable).to.equal(false);
    expect(other.isDone()).to.equal(false);
  });

  it('gives up a try that takes too long', async () => {
    answers();
    const e = await open();
    post().delay(1000).reply(200, {});
    expect((await failureOf(e.embed(['a']))).message).to.include('no answer in 200 ms');
  });

  it('asks nothing any more after failures in a row', async () => {
    answers();
    const e = await open({ ...QUICK, failures: 3 });
    post().times(3).reply(503);
    for (let i = 0; i < 3; i += 1) await failureOf(e.embed(['a']));
    const spare = answers();
    expect((await failureOf(e.embed(['a']))).message).to.include('circuit is open');
    expect(spare.isDone()).to.equal(false);
  });

  it('does not count callers that stop waiting as failures', async () => {
    answers();
    const e = await open({ ...QUICK, timeoutMs: 5000, failures: 2 });
    post().times(3).delay(1000).reply(200, {});
    for (let i = 0; i < 3; i += 1) {
      const late = new AbortController();
      const failure = failureOf(e.embed(['a'], late.signal));
      setTimeout(() => late.abort('late'), 20);
      expect((await failure).retryable).to.equal(true);
    }
    nock.cleanAll();
    answers();
    expect(await e.embed(['a'])).to.have.length(1);
  });

  it('does not follow a redirect, which would take the key elsewhere', async () => {
    answers();
    const e = await open();
    post().reply(307, '', { Location: 'http://127.0.0.1:10/v1/embeddings' });
    const other = nock('http://127.0.0.1:10').post('/v1/embeddings').reply(200, {});
    await failureOf(e.embed(['a']));
    expect(other.isDone()).to.equal(false);
  });

  it('tells the key to nobody but the endpoint', async () => {
    post().reply(401, 'your key sk-very-secret is wrong');
    const failure = await failureOf(open());
    expect(JSON.stringify([failure.message, failure.stack, failure])).not.to.include('very-secret');
  });

  it('ends calls under way when it is closed', async () => {
    answers();
    const e = await open({ ...QUICK, timeoutMs: 5000 });
    post().delay(3000).reply(200, {});
    const under = failureOf(e.embed(['a']));
    await e.close();
    await under;
    expect((await failureOf(e.embed(['a']))).code).to.equal('embedding');
  });
});
