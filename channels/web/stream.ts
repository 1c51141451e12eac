import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import type { RouteRequest } from '../../src/channel/channel.ts';
import { refuseUpgrade } from '../../src/channel/respond.ts';
import { messageOf, RequestError } from '../../src/errors.ts';
import type { Line } from '../../src/message.ts';
import { renderingFor } from './activities.ts';
import { activitySet, readWatermark } from './activity.ts';
import { keyOf, type Desk } from './desk.ts';
import type { Claims } from './verify.ts';

/** A socket with more than this unsent is cut: its client reads too slowly, and can reconnect. */
const MAX_UNSENT = 1024 * 1024;
const MAX_FRAME = 64 * 1024;
const HEARTBEAT_MS = 30_000;
const MAX_SOCKETS_EACH = 10;
const PAGE = 200;
/** How long clients have to say goodbye. */
const FAREWELL_MS = 500;

/** The sockets of open chats. */
export interface Streams {
  upgrade(request: RouteRequest, socket: Duplex, head: Buffer): void;
  /** Closes every socket as "going away"; clients reconnect elsewhere or later. */
  stop(): Promise<void>;
}

/** Makes the WebSocket side of the channel: `GET …/stream?watermark=&t=`. */
export function createStreams(desk: Desk): Streams {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME,
    clientTracking: true,
  });
  const alive = new WeakSet<WebSocket>();
  const counts = new Map<string, number>();
  const heartbeat = setInterval(() => {
    for (const socket of server.clients) {
      if (!alive.has(socket)) socket.terminate();
      alive.delete(socket);
      socket.ping();
    }
  }, HEARTBEAT_MS);
  heartbeat.unref();

  async function take(request: RouteRequest, socket: Duplex, head: Buffer): Promise<void> {
    const { conv } = await entering(desk, request);
    const after = readWatermark(request.query.get('watermark'));
    if (after === undefined) throw new RequestError(400, 'BadArgument', 'Not a watermark of ours');
    const open = counts.get(conv) ?? 0;
    if (open >= MAX_SOCKETS_EACH) {
      throw new RequestError(429, 'TooManyRequests', 'Too many sockets for one conversation', 10);
    }
    server.handleUpgrade(request, socket, head, (client) => {
      counts.set(conv, (counts.get(conv) ?? 0) + 1);
      client.once('close', () => {
        const left = (counts.get(conv) ?? 1) - 1;
        if (left === 0) counts.delete(conv);
        else counts.set(conv, left);
      });
      alive.add(client);
      client.on('pong', () => alive.add(client));
      client.on('message', () => alive.add(client));
      client.on('error', () => client.terminate());
      void follow(desk, request, client, conv, after);
    });
  }

  return {
    upgrade: (request, socket, head) => {
      take(request, socket, head).catch((error: unknown) => {
        const known = error instanceof RequestError ? error : undefined;
        if (!known) desk.context.logger.error({ fault: messageOf(error) }, 'web: upgrade failed');
        const code = known?.code ?? 'ServiceError';
        const message = known?.message ?? 'Something went wrong';
        refuseUpgrade(socket, known?.status ?? 500, { error: { code, message } });
      });
    },
    stop: async () => {
      clearInterval(heartbeat);
      const closed = [...server.clients].map(async (socket) => {
        socket.close(1001);
        await once(socket, 'close');
      });
      await Promise.race([Promise.all(closed), setTimeout(FAREWELL_MS, undefined, { ref: false })]);
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

/** Checks the page, then the token: one made for a stream URL, an ordinary one, or a bearer. */
async function entering(desk: Desk, request: RouteRequest): Promise<Pick<Claims, 'conv'>> {
  const { origins, verifier } = desk;
  if (!origins.allowed(request)) {
    throw new RequestError(403, 'Forbidden', 'Pages of this origin may not call');
  }
  const conv = request.params.id ?? '';
  const token = request.query.get('t');
  if (token === null) return desk.enter(request, conv);
  let claims: Claims;
  try {
    claims = verifier.check('stream', token);
  } catch {
    claims = verifier.check('directline', token);
  }
  if (claims.conv !== conv || !origins.trusted(request, claims.origins)) {
    throw new RequestError(403, 'Forbidden', 'The token is for another conversation');
  }
  return claims;
}

/**
 * Sends everything after the watermark, then what comes. Lines that are committed while the past is
 * being sent wait aside, so that nothing is lost or sent twice.
 */
async function follow(
  desk: Desk,
  request: RouteRequest,
  client: WebSocket,
  conv: string,
  after: number,
): Promise<void> {
  const { log, logger } = desk.context;
  const key = keyOf(conv);
  const rendering = renderingFor(desk, request, conv);
  let last = after;
  let waiting: Line[] | undefined = [];

  function send(lines: readonly Line[], sent?: () => void): void {
    const fresh = lines.filter((line) => line.seq > last);
    const end = fresh.at(-1);
    const set = activitySet(fresh, last, rendering);
    if (end) last = end.seq;
    if (set.activities.length === 0) return sent?.();
    if (client.bufferedAmount > MAX_UNSENT) return client.terminate();
    client.send(JSON.stringify(set), () => sent?.());
  }

  const unwatch = log.watch(key, (lines) => {
    if (!waiting) send(lines);
    // What overflows here is in the log, where the loop below will find it.
    else if (waiting.length < PAGE) waiting.push(...lines);
  });
  client.once('close', unwatch);
  try {
    while (client.readyState === client.OPEN) {
      const overflowing = waiting.length >= PAGE;
      if (overflowing) waiting = [];
      const page = await log.read(key, last, PAGE);
      await new Promise<void>((resolve) => {
        client.once('close', resolve);
        send(page, () => {
          client.off('close', resolve);
          resolve();
        });
      });
      if (page.length < PAGE && waiting.length < PAGE) break;
    }
    const rest = waiting;
    waiting = undefined;
    send(rest);
  } catch (error) {
    logger.error({ fault: messageOf(error) }, 'web: replay failed');
    client.terminate();
  }
}
