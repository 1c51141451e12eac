/** The channel on a real server and store, with WeChat on both sides played by the test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import { XMLParser } from 'fast-xml-parser';
import { Registry } from 'prom-client';
import { createWechat } from '../../../channels/wechat/index.ts';
import type { OpenChannel } from '../../../src/channel/channel.ts';
import { createLogger, type Logger } from '../../../src/log.ts';
import type { Inbound, Lang, Line, Reply } from '../../../src/message.ts';
import { openChannel } from '../../../src/open-channels.ts';
import type { ServerLimits } from '../../../src/rate-limit.ts';
import { createServer } from '../../../src/server.ts';
import { openEmbeddedStore } from '../../../src/store/embedded.ts';
import { conversationKey, type Store, type Undelivered } from '../../../src/store/store.ts';
import { startDelivery } from '../../../src/turn/deliver.ts';
import { TurnSignals } from '../../../src/turn/signals.ts';
import { startProvider, type CallBody, type Provider } from './provider.ts';

export const ACCOUNT = {
  token: 'QDG6eK',
  aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  appId: 'wx5823bf96d3bd56c7',
};

/** What a push was answered with. */
export interface Answer {
  /** 0 where the connection was cut. */
  readonly status: number;
  readonly body: string;
  /** The answer inside, decrypted; `undefined` for `success` and errors. */
  readonly reply?: Readonly<Record<string, string>>;
}

/** How a push is sent, where not as WeChat would. */
export interface Wrong {
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Buffer;
  /** Whose keys; {@link ACCOUNT} by default. */
  readonly account?: typeof ACCOUNT;
  readonly appId?: string;
  readonly plain?: boolean;
  readonly path?: string;
  /** Cut the connection after this many ms. */
  readonly cutAfter?: number;
  readonly nonce?: string;
}

