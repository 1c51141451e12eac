import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encrypt, getSignature } from '@wecom/crypto';
import { Registry } from 'prom-client';
import { createWechat } from '../../../channels/wechat/index.ts';
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
import { startProvider } from './provider.ts';
import { ACCOUNT, eventXml, textXml } from './stand.ts';

const SAMPLES = path.join(import.meta.dirname, '../../../channels/wechat/samples');
const SEND = 'message/custom/send';
const OTHER_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';

channelContract(
  { name: 'wechat', called: true, push: true, hearsItself: false },
  async ({ logger }): Promise<ChannelHarness> => {
    const provider = await startProvider();
    provider.file = { contentType: 'image/jpeg', bytes: Buffer.from('a picture') };
    const health = (): Promise<[]> => Promise.resolve([]);
    const limits = { drainMs: 200 };
    const server = createServer({ logger, metrics: new Registry(), health, limits });
    const dataDir = await mkdtemp(path.join(tmpdir(), 'yingda-wechat-'));
    const desk = createFakeDesk({
      router: server,
      dataDir,
      logger,
      fetch,
      env: {
        WECHAT_APP_ID: ACCOUNT.appId,
        WECHAT_APP_SECRET: 'the-app-secret',
        WECHAT_TOKEN: ACCOUNT.token,
        WECHAT_AES_KEY: ACCOUNT.aesKey,
        WECHAT_API_BASE: provider.base,
      },
    });
    desk.answer = () => [];
    /** Waits of more than a moment end when the test says so. */
    const held = new Set<{ at: number; run: () => void }>();
    let elapsed = 0;
    const definition = createWechat({
      later: (ms, run) => {
        if (ms <= 100) {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        }
        const one = { at: elapsed + ms, run };
        held.add(one);
        return () => held.delete(one);
      },
    });
    const channel = await definition.open(desk.context);
    const base = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}/channels/wechat`;
    let count = 0;

    /** A push as WeChat sends it, but for what is said otherwise. */
    function push(
      xml: string,
      wrong: {
        token?: string;
        aesKey?: string;
        appId?: string;
        at?: number;
        plain?: boolean;
        query?: Record<string, string | undefined>;
        body?: string;
      } = {},
    ): Wire {
      const { token = ACCOUNT.token, aesKey = ACCOUNT.aesKey, appId = ACCOUNT.appId } = wrong;
      const timestamp = String(Math.floor((wrong.at ?? Date.now()) / 1000));
      const nonce = `nonce${(count += 1)}`;
      const sealed = encrypt(aesKey, xml, appId);
      const query = {
        signature: getSignature(token, timestamp, nonce, ''),
        timestamp,
        nonce,
        openid: 'alice',
        ...(wrong.plain === true
          ? {}
          : {
              encrypt_type: 'aes',
              msg_signature: getSignature(token, timestamp, nonce, sealed),
            }),
        ...wrong.query,
      };
      const kept = Object.entries<string | undefined>(query).filter(
        (e): e is [string, string] => e[1] !== undefined,
      );
      const whole = `<xml><ToUserName>gh_shop</ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`;
      return {
        method: 'POST',
        url: `${base}?${new URLSearchParams(kept).toString()}`,
        headers: { 'content-type': 'text/xml' },
        body: wrong.body ?? (wrong.plain === true ? xml : whole),
      };
    }

    /** Each try has a signature of its own. */
    const arrivalOf = (xml: string): Arrival => {
      return () => send(push(xml));
    };

    const fresh = (text: string): string =>
      textXml(text, { id: `900719925474099${(count += 1)}`, at: Date.now() });

    /** Places of calls that were not done, among all that sent. */
    const refused = new Set<number>();
    const code = (...codes: (number | 'cut')[]): ProviderFault['begin'] => {
      return () => {
        const from = provider.of(SEND).length;
        for (const at of codes.keys()) refused.add(from + at);
        provider.next(SEND, ...codes);
        return () => provider.next(SEND);
      };
    };

    return {
      capabilities: definition.capabilities,
      desk,
      message: (text) => arrivalOf(fresh(text)),
      forged: (body) => {
        const xml = fresh('forged');
        const more = body === undefined ? {} : { body };
        const signed = { token: 'another-token' };
        const requests: Record<string, Forged> = {
          'a signature with another token': push(xml, { ...signed, ...more }),
          'no signature': {
            ...push(xml, { query: { signature: undefined, msg_signature: undefined }, ...more }),
            byBody: true,
          },
          'nothing in the query': { ...push(xml, more), url: base },
          'a time long ago': push(xml, { at: Date.now() - 400_000, ...more }),
          'a time to come': push(xml, { at: Date.now() + 400_000, ...more }),
          'a plain message with the signature of safe mode': {
            ...push(xml, { plain: true, ...more }),
            byBody: true,
          },
          'the signature of another message': {
            ...push(xml, { query: { msg_signature: '0'.repeat(40) }, ...more }),
            byBody: true,
          },
          'another key': { ...push(xml, { aesKey: OTHER_KEY, ...more }), byBody: true },
          'another account': {
            ...push(xml, { appId: 'wx0000000000000000', ...more }),
            byBody: true,
          },
          'the check of an address': {
            method: 'GET',
            url: `${base}?signature=${'0'.repeat(40)}&timestamp=1&nonce=n&echostr=1`,
          },
        };
        return Promise.resolve(requests);
      },
      sample: async (file) => {
        const xml = await readFile(path.join(SAMPLES, file), 'utf8');
        const [, type = ''] = /<MsgType><!\[CDATA\[(.*?)\]\]>/.exec(xml) ?? [];
        const [, event = ''] = /<Event><!\[CDATA\[(.*?)\]\]>/.exec(xml) ?? [];
        const kind: Record<string, string> = {
          text: 'text',
          location: 'text',
          link: 'text',
          miniprogrampage: 'text',
          image: 'attachment',
          voice: xml.includes('<Recognition>') ? 'text' : 'attachment',
          video: 'attachment',
          shortvideo: 'attachment',
        };
        const special: Record<string, object> = {
          'text-unsupported.xml': { kind: 'attachment' },
          'event-subscribe-scene.xml': { kind: 'choice', value: '123123' },
          'text-menu.xml': { kind: 'choice', value: '101', text: '满意' },
        };
        const content = special[file];
        const name = event.toLowerCase();
        return {
          arrival: arrivalOf(xml),
          becomes: [
            {
              content: content ?? {
                kind: kind[type] ?? 'event',
                ...(type === 'event' ? { name } : {}),
              },
            },
          ],
        };
      },
      unknown: () => {
        const text = fresh('x');
        const calls: Record<string, string> = {
          'a type': text.replace('[text]', '[hologram]'),
          'an event': eventXml('dance', Date.now()),
          'no type': text.replace(/<MsgType>.*<\/MsgType>/, ''),
          'no sender': text.replace(/<FromUserName>.*<\/FromUserName>/, ''),
          'fields twice': text.replace('</xml>', '<Content>a</Content><Content>b</Content></xml>'),
          'no XML': 'hello',
          'a document type': `<!DOCTYPE a [<!ENTITY b "c">]>${text}`,
        };
        return Object.fromEntries(
          Object.entries(calls).map(([what, xml]) => [
            what,
            { arrival: arrivalOf(xml), status: 200 },
          ]),
        );
      },
      provider: {
        channel,
        address: {
          channel: 'wechat',
          account: 'default',
          conversation: 'alice',
          user: 'alice',
        },
        got: () =>
          provider
            .of(SEND)
            .filter((_, at) => !refused.has(at))
            .map(({ json }) => (json as { text: { content: string } }).text.content),
        faults: {
          'it is busy': { begin: code(-1, -1, -1), retryable: true, unknownOutcome: false },
          'too often': { begin: code(45011), retryable: true, unknownOutcome: false },
          'the customer blocks it': {
            begin: code(48002),
            retryable: false,
            unknownOutcome: false,
          },
          'the connection breaks': { begin: code('cut'), retryable: false, unknownOutcome: true },
        },
      },
      elapse: async (ms) => {
        elapsed += ms;
        for (const one of [...held].filter(({ at }) => at <= elapsed)) {
          held.delete(one);
          one.run();
        }
        await Promise.resolve();
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
