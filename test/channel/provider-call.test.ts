import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { callProvider, type CallOptions } from '../../src/channel/provider-call.ts';
import { OutsideError } from '../../src/errors.ts';

async function failure(call: Promise<unknown>): Promise<OutsideError> {
  try {
    await call;
  } catch (error) {
    expect(error).to.be.instanceOf(OutsideError);
    return error as OutsideError;
  }
  throw new Error('did not fail');
}

function reply(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end('body');
}

describe('callProvider', () => {
  let server: Server;
  let url: string;
  let answer: RequestListener;

  before(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cgi-bin/x?access_token=SECRET`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const call = (options?: CallOptions): ReturnType<typeof callProvider> =>
    callProvider(fetch, url, options);

  it('sends the body and reads the answer', async () => {
    answer = (request, response) => {
      request.setEncoding('utf8').on('data', (chunk: string) => {
        response.setHeader('content-type', 'Text/Plain').end(`${request.method} ${chunk}`);
      });
    };
    const got = await call({ method: 'POST', body: '退货' });
    expect(got.body.toString()).to.equal('POST 退货');
    expect([got.status, got.contentType]).to.deep.equal([200, 'text/plain']);
  });

  it('returns 4xx and redirects, which are not followed', async () => {
    answer = (_, response) => reply(response, 404);
    expect((await call()).status).to.equal(404);
    answer = (_, response) => reply(response, 302, { location: 'http://127.0.0.1:1/' });
    expect((await call()).status).to.equal(302);
  });

  for (const [status, method, retryable, unknownOutcome] of [
    [500, 'GET', true, false],
    [500, 'POST', false, true],
    [502, 'POST', false, true],
    [503, 'POST', true, false],
    [429, 'POST', true, false],
    [429, 'GET', true, false],
  ] as const) {
    it(`${status} to a ${method} is told apart`, async () => {
      answer = (_, response) => reply(response, status);
      const error = await failure(call({ method }));
      expect(error).to.include({ code: 'provider-status', retryable, unknownOutcome });
    });
  }

  it('a POST that gets no answer in time has an unknown outcome; a GET is asked again', async () => {
    answer = () => undefined;
    const post = await failure(call({ method: 'POST', timeoutMs: 30 }));
    expect(post).to.include({ code: 'provider-timeout', retryable: false, unknownOutcome: true });
    const get = await failure(call({ timeoutMs: 30 }));
    expect(get).to.include({ code: 'provider-timeout', retryable: true, unknownOutcome: false });
  });

  it('the time holds for the body too', async () => {
    answer = (_, response) => void response.write('half');
    expect((await failure(call({ timeoutMs: 50 }))).code).to.equal('provider-timeout');
  });

  it('a connection that breaks has an unknown outcome for a POST', async () => {
    answer = (request) => request.socket.destroy();
    const error = await failure(call({ method: 'POST' }));
    expect(error).to.include({ code: 'provider-broke', retryable: false, unknownOutcome: true });
  });

  it('nobody there: nothing was sent, so again', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const error = await failure(
      callProvider(fetch, `http://127.0.0.1:${port}/x?secret=SECRET`, { method: 'POST' }),
    );
    expect(error).to.include({ retryable: true, unknownOutcome: false });
    expect(error.code).to.equal('provider-unreachable');
  });

  it('an answer too large is cut off', async () => {
    answer = (_, response) => response.end(Buffer.alloc(5000));
    const error = await failure(call({ maxBytes: 4999 }));
    expect(error).to.include({ code: 'provider-too-large', retryable: false });
    expect((await call({ maxBytes: 5000 })).body).to.have.length(5000);
  });

  it('a caller can give up', async () => {
    answer = () => undefined;
    const error = await failure(call({ method: 'POST', signal: AbortSignal.timeout(20) }));
    expect(error).to.include({ code: 'provider-broke', unknownOutcome: true });
  });

  it('no error repeats the query', async () => {
    const seen: string[] = [];
    for (const broken of [
      () => undefined,
      (request: Parameters<RequestListener>[0]) => request.socket.destroy(),
    ]) {
      answer = broken;
      const error = await failure(call({ timeoutMs: 30 }));
      seen.push(`${error.message} ${String(error.cause)} ${error.stack}`);
    }
    expect(seen.join()).not.to.contain('SECRET');
  });
});
