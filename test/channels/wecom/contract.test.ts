import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encrypt, getSignature } from '@wecom/crypto';
import { Registry } from 'prom-client';
import wecom, { openWecom } from '../../../channels/wecom/index.ts';
import { createServer } from '../../../src/server.ts';
import {
  channelContract,
  type Arrival,
  type ChannelHarness,
  type Forged,
  type ProviderFault,
} from '../../contracts/channel.ts';
import { createFakeDesk } from '../../support/fake-desk.ts';
import { send, type Wire } from '../../support/wire.ts';

const SAMPLES = path.join(import.meta.dirname, '../../../channels/wecom/samples');
const TOKEN = 'QDG6eK';
const AES_KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const OTHER_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const CORP = 'ww5823bf96d3bd56c7';
const KF = 'wkContract';
const USER = 'wmCustomer';

const text = { kind: 'text' };
const file = { kind: 'attachment' };
const event = (name: string): object => ({ kind: 'event', name });
const becomes: Record<string, readonly object[]> = {
  'messages.json': [
    { kind: 'text', text: 'hello world' },
    { kind: 'text', text: '我要退货' },
    ...[file, file, file, file],
    ...[text, text, text, text],
    event('wecom.msgmenu'),
    ...[text, text],
    ...[event('wecom.agent'), event('wecom.agent')],
  ],
  // Of the people who serve only the state is kept: these have no conversation.
  'events.json': [
    ...[event('join'), event('join'), event('wecom.send-failed'), event('wecom.session-status')],
    { kind: 'agent', action: 'close' },
    event('wecom.user_recall_msg'),
  ],
};

/** As much of WeCom as the contract needs: what the customers wrote, and what they get. */
interface Provider {
  readonly base: string;
  /** What `sync_msg` brings; the cursor is a place in it. */
  readonly items: unknown[];
  /** Texts that were sent. */
  readonly got: string[];
  /** Codes that the next sends get; `cut`: no answer. */
  readonly codes: (number | 'cut')[];
  stop(): Promise<void>;
}

