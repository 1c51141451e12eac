import { connect } from 'node:net';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { readJson } from '../src/channel/body.ts';
import { sendJson } from '../src/channel/respond.ts';
import { RequestError } from '../src/errors.ts';
import { createLogger } from '../src/log.ts';
import { createServer, type HttpServer, type ServerOptions } from '../src/server.ts';

interface Running {
  server: HttpServer;
  base: string;
  port: number;
  logged: string[];
}

async function start(
  routes: (server: HttpServer) => void = () => undefined,
  options: Partial<ServerOptions> = {},
): Promise<Running> {
  const logged: string[] = [];
  const server = createServer({
    logger: createLogger('info', { write: (line) => logged.push(line) }),
    metrics: new Registry(),
    health: () => Promise.resolve([]),
    ...options,
  });
  routes(server);
  const port = await server.listen(0, '127.0.0.1');
  return { server, port, base: `http://127.0.0.1:${port}`, logged };
}

/** Sends raw bytes and gives back all that comes until the server closes. */
function raw(port: number, bytes: string, keepOpen = false): Promise<string> {
  return new Promise((resolve) => {
    let got = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes);
      if (!keepOpen) socket.end();
    });
    socket.on('data', (data) => (got += data.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(got));
  });
}

describe('the HTTP server', () => {
  let running: Running | undefined;
  afterEach(async () => {
    await running?.server.close();
    running = undefined;
  });

  it('answers health, readiness and metrics', async () => {
    running = await start(undefined, { health: () => Promise.resolve(['model not loaded']) });
    const up = await fetch(`${running.base}/healthz`);
    expect(up.status).to.equal(200);
    const ready = await fetch(`${running.base}/readyz`);
    expect(ready.status).to.equal(503);
    expect(await ready.json()).to.deep.equal({ status: 'not ready', faults: ['model not loaded'] });
    const metrics = await (await fetch(`${running.base}/metrics`)).text();
    expect(metrics).to.match(
      /http_request_duration_seconds_count\{[^}]*route="\/healthz"[^}]*\} 1/,
    );
  });

  it('is not ready when its check throws', async () => {
    running = await start(undefined, { health: () => Promise.reject(new Error('disk full')) });
    const ready = await fetch(`${running.base}/readyz`);
    expect(ready.status).to.equal(503);
    expect(await ready.text()).to.contain('disk full');
  });

  it('answers unknown routes, methods and hosts in JSON', async () => {
    running = await start();
    const missing = await fetch(`${running.base}/nope`);
    expect(missing.status).to.equal(404);
    expect(await missing.json()).to.have.nested.property('error.code', 'NotFound');
    const wrong = await fetch(`${running.base}/healthz`, { method: 'DELETE' });
    expect(wrong.status).to.equal(405);
    expect(wrong.headers.get('allow')).to.contain('GET');
    expect(await raw(running.port, 'GET /healthz HTTP/1.1\r\nHost: [\r\n\r\n')).to.match(
      /^HTTP\/1.1 400/,
    );
    expect(await raw(running.port, 'GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n')).to.match(
      /^HTTP\/1.1 404/,
    );
    expect(await raw(running.port, 'nonsense\r\n\r\n')).to.match(/^HTTP\/1.1 400/);
    expect((await fetch(`${running.base}/healthz`)).status).to.equal(200);
  });

  it('tells a customer nothing of what went wrong inside, and the log all of it', async () => {
    running = await start((server) => {
      server.on('GET', '/boom/:id', () => Promise.reject(new TypeError('at /home/secret.ts:3')));
    });
    const response = await fetch(`${running.base}/boom/1`);
    expect(response.status).to.equal(500);
    const text = await response.text();
    expect(text).to.equal('{"error":{"code":"ServiceError","message":"Something went wrong"}}');
    expect(running.logged.join()).to.contain('secret.ts');
  });

  it("renders errors in the shape of the route's owner, with Retry-After", async () => {
    running = await start((server) => {
      server.on('GET', '/mine/x', () => Promise.reject(new RequestError(429, 'Slow', 'Wait', 7)));
      server.onError('/mine', ({ status, code }) => ({ errcode: status, errmsg: code }));
    });
    const response = await fetch(`${running.base}/mine/x`);
    expect(response.status).to.equal(429);
    expect(response.headers.get('retry-after')).to.equal('7');
    expect(await response.json()).to.deep.equal({ errcode: 429, errmsg: 'Slow' });
    const missing = await fetch(`${running.base}/mine/y`);
    expect(await missing.json()).to.deep.equal({ errcode: 404, errmsg: 'NotFound' });
  });

  it('gives handlers the parts of the path, the query and the address', async () => {
    running = await start((server) => {
      server.on('GET', '/a/:one/b/:two', (request, response) => {
        const { params, query, client } = request;
        sendJson(response, 200, { params, q: query.get('q'), client });
        return Promise.resolve();
      });
    });
    const response = await fetch(`${running.base}/a/x%20y/b/2?q=%E4%BD%A0`);
    expect(await response.json()).to.deep.equal({
      params: { one: 'x y', two: '2' },
      q: '你',
      client: '127.0.0.1',
    });
  });

  it('sets security headers on every answer', async () => {
    running = await start();
    for (const path of ['/healthz', '/nope']) {
      const { headers } = await fetch(running.base + path);
      expect(headers.get('x-content-type-options')).to.equal('nosniff');
      expect(headers.get('content-security-policy')).to.contain("default-src 'none'");
      expect(headers.get('server')).to.equal(null);
    }
  });

  it('delays one user who is too fast, then refuses, and leaves others alone', async () => {
    running = await start(
      (server) => {
        server.on('POST', '/post/:user', async (request, response) => {
          await request.admit(request.params.user ?? '');
          response.end('ok');
        });
      },
      { limits: { user: { perSecond: 20, burst: 3, maxDelayMs: 200 } } },
    );
    const statuses = (user: string, n: number): Promise<number[]> =>
      Promise.all(
        Array.from({ length: n }, async () => {
          const r = await fetch(`${running!.base}/post/${user}`, { method: 'POST' });
          return r.status;
        }),
      );
    const flood = await statuses('flood', 40);
    expect(flood.filter((s) => s === 200).length).to.be.within(7, 12);
    expect(flood.filter((s) => s === 429).length).to.be.greaterThan(20);
    expect(await statuses('calm', 3)).to.deep.equal([200, 200, 200]);
  });

  it('forgets a caller that leaves while it waits in line', async () => {
    const bodies: unknown[] = [];
    running = await start(
      (server) => {
        server.on('POST', '/post', async (request, response) => {
          await request.admit('u');
          bodies.push(await readJson(request).catch((e: unknown) => (e as RequestError).status));
          response.end();
        });
      },
      { limits: { user: { perSecond: 10, burst: 1, maxDelayMs: 1000 } } },
    );
    const post = (signal?: AbortSignal): Promise<unknown> =>
      fetch(`${running!.base}/post`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
        ...(signal ? { signal } : {}),
      }).catch(() => 'left');
    await post();
    const leaving = new AbortController();
    const left = post(leaving.signal);
    await new Promise((resolve) => setTimeout(resolve, 30));
    leaving.abort();
    expect(await left).to.equal('left');
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(bodies).to.deep.equal([{}, 400]);
  });

  it('limits one address, except on routes that must not be', async () => {
    running = await start(
      (server) => {
        const handler = (_request: unknown, response: { end(): void }): Promise<void> => {
          response.end();
          return Promise.resolve();
        };
        server.on('GET', '/limited', handler);
        server.on('GET', '/free', handler, { limited: false });
      },
      { limits: { address: { perSecond: 0.001, burst: 2, maxDelayMs: 0 } } },
    );
    const get = async (path: string): Promise<number> => (await fetch(running!.base + path)).status;
    expect([await get('/limited'), await get('/limited'), await get('/limited')]).to.deep.equal([
      200, 200, 429,
    ]);
    expect([await get('/free'), await get('/free')]).to.deep.equal([200, 200]);
  });

  it('closes idle connections, and finishes requests in hand first', async () => {
    let release: (() => void) | undefined;
    const entered = new Promise<void>((resolve) => {
      void start((server) => {
        server.on('GET', '/slow', async (_request, response) => {
          await new Promise<void>((r) => {
            release = r;
            resolve();
          });
          response.end('done');
        });
      }).then((r) => (running = r));
    });
    while (!running) await new Promise((r) => setTimeout(r, 5));
    await fetch(`${running.base}/healthz`);
    const slow = fetch(`${running.base}/slow`).then((r) => r.text());
    await entered;
    const closed = running.server.close();
    const refused = await fetch(`${running.base}/healthz`).then(
      () => false,
      () => true,
    );
    expect(refused).to.equal(true);
    release!();
    expect(await slow).to.equal('done');
    await closed;
    running = undefined;
  });

  it('cuts off a request that does not end when it closes', async () => {
    const { server, base } = await start(
      (s) => s.on('GET', '/stuck', () => new Promise(() => undefined)),
      { limits: { drainMs: 100 } },
    );
    const stuck = fetch(`${base}/stuck`).catch(() => 'cut');
    await new Promise((r) => setTimeout(r, 50));
    await server.close();
    expect(await stuck).to.equal('cut');
  });

  it('drops clients that send their headers slowly, while others are served', async function () {
    this.timeout(20_000);
    running = await start();
    const slow = Array.from({ length: 50 }, () =>
      raw(running!.port, 'GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ', true),
    );
    expect((await fetch(`${running.base}/healthz`)).status).to.equal(200);
    for (const answer of await Promise.all(slow)) expect(answer).to.match(/^(HTTP\/1.1 408|$)/);
  });

  it('answers upgrades that nobody serves, without hanging', async () => {
    running = await start();
    const head = 'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ';
    expect(await raw(running.port, `${head}websocket\r\n\r\n`, true)).to.match(/^HTTP\/1.1 404/);
    expect(await raw(running.port, `${head}h2c\r\n\r\n`, true)).to.match(/^HTTP\/1.1 400/);
  });

  it('reads no further than the limit of a body, and stays up', async () => {
    running = await start((server) => {
      server.on('POST', '/body', async (request, response) => {
        sendJson(response, 200, { got: await readJson(request) });
      });
    });
    const post = (body: string, headers = {}): Promise<Response> =>
      fetch(`${running!.base}/body`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      });
    expect((await post('{"a":1}')).status).to.equal(200);
    expect((await post(JSON.stringify('x'.repeat(100_000)))).status).to.equal(413);
    expect((await post('{"a":')).status).to.equal(400);
    expect((await post('{}', { 'content-type': 'text/plain' })).status).to.equal(415);
    expect((await post('{}', { 'content-encoding': 'gzip' })).status).to.equal(415);
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const endless =
      'POST /body HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n' +
      `Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(4)}`;
    expect(await raw(running.port, endless, true)).to.match(/^HTTP\/1.1 413/);
    const bad = 'POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n';
    expect(await raw(running.port, bad, true)).to.match(/^HTTP\/1.1 400/);
  });
});
