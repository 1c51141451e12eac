import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createAccessToken } from '../../../src/channel/tencent/access-token.ts';
import { ApiError, createApi, type Api } from '../../../src/channel/tencent/api.ts';
import { OutsideError } from '../../../src/errors.ts';
import { createLogger } from '../../../src/log.ts';

interface Call {
  readonly url: URL;
  readonly body: string;
  readonly type: string;
}

interface Answer {
  readonly body: string | Buffer;
  readonly headers?: Record<string, string>;
  readonly status?: number;
}

async function failure(call: Promise<unknown>): Promise<OutsideError> {
  try {
    await call;
  } catch (error) {
    return error as OutsideError;
  }
  throw new Error('did not fail');
}

describe('tencent api', () => {
  let server: Server;
  let api: Api;
  let calls: Call[];
  let tokens: number;
  let waits: number[];
  let logged: string[];
  let refusedToken: string | undefined;
  /** Answers in order; the last one again and again. */
  let answers: Answer[];

  beforeEach(async () => {
    calls = [];
    waits = [];
    logged = [];
    tokens = 0;
    refusedToken = undefined;
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        calls.push({
          url: new URL(request.url ?? '', 'http://x'),
          body: Buffer.concat(chunks).toString(),
          type: request.headers['content-type'] ?? '',
        });
        const refused = calls.at(-1)?.url.searchParams.get('access_token') === refusedToken;
        const answer: Answer = refused
          ? code(42001)
          : answers.length > 1
            ? answers.shift()!
            : answers[0]!;
        response.writeHead(answer.status ?? 200, {
          'content-type': 'application/json',
          ...answer.headers,
        });
        response.end(answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    api = createApi({
      base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      fetch,
      retryable: [45011],
      logger: createLogger('trace', { write: (line) => void logged.push(line) }),
      wait: (ms) => Promise.resolve(void waits.push(ms)),
      token: createAccessToken({
        clock: { now: () => 0 },
        ask: () => Promise.resolve({ token: `SECRET-${(tokens += 1)}`, expiresIn: 7200 }),
      }),
    });
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const ok = { body: '{"errcode":0,"errmsg":"ok","x":1}' };
  const code = (errcode: number): { body: string } => ({
    body: JSON.stringify({ errcode, errmsg: `about ${errcode}` }),
  });

  it('posts JSON that is not escaped, with the token', async () => {
    answers = [ok];
    expect(await api.post('/cgi-bin/send', { content: '退货“好”' })).to.include({ x: 1 });
    expect(calls[0]?.url.pathname).to.equal('/cgi-bin/send');
    expect(calls[0]?.url.searchParams.get('access_token')).to.equal('SECRET-1');
    expect(calls[0]?.body).to.equal('{"content":"退货“好”"}');
  });

  for (const errcode of [40001, 40014, 42001]) {
    it(`${errcode}: another token, once`, async () => {
      answers = [code(errcode), ok];
      await api.post('/x', {});
      expect(calls.map((c) => c.url.searchParams.get('access_token'))).to.deep.equal([
        'SECRET-1',
        'SECRET-2',
      ]);
      answers = [code(errcode)];
      const error = await failure(api.post('/x', {}));
      expect(error).to.be.instanceOf(ApiError).and.include({ errcode, retryable: false });
      expect(calls).to.have.length(4);
      expect(logged.join()).to.contain('asking for another').and.not.to.contain('SECRET');
    });
  }

  it('50 calls that are refused together ask for one token', async () => {
    answers = [ok];
    refusedToken = 'SECRET-1';
    await Promise.all(Array.from({ length: 50 }, () => api.post('/x', {})));
    expect(tokens).to.equal(2);
    expect(calls).to.have.length(100);
  });

  it('busy: three tries in all, then retryable', async () => {
    answers = [code(-1), code(-1), ok];
    await api.post('/x', {});
    expect(waits).to.have.length(2);
    calls = [];
    answers = [code(-1)];
    const error = await failure(api.post('/x', {}));
    expect(error).to.include({ errcode: -1, retryable: true, code: 'provider--1' });
    expect(calls).to.have.length(3);
  });

  it('other codes fail at once, retryable as the channel says', async () => {
    answers = [code(45011)];
    expect(await failure(api.post('/x', {}))).to.include({ errcode: 45011, retryable: true });
    answers = [code(45015)];
    const error = await failure(api.post('/x', {}));
    expect(error).to.include({ errcode: 45015, retryable: false, unknownOutcome: false });
    expect(error.message).to.equal('/x answered 45015: about 45015');
    expect(calls).to.have.length(2);
  });

  for (const body of ['', 'oops', '[1]', 'null', '{"errcode":']) {
    it(`an answer that is no object (${JSON.stringify(body)}) leaves the outcome unknown`, async () => {
      answers = [{ body }];
      const error = await failure(api.post('/x', {}));
      expect(error).to.include({ code: 'provider-answer', unknownOutcome: true, retryable: false });
    });
  }

  it('an errcode that is no number is an error too', async () => {
    answers = [{ body: '{"errcode":"oops"}' }];
    expect(await failure(api.post('/x', {}))).to.be.instanceOf(ApiError);
  });

  it('404 is a failure that nothing came of', async () => {
    answers = [{ body: '<html>', status: 404 }];
    const error = await failure(api.post('/x', {}));
    expect(error).to.include({ code: 'provider-answer', unknownOutcome: false });
  });

  it('message ids too long for a number stay whole', async () => {
    answers = [{ body: '{"errcode":0,"msgid":2878297471612469249}' }];
    expect(await api.get('/x', { a: 'b' })).to.include({ msgid: '2878297471612469249' });
    expect(calls[0]?.url.searchParams.get('a')).to.equal('b');
  });

  it('uploads a file with its name and size', async () => {
    answers = [{ body: '{"media_id":"m"}' }];
    const file = { name: '图.png', contentType: 'image/png', bytes: Buffer.from('PNGDATA') };
    expect(await api.upload('/up', { type: 'image' }, 'media', file)).to.include({ media_id: 'm' });
    expect(calls[0]?.type).to.match(/^multipart\/form-data; boundary=/);
    expect(calls[0]?.body).to.contain('name="media"; filename="图.png"').and.contain('PNGDATA');
    expect(calls[0]?.url.searchParams.get('type')).to.equal('image');
  });

  it('downloads bytes with their name; JSON in their place is an error', async () => {
    const name = Buffer.from('图.jpg').toString('latin1');
    answers = [
      {
        body: Buffer.from([0, 255, 1]),
        headers: {
          'content-type': 'image/jpeg',
          'content-disposition': `attachment; filename="${name}"`,
        },
      },
    ];
    const file = await api.download('/media', { media_id: 'm' });
    expect({ ...file, bytes: [...file.bytes] }).to.deep.equal({
      contentType: 'image/jpeg',
      name: '图.jpg',
      bytes: [0, 255, 1],
    });
    answers = [code(40007)];
    expect(await failure(api.download('/media', {}))).to.include({ errcode: 40007 });
    answers = [{ ...code(42001), headers: { 'content-type': 'text/plain' } }, { body: 'x' }];
    expect((await api.download('/media', {})).bytes.toString()).to.equal('x');
  });

  it('a file of JSON that a customer sent is a file', async () => {
    const headers = { 'content-disposition': 'attachment; filename=a.json' };
    answers = [{ body: '{"errcode":1}', headers }];
    expect(await api.download('/media', {})).to.include({ name: 'a.json' });
  });
});