export interface Stand {
  readonly base: string;
  readonly provider: Provider;
  readonly store: Store;
  readonly channel: OpenChannel;
  readonly accepted: readonly Inbound[];
  readonly logged: readonly string[];
  /** Answers turns. */
  answer: (inbound: Inbound) => readonly Reply[] | Promise<readonly Reply[]>;
  /** Moves the clock on, in ms. */
  advance(ms: number): void;
  now(): number;
  push(xml: string, wrong?: Wrong): Promise<Answer>;
  get(query: Readonly<Record<string, string>>, at?: string): Promise<Answer>;
  /** Pushes a text of a new message; the id is `1000 + n`. */
  say(text: string, options?: { user?: string; id?: string; more?: string }): Promise<Answer>;
  /**
   * Pushes a text (or the event given) whose turn answers with these replies once its request has been
   * told `success`.
   */
  late(replies: readonly Reply[], event?: string): Promise<void>;
  /** What was sent by call, oldest first. */
  sends(): readonly CallBody[];
  /** Resolves when no reply waits. */
  delivered(): Promise<void>;
  lines(user?: string): Promise<readonly Line[]>;
  undelivered(): Promise<readonly Undelivered[]>;
  /** Ends the process of the channel and begins another on the same store. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Wording by key, as the tests see it. */
export const WORDS: Readonly<Record<string, string>> = {
  'wechat.location': '位置：',
  'wechat.link': '链接：',
  'wechat.mini-program': '小程序：',
  'wechat.choose': '请选择：',
  'wechat.thinking': '正在思考，回复任意文字获取结果。',
  'wechat.more': '（未完，回复任意文字继续）',
  'return-order.name': '退货',
};

/** A text message as WeChat writes it. */
export function textXml(
  text: string,
  { user = 'alice', id = '1', at = 0, more = '' } = {},
): string {
  return (
    `<xml><ToUserName><![CDATA[gh_shop]]></ToUserName><FromUserName><![CDATA[${user}]]></FromUserName>` +
    `<CreateTime>${Math.floor(at / 1000)}</CreateTime><MsgType><![CDATA[text]]></MsgType>` +
    `<Content><![CDATA[${text}]]></Content><MsgId>${id}</MsgId>${more}</xml>`
  );
}

/** An event as WeChat writes it. */
export function eventXml(name: string, at: number, more = '', user = 'alice'): string {
  return (
    `<xml><ToUserName><![CDATA[gh_shop]]></ToUserName><FromUserName><![CDATA[${user}]]></FromUserName>` +
    `<CreateTime>${Math.floor(at / 1000)}</CreateTime><MsgType><![CDATA[event]]></MsgType>` +
    `<Event><![CDATA[${name}]]></Event>${more}</xml>`
  );
}

export async function startStand(
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly holdMs?: number;
    readonly retryMs?: number;
    readonly publicUrl?: string;
    readonly mediaMs?: number;
    readonly limits?: Partial<ServerLimits>;
    readonly start?: number;
  } = {},
): Promise<Stand> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'yingda-wechat-'));
  const provider = await startProvider();
  const logged: string[] = [];
  const logger: Logger = createLogger('debug', { write: (line: string) => void logged.push(line) });
  const begun = Date.now();
  let offset = (options.start ?? begun) - begun;
  const clock = { now: () => Date.now() + offset };
  const accepted: Inbound[] = [];
  const env = {
    WECHAT_APP_ID: ACCOUNT.appId,
    WECHAT_APP_SECRET: 'the-app-secret',
    WECHAT_TOKEN: ACCOUNT.token,
    WECHAT_AES_KEY: ACCOUNT.aesKey,
    WECHAT_API_BASE: provider.base,
    ...options.env,
  };
  const definition = createWechat({
    pace: {
      holdMs: options.holdMs ?? 1500,
      retryMs: options.retryMs ?? 400,
      mediaMs: options.mediaMs ?? 1000,
    },
  });
  let nonces = 0;
  let ids = 1000;
  const stand: { answer: Stand['answer'] } = {
    answer: (inbound) =>
      'text' in inbound.content ? [{ from: 'bot', text: `echo: ${inbound.content.text}` }] : [],
  };

  async function begin() {
    const store = await openEmbeddedStore({ dataDir, clock, logger: createLogger('silent') });
    const server = createServer({
      logger,
      metrics: new Registry(),
      health: () => Promise.resolve([]),
      limits: { drainMs: 500, ...options.limits },
    });
    const signals = new TurnSignals();
    const channel = await openChannel(definition, {
      env,
      store,
      signals,
      router: server,
      clock,
      logger,
      dataDir,
      ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
      wording: (key: string, _lang: Lang) => {
        const word = WORDS[key];
        if (word === undefined) throw new Error(`There is no text ${key}`);
        return word;
      },
    });
    const port = await server.listen(0, '127.0.0.1');
    const turns = store.inbox.work(async (claim) => {
      if (claim.attempts === 0) accepted.push(claim.inbound);
      const replies = await stand.answer(claim.inbound);
      await claim.commit({ session: {}, replies, push: true, tickets: [] });
      signals.ended(conversationKey(claim.inbound.address), claim.inbound.id);
    });
    const delivery = startDelivery({
      store,
      clock,
      logger,
      open: new Map([['wechat', channel]]),
      channels: new Map([['wechat', definition]]),
    });
    return {
      store,
      channel,
      base: `http://127.0.0.1:${port}`,
      end: async () => {
        await turns.stop();
        await delivery.stop();
        await channel.stop();
        await server.close();
        await store.close();
      },
    };
  }

  async function clear(): Promise<void> {
    await provider.stop();
    await rm(dataDir, { recursive: true, force: true });
  }

  let running = await begin().catch(async (error: unknown) => {
    await clear();
    throw error;
  });

  const full: Omit<Stand, 'answer'> = {
    get base() {
      return running.base;
    },
    provider,
    get store() {
      return running.store;
    },
    get channel() {
      return running.channel;
    },
    accepted,
    logged,
    advance: (ms) => void (offset += ms),
    now: () => clock.now(),
    push: (xml, wrong = {}) => {
      const timestamp = wrong.query?.timestamp ?? String(Math.floor(clock.now() / 1000));
      const nonce = wrong.nonce ?? `nonce${(nonces += 1)}`;
      const { token, aesKey, appId } = wrong.account ?? ACCOUNT;
      const query: Record<string, string | undefined> = {
        signature: getSignature(token, timestamp, nonce, ''),
        timestamp,
        nonce,
        openid: 'alice',
      };
      let body: string | Buffer = xml;
      if (wrong.plain !== true) {
        const encrypted = encrypt(aesKey, xml, wrong.appId ?? appId);
        query.encrypt_type = 'aes';
        query.msg_signature = getSignature(token, timestamp, nonce, encrypted);
        body = `<xml><ToUserName><![CDATA[gh_shop]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
      }
      const all = { ...query, ...wrong.query };
      const kept = Object.entries(all).filter((e): e is [string, string] => e[1] !== undefined);
      const search = new URLSearchParams(kept);
      const url = `${running.base}${wrong.path ?? '/channels/wechat'}?${search.toString()}`;
      return exchange('POST', url, { ...wrong, body: wrong.body ?? body });
    },
    get: (query, at = '/channels/wechat') =>
      exchange('GET', `${running.base}${at}?${new URLSearchParams(query).toString()}`),
    say: (text, { user = 'alice', id = String((ids += 1)), more = '' } = {}) =>
      full.push(textXml(text, { user, id, at: clock.now(), more })),
    late: async (replies, event) => {
      let open: () => void = () => undefined;
      const opened = new Promise<void>((resolve) => (open = resolve));
      stand.answer = async () => {
        await opened;
        return replies;
      };
      const { body } = await (event === undefined ? full.say('hi') : full.push(event));
      if (body !== 'success') throw new Error(`answered ${body}`);
      open();
    },
    sends: () => provider.of('message/custom/send').map((c) => c.json),
    delivered: () => until(async () => (await running.store.outbox.backlog()) === 0),
    lines: (user = 'alice') => running.store.log.read(`wechat:default:${user}`, 0),
    undelivered: () => running.store.outbox.undelivered(),
    restart: async () => {
      await running.end();
      running = await begin();
    },
    stop: async () => {
      await running.end();
      await clear();
    },
  };
  return Object.defineProperties(stand, Object.getOwnPropertyDescriptors(full)) as Stand;
}

const parser = new XMLParser({ parseTagValue: false, trimValues: false });

/** What an answer says, opened as WeChat would. */
function opened(
  body: string,
  { token, aesKey, appId }: typeof ACCOUNT,
): Readonly<Record<string, string>> | undefined {
  if (!body.startsWith('<xml>')) return undefined;
  const { xml } = parser.parse(body) as { xml: Record<string, string> };
  if (xml.Encrypt === undefined) return xml;
  const { TimeStamp = '', Nonce = '', Encrypt, MsgSignature } = xml;
  const { message, id } = decrypt(aesKey, Encrypt);
  if (id !== appId) throw new Error('sealed for another account');
  if (getSignature(token, TimeStamp, Nonce, Encrypt) !== MsgSignature) {
    throw new Error('the answer is signed wrongly');
  }
  return (parser.parse(message) as { xml: Record<string, string> }).xml;
}

function exchange(
  method: string,
  url: string,
  { body, cutAfter, account = ACCOUNT }: Wrong = {},
): Promise<Answer> {
  return new Promise((resolve) => {
    const cut = { status: 0, body: '' };
    const call = httpRequest(url, { method, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => resolve(cut));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const reply = opened(text, account);
        const status = response.statusCode ?? 0;
        resolve({ status, body: text, ...(reply === undefined ? {} : { reply }) });
      });
    });
    call.on('error', () => resolve(cut));
    if (cutAfter !== undefined) setTimeout(() => call.destroy(), cutAfter).unref();
    call.end(body);
  });
}

/** Waits until something holds; at most 3 s. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 3000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it never came to pass');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
