import type { IncomingMessage, Server as NodeServer, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { Histogram, type Registry } from 'prom-client';
import restify from 'restify';
import type { RouteHandler, Router, RouteRequest } from './channel/channel.ts';
import { refuseUpgrade, sendJson } from './channel/respond.ts';
import { ConfigError, messageOf, RequestError } from './errors.ts';
import type { Logger } from './log.ts';
import { createRateLimiter, defaultLimits, type ServerLimits } from './rate-limit.ts';
import { createUpgrades } from './channel/upgrade-routes.ts';

/** What {@link createServer} is made of. */
export interface ServerOptions {
  readonly logger: Logger;
  readonly metrics: Registry;
  /** What keeps the process from serving, for `/readyz`; empty when ready. Rejecting counts as one. */
  readonly health: () => Promise<readonly string[]>;
  readonly limits?: Partial<ServerLimits>;
  readonly now?: () => number;
}

/** The HTTP server: `/healthz`, `/readyz`, `/metrics` and the routes that others ask for. */
export interface HttpServer extends Router {
  /** @returns the port, which differs from the one asked for where that is 0 */
  listen(port: number, host: string): Promise<number>;
  /** Takes no new connection, ends what is idle, waits for requests in hand, then cuts the rest. */
  close(): Promise<void>;
}

type ErrorRender = Parameters<Router['onError']>[1];

/** How long a refused upload is read on and thrown away, so that its sender can read the answer. */
const LINGER_MS = 2000;
const HEALTH_TIMEOUT_MS = 5000;

/** Makes the server on restify. Nothing listens before {@link HttpServer.listen}. */
export function createServer(options: ServerOptions): HttpServer {
  const { logger } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const now = options.now ?? Date.now;
  const users = {
    message: createRateLimiter(limits.user, now),
    read: createRateLimiter(limits.read, now),
  };
  const byAddress = createRateLimiter(limits.address, now);
  const renders: { prefix: string; render: ErrorRender }[] = [];
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from request to the end of its response',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.3, 1, 3, 10],
    registers: [options.metrics],
  });
  const server = restify.createServer({
    name: '',
    log: logger as never,
    ignoreTrailingSlash: true,
  });
  const http = server.server as NodeServer & { connectionsCheckingInterval: number };
  http.headersTimeout = 5000;
  // Uploads need this long; ordinary bodies have their own 10 s in readBody.
  http.requestTimeout = 60_000;
  http.keepAliveTimeout = 65_000;
  http.maxConnections = limits.connections;
  http.connectionsCheckingInterval = 1000;
  let inHand = 0;
  let closing: (() => void) | undefined;

  function begin(request: IncomingMessage, response: ServerResponse): boolean {
    inHand += 1;
    response.once('close', () => {
      inHand -= 1;
      if (inHand === 0) closing?.();
    });
    if (closing) response.setHeader('Connection', 'close');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    // restify builds a URL from the Host header and throws out of the event loop where it can't.
    if (URL.canParse(`http://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`))
      return true;
    fail(request, response, new RequestError(400, 'BadArgument', 'Malformed Host or path'));
    return false;
  }

  function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const known = error instanceof RequestError ? error : undefined;
    if (!known) logger.error({ err: error, method: request.method }, 'a request failed');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const body = {
      status: known?.status ?? 500,
      code: known?.code ?? 'ServiceError',
      message: known?.message ?? 'Something went wrong',
      ...(known?.retryAfter === undefined ? {} : { retryAfter: known.retryAfter }),
    };
    if (body.retryAfter !== undefined) response.setHeader('Retry-After', body.retryAfter);
    sendJson(response, body.status, rendered(request.url ?? '/', body));
    if (!request.complete) {
      request.resume();
      setTimeout(() => {
        if (!request.complete) request.destroy();
      }, LINGER_MS).unref();
    }
  }

  function rendered(url: string, error: Parameters<ErrorRender>[0]): unknown {
    const own = renders.find((r) => url.startsWith(r.prefix));
    return own ? own.render(error) : { error: { code: error.code, message: error.message } };
  }

  function pause(ms: number): Promise<void> | undefined {
    return ms === 0 ? undefined : new Promise((resolve) => setTimeout(resolve, ms).unref());
  }

  function routeRequest(request: IncomingMessage, params: Record<string, string>): RouteRequest {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    return Object.assign(request, {
      params,
      query: new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)),
      client: clientOf(request),
      admit: async (user: string, what: 'message' | 'read' = 'message') =>
        pause(users[what].delay(user)),
    });
  }

  const upgrades = createUpgrades({
    wrap: routeRequest,
    limit: (request) => byAddress.delay(clientOf(request)),
    refuse: (request, socket, error) => {
      const { status, code, message } = error;
      refuseUpgrade(socket, status, rendered(request.url ?? '/', { status, code, message }));
    },
  });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrades.take(request, socket, head);
  });

  function on(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS',
    path: string,
    handler: RouteHandler,
    how?: { limited?: boolean },
  ): void {
    async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const start = performance.now();
      response.once('close', () => {
        const labels = { method, route: path, status: response.statusCode };
        seconds.observe(labels, (performance.now() - start) / 1000);
      });
      try {
        if (how?.limited !== false) await pause(byAddress.delay(clientOf(request)));
        const { params } = request as IncomingMessage & { params: Record<string, string> };
        await handler(routeRequest(request, params), response);
        if (!response.writableEnded) response.end();
      } catch (error) {
        fail(request, response, error);
      }
    }
    const run: restify.RequestHandler = (request, response, next) => {
      void answer(request, response as unknown as ServerResponse).then(() => next());
    };
    if (method === 'GET') {
      server.get(path, run);
      server.head(path, run);
    } else if (method === 'POST') server.post(path, run);
    else if (method === 'PUT') server.put(path, run);
    else if (method === 'DELETE') server.del(path, run);
    else server.opts(path, run);
  }

  (server as unknown as { first(handler: typeof begin): void }).first(begin);
  server.on(
    'restifyError',
    (request: restify.Request, response: restify.Response, error: unknown, done: () => void) => {
      const status = (error as { statusCode?: number }).statusCode ?? 500;
      const known = status === 404 || status === 405 ? status : 500;
      if (known === 500) logger.error({ err: error }, 'the router failed');
      const code = known === 404 ? 'NotFound' : known === 405 ? 'MethodNotAllowed' : 'ServiceError';
      const message = known === 404 ? 'No such route' : 'The request can not be served';
      const body = rendered(request.url ?? '/', { status: known, code, message });
      response.sendRaw(known, JSON.stringify(body), { 'Content-Type': 'application/json' });
      done();
    },
  );

  on('GET', '/healthz', (_request, response) =>
    Promise.resolve(sendJson(response, 200, { status: 'up' })),
  );
  on('GET', '/readyz', async (_request, response) => {
    const faults = closing ? ['shutting down'] : await checked(options.health);
    const status = faults.length === 0 ? 'ready' : 'not ready';
    sendJson(response, faults.length === 0 ? 200 : 503, { status, faults });
  });
  on('GET', '/metrics', async (_request, response) => {
    const text = await options.metrics.metrics();
    response.setHeader('Content-Type', options.metrics.contentType);
    response.end(text);
  });

  return {
    on,
    upgrade: upgrades.on,
    onError: (prefix, render) => {
      renders.push({ prefix, render });
      renders.sort((a, b) => b.prefix.length - a.prefix.length);
    },
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        const refused = (error: NodeJS.ErrnoException): void => {
          const fault = `can't listen on ${host}:${port}: ${error.code ?? error.message}`;
          reject(new ConfigError([{ name: 'PORT', fault }]));
        };
        http.once('error', refused);
        http.listen(port, host, () => {
          http.off('error', refused);
          resolve((http.address() as AddressInfo).port);
        });
      }),
    close: async () => {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      http.closeIdleConnections();
      await new Promise<void>((resolve) => {
        closing = resolve;
        const timer = setTimeout(resolve, limits.drainMs);
        timer.unref();
        if (inHand === 0) resolve();
      });
      upgrades.cut();
      http.closeAllConnections();
      await closed;
    },
  };
}

async function checked(health: () => Promise<readonly string[]>): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(() => resolve(['the check did not end in time']), HEALTH_TIMEOUT_MS);
  });
  try {
    return await Promise.race([health(), late]);
  } catch (error) {
    return [messageOf(error)];
  } finally {
    clearTimeout(timer);
  }
}

function clientOf(request: IncomingMessage): string {
  const address = request.socket.remoteAddress ?? '';
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}
