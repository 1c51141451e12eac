import type { ServerResponse } from 'node:http';
import { messageOf, RequestError } from '../errors.ts';
import type { Lang, Reply } from '../message.ts';
import type { Clock, Store, Undelivered } from '../store/store.ts';
import type { ChannelHealth, OpenChannel, Router, RouteRequest } from './channel.ts';
import { refuseStrangers } from './loopback.ts';
import { sendJson } from './respond.ts';
import { STATUS_POLICY, statusPage } from './status-page.ts';

/** Characters of a reply that are shown. */
const SHOWN = 80;

/** Replies that are listed where nobody says how many, and at most. */
const DEFAULT_SHOWN = 100;
const MOST_SHOWN = 1000;

/** How the channels are and what did not go out, for operators. */
export interface Status {
  /** When it was asked, in ms since 1970. */
  readonly at: number;
  readonly channels: readonly (ChannelHealth & { readonly name: string })[];
  readonly backlog: {
    /** Messages whose turn has not ended. */
    readonly messages: number;
    /** Age of the oldest of them. */
    readonly oldestMs: number;
    /** Replies that wait or are being sent. */
    readonly replies: number;
  };
  /** Newest first, at most as many as asked for. */
  readonly undelivered: readonly {
    readonly id: number;
    readonly channel: string;
    readonly account: string;
    readonly conversation: string;
    readonly state: Undelivered['state'];
    readonly error: string;
    readonly at: number;
    /** Its beginning. */
    readonly text: string;
  }[];
}

/** What the routes are made of. */
export interface StatusParts {
  readonly router: Router;
  readonly store: Pick<Store, 'inbox' | 'outbox'>;
  readonly clock: Clock;
  /** The channels that are on, by name. */
  readonly open: ReadonlyMap<string, OpenChannel>;
}

/** How a channel is; one that does not say is well, one that can't say is not. */
export function healthOf(channel: OpenChannel): ChannelHealth {
  try {
    return channel.health?.() ?? { ok: true, notes: [] };
  } catch (error) {
    return { ok: false, notes: [`It could not be asked: ${messageOf(error)}`] };
  }
}

/**
 * `GET /status` (a page; `?lang=zh|en` for one language; `?format=json`; `?limit=1000` for more replies
 * than the default of 100) and
 * `POST /status/undelivered/:id/resend`, for callers on this machine only.
 */
export function statusRoutes(parts: StatusParts): void {
  parts.router.on('GET', '/status', async (request, response) => {
    refuseStrangers(request);
    const status = await statusOf(parts, limitOf(request));
    if (isJson(request)) return sendJson(response, 200, status);
    const page = await statusPage(status, langOf(request));
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.setHeader('Content-Security-Policy', STATUS_POLICY);
    // Without a referrer, a browser does not say where a form was sent from.
    response.setHeader('Referrer-Policy', 'same-origin');
    response.end(page);
  });
  parts.router.on('POST', '/status/undelivered/:id/resend', async (request, response) => {
    refuseStrangers(request);
    refuseOtherSites(request);
    const { id = '' } = request.params;
    if (!/^\d{1,15}$/u.test(id)) throw new RequestError(404, 'NotFound', 'There is no such reply');
    await parts.store.outbox.resend(Number(id));
    if (isJson(request)) return sendJson(response, 200, { id: Number(id), state: 'pending' });
    seeStatus(response, langOf(request));
  });
}

function limitOf(request: RouteRequest): number {
  const asked = Number(request.query.get('limit') ?? DEFAULT_SHOWN);
  return Number.isInteger(asked) && asked > 0 ? Math.min(asked, MOST_SHOWN) : DEFAULT_SHOWN;
}

async function statusOf({ store, clock, open }: StatusParts, limit: number): Promise<Status> {
  const { open: messages, oldestMs } = store.inbox.backlog();
  return {
    at: clock.now(),
    channels: [...open].map(([name, channel]) => ({ name, ...healthOf(channel) })),
    backlog: { messages, oldestMs, replies: await store.outbox.backlog() },
    undelivered: (await store.outbox.undelivered(limit)).map(shown),
  };
}

function shown({ id, address, reply, state, error, at }: Undelivered) {
  const { channel, account, conversation } = address;
  return { id, channel, account, conversation, state, error, at, text: beginning(reply) };
}

function beginning(reply: Reply): string {
  if (reply.event !== undefined) return `[${reply.event.name}]`;
  const characters = Array.from(reply.text.slice(0, SHOWN * 2));
  const text = characters.slice(0, SHOWN).join('');
  return text.length < reply.text.length ? `${text}…` : text;
}

function isJson(request: RouteRequest): boolean {
  return request.query.get('format') === 'json';
}

function langOf(request: RouteRequest): Lang | undefined {
  const lang = request.query.get('lang');
  return lang === 'zh' || lang === 'en' ? lang : undefined;
}

/** A page of another site can make a browser post a form here. */
function refuseOtherSites(request: RouteRequest): void {
  const { origin, host = '', 'sec-fetch-site': site } = request.headers;
  const own = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
  const near = site === undefined || site === 'same-origin' || site === 'none';
  if (!own || !near) throw new RequestError(403, 'Forbidden', 'Not from a page of another site');
}

function seeStatus(response: ServerResponse, lang: Lang | undefined): void {
  response.statusCode = 303;
  response.setHeader('Location', lang === undefined ? '/status' : `/status?lang=${lang}`);
  response.end();
}