async function startProvider(): Promise<Provider> {
  const items: unknown[] = [];
  const got: string[] = [];
  const codes: (number | 'cut')[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as {
      cursor?: string;
      text?: { content: string };
      msgid?: string;
    };
    const { pathname } = new URL(request.url ?? '/', 'http://x');
    const json = (more: object): void => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ errcode: 0, errmsg: 'ok', ...more }));
    };
    switch (pathname.replace('/cgi-bin/', '')) {
      case 'gettoken':
        return json({ access_token: 'a-token', expires_in: 7200 });
      case 'kf/sync_msg': {
        const list = items.slice(Number(body.cursor ?? 0));
        return json({ next_cursor: String(items.length), has_more: 0, msg_list: list });
      }
      case 'kf/service_state/get':
        return json({ service_state: 1 });
      case 'media/get':
        response.setHeader('content-type', 'image/jpeg');
        response.end('a picture');
        return;
      case 'kf/send_msg': {
        const code = codes.shift() ?? 0;
        if (code === 'cut') return void request.socket.destroy();
        if (code !== 0) return json({ errcode: code, errmsg: `code ${code}` });
        got.push(body.text?.content ?? '');
        return json({ msgid: body.msgid });
      }
      default:
        return json({ errcode: 404, errmsg: pathname });
    }
  }

  const server = createHttp((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    items,
    got,
    codes,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

channelContract(
  { name: 'wecom', called: true, push: true, hearsItself: true },
  async ({ logger }): Promise<ChannelHarness> => {
    const provider = await startProvider();
    const health = (): Promise<[]> => Promise.resolve([]);
    const limits = { drainMs: 200 };
    const server = createServer({ logger, metrics: new Registry(), health, limits });
    const dataDir = await mkdtemp(path.join(tmpdir(), 'yingda-wecom-'));
    const desk = createFakeDesk({
      router: server,
      dataDir,
      logger,
      fetch,
      env: {
        WECOM_CORP_ID: CORP,
        WECOM_KF_SECRET: 'the-secret',
        WECOM_TOKEN: TOKEN,
        WECOM_AES_KEY: AES_KEY,
        WECOM_API_BASE: provider.base,
      },
      // No dialog has any of the samples' names.
      wording: (key, lang) => {
        if (key.endsWith('.name')) throw new Error(`no wording ${key}`);
        return `${key} ${lang}`;
      },
    });
    const channel = await openWecom(desk.context, {
      every: () => () => undefined,
      wait: (ms, signal) =>
        signal.aborted
          ? Promise.resolve()
          : new Promise((resolve) => setTimeout(resolve, Math.min(ms, 5))),
    });
    const base = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}/channels/wecom`;
    let count = 0;

    /** A callback as WeCom sends it, but for what is said otherwise. */
    function callback(
      wrong: {
        token?: string;
        aesKey?: string;
        corp?: string;
        at?: number;
        xml?: string;
        body?: string;
        signature?: string;
      } = {},
    ): Wire {
      const { token = TOKEN, aesKey = AES_KEY, corp = CORP } = wrong;
      const timestamp = String(Math.floor((wrong.at ?? Date.now()) / 1000));
      const nonce = `nonce${(count += 1)}`;
      const xml =
        wrong.xml ??
        `<xml><ToUserName><![CDATA[${corp}]]></ToUserName><CreateTime>${timestamp}</CreateTime>` +
          '<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event>' +
          `<Token><![CDATA[ENCToken${count}]]></Token><OpenKfId><![CDATA[${KF}]]></OpenKfId></xml>`;
      const sealed = encrypt(aesKey, xml, corp);
      const query = new URLSearchParams({
        msg_signature: wrong.signature ?? getSignature(token, timestamp, nonce, sealed),
        timestamp,
        nonce,
      });
      return {
        method: 'POST',
        url: `${base}?${query.toString()}`,
        headers: { 'content-type': 'text/xml' },
        body: wrong.body ?? `<xml><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`,
      };
    }

    /** Lets items be there, with a callback for them, and waits until they were pulled. */
    const arrivalOf =
      (...items: readonly unknown[]): Arrival =>
      async () => {
        provider.items.push(...items);
        const { length } = provider.items;
        const answer = await send(callback());
        const until = Date.now() + 2000;
        const reached = (): boolean => {
          const kept = desk.state.get(`cursor:default:${KF}`) as { cursor?: string } | undefined;
          return Number(kept?.cursor ?? -1) >= length;
        };
        while (!reached() && Date.now() < until) await new Promise((r) => setTimeout(r, 5));
        return answer;
      };

    const item = (more: object): object => ({
      msgid: `contract${(count += 1)}`,
      open_kfid: KF,
      external_userid: USER,
      send_time: Math.floor(Date.now() / 1000),
      origin: 3,
      msgtype: 'text',
      ...more,
    });

    // The first pull of an account skips what is old, and the samples are.
    await arrivalOf()();

    const code = (...codes: (number | 'cut')[]): ProviderFault['begin'] => {
      return () => {
        provider.codes.push(...codes);
        return () => void provider.codes.splice(0);
      };
    };

    return {
      capabilities: wecom.capabilities,
      desk,
      message: (content) => arrivalOf(item({ text: { content } })),
      forged: (body) => {
        const more = body === undefined ? {} : { body };
        const byBody = true;
        const requests: Record<string, Forged> = {
          'nothing in the query': { ...callback(more), url: base },
          'a time long ago': callback({ at: Date.now() - 400_000, ...more }),
          'a time to come': callback({ at: Date.now() + 400_000, ...more }),
          'a signature with another token': { ...callback({ token: 'other', ...more }), byBody },
          'no such signature': { ...callback({ signature: '0'.repeat(40), ...more }), byBody },
          'another key': { ...callback({ aesKey: OTHER_KEY, ...more }), byBody },
          'another corporation': { ...callback({ corp: 'ww0000000000000000', ...more }), byBody },
          'the check of an address': {
            method: 'GET',
            url: `${base}?msg_signature=${'0'.repeat(40)}&timestamp=1&nonce=n&echostr=abc`,
          },
        };
        return Promise.resolve(requests);
      },
      sample: async (name) => {
        const recorded = JSON.parse(await readFile(path.join(SAMPLES, name), 'utf8')) as {
          items: unknown[];
        };
        const contents = becomes[name] ?? [];
        return {
          arrival: arrivalOf(...recorded.items),
          becomes: contents.map((content) => ({ content })),
        };
      },
      unknown: () => ({
        'a type of message': { arrival: arrivalOf(item({ msgtype: 'hologram' })), status: 200 },
        'an event': {
          arrival: arrivalOf(item({ msgtype: 'event', event: { event_type: 'dance' }, origin: 4 })),
          status: 200,
        },
        'an origin': { arrival: arrivalOf(item({ origin: 77 })), status: 200 },
        'no fields': { arrival: arrivalOf({}, null, 'text', [1]), status: 200 },
        'a field of the wrong kind': { arrival: arrivalOf(item({ text: 'x' })), status: 200 },
        'an event of a callback': {
          arrival: () =>
            send(
              callback({
                xml: `<xml><ToUserName>${CORP}</ToUserName><MsgType>event</MsgType><Event>dance</Event></xml>`,
              }),
            ),
          status: 200,
        },
      }),
      own: () => ({
        'a person in WeCom': arrivalOf(
          item({ origin: 5, servicer_userid: 'zhang', text: { content: '您好' } }),
        ),
      }),
      provider: {
        channel,
        address: {
          channel: 'wecom',
          account: 'default',
          conversation: `${KF}:${USER}`,
          user: USER,
        },
        got: () => provider.got,
        faults: {
          'too often': { begin: code(45009), retryable: true, unknownOutcome: false },
          'it is switched off': { begin: code(95017), retryable: false, unknownOutcome: false },
          // A message has an id of ours: a further try shows it once.
          'the connection breaks': {
            begin: code('cut', 'cut', 'cut'),
            retryable: true,
            unknownOutcome: false,
          },
        },
      },
      stop: async () => {
        await channel.stop();
        await server.close();
        await provider.stop();
        await rm(dataDir, { recursive: true, force: true });
      },
    };
  },
);
