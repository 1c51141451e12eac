/** The account's own server, written for these tests: it answers each push as it is told to. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCrypt, type Crypt } from '../../../simulators/wechat/crypt.ts';
import type { WechatSimulator } from '../../../simulators/wechat/index.ts';
import { readXml, textOf, writeXml, type Node } from '../../../simulators/wechat/xml.ts';

/** One push as it arrived. */
export interface Push {
  readonly query: URLSearchParams;
  readonly outer: Node;
  /** The decrypted document; the outer one where nothing is encrypted. */
  readonly message: Node;
}

/** Answers a push; `undefined` leaves it open. */
export type Answer = (push: Push, response: ServerResponse) => string | undefined;

export interface StubServer {
  readonly url: string;
  readonly pushes: readonly Push[];
  answer: Answer;
  /** A passive reply to a push, sealed. */
  reply(push: Push, fields?: Parameters<typeof writeXml>[0]): string;
  seal(xml: string): string;
  call(path: string, body: unknown, token?: string): Promise<Record<string, unknown>>;
  token(): Promise<string>;
  stop(): Promise<void>;
}

export async function startStub(simulator: WechatSimulator): Promise<StubServer> {
  const { env } = simulator;
  const id = env.WECHAT_APP_ID ?? '';
  const crypt: Crypt = createCrypt(env.WECHAT_TOKEN ?? '', env.WECHAT_AES_KEY ?? '', id);
  const pushes: Push[] = [];

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { searchParams: query } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'GET') {
      response.end(query.get('echostr'));
      return;
    }
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const outer = readXml(Buffer.concat(parts).toString());
    const sealed = textOf(outer, 'Encrypt');
    const push = { query, outer, message: sealed ? readXml(crypt.open(sealed)) : outer };
    pushes.push(push);
    const body = stub.answer(push, response);
    if (body !== undefined && !response.destroyed) response.end(body);
  }

  const server = createServer((request, response) => {
    take(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/channels/wechat`;

  const stub: StubServer = {
    url,
    pushes,
    answer: () => 'success',
    seal(xml) {
      const encrypted = crypt.seal(xml);
      const signature = crypt.sign('1', 'n', encrypted);
      return writeXml({ Encrypt: encrypted, MsgSignature: signature, TimeStamp: 1, Nonce: 'n' });
    },
    reply({ message }, fields = {}) {
      return stub.seal(
        writeXml({
          ToUserName: textOf(message, 'FromUserName'),
          FromUserName: textOf(message, 'ToUserName'),
          CreateTime: 1,
          MsgType: 'text',
          Content: '您好',
          ...fields,
        }),
      );
    },
    async call(path, body, token) {
      const query = token === undefined ? '' : `?access_token=${token}`;
      const sent = await fetch(`${simulator.url}/cgi-bin/${path}${query}`, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return (await sent.json()) as Record<string, unknown>;
    },
    async token() {
      const got = await stub.call('stable_token', {
        grant_type: 'client_credential',
        appid: id,
        secret: env.WECHAT_APP_SECRET,
      });
      return String(got.access_token);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  simulator.connect(url);
  return stub;
}
