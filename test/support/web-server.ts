/** A real HTTP server with the real web channel and a desk that answers by itself. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Registry } from 'prom-client';
import web from '../../channels/web/index.ts';
import type { ChannelContext } from '../../src/channel/channel.ts';
import { createLogger, type Logger } from '../../src/log.ts';
import type { ServerLimits } from '../../src/rate-limit.ts';
import { createServer } from '../../src/server.ts';
import { createFakeDesk, type FakeDesk } from './fake-desk.ts';

/** The secret of every test server. */
export const SECRET = 'test-secret-that-is-long-enough';

/** An answer whose body has been read; `text` is the body as it came. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly body: {
    readonly id?: string;
    readonly token?: string;
    readonly conversationId?: string;
    readonly streamUrl?: string;
    readonly expires_in?: number;
    readonly userId?: string;
    readonly resume?: string;
    readonly resumed?: boolean;
    readonly watermark?: string;
    readonly activities?: readonly SeenActivity[];
    readonly error?: { readonly code: string; readonly message: string };
  };
}

/** An activity as a client sees it. */
export interface SeenActivity {
  readonly id: string;
  readonly type: string;
  readonly text?: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly timestamp: string;
  readonly replyToId?: string;
  readonly from: { readonly id: string; readonly role?: string; readonly name?: string };
  readonly channelData: Readonly<Record<string, unknown>>;
  readonly attachments?: readonly { contentUrl: string; name: string; contentType: string }[];
  readonly suggestedActions?: { readonly actions: readonly Record<string, string>[] };
}

/** A running server. */
export interface WebServer {
  readonly base: string;
  readonly directLine: string;
  readonly desk: FakeDesk;
  readonly dataDir: string;
  /** Calls with the secret, or a token; parses JSON where there is some. */
  call(
    method: string,
    path: string,
    options?: { token?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts one on a free port of 127.0.0.1. */
export async function startWeb(
  options: {
    env?: Record<string, string>;
    limits?: Partial<ServerLimits>;
    context?: Partial<ChannelContext>;
    logger?: Logger;
    port?: number;
  } = {},
): Promise<WebServer> {
  const logger = options.logger ?? createLogger('silent');
  const server = createServer({
    logger,
    metrics: new Registry(),
    health: () => Promise.resolve([]),
    limits: { drainMs: 2000, ...options.limits },
  });
  const dataDir = await mkdtemp(path.join(tmpdir(), 'yingda-web-'));
  const desk = createFakeDesk({
    router: server,
    dataDir,
    logger,
    env: { DIRECTLINE_SECRET: SECRET, ...options.env },
    ...options.context,
  });
  const channel = await web.open(desk.context);
  const port = await server.listen(options.port ?? 0, '127.0.0.1');
  const base = `http://127.0.0.1:${port}`;
  return {
    base,
    directLine: `${base}/v3/directline`,
    desk,
    dataDir,
    call: async (method, at, { token, body, headers } = {}) => {
      const raw = typeof body === 'string' || body instanceof Buffer;
      const response = await fetch(
        at.startsWith('/') ? `${base}${at}` : `${base}/v3/directline/${at}`,
        {
          method,
          headers: {
            ...(token === '' ? {} : { authorization: `Bearer ${token ?? SECRET}` }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
        },
      );
      const text = await response.text();
      const json = response.headers.get('content-type')?.startsWith('application/json');
      const parsed = (json && text !== '' ? JSON.parse(text) : {}) as Answer['body'];
      return { status: response.status, text, body: parsed, headers: response.headers };
    },
    stop: async () => {
      await channel.stop();
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
