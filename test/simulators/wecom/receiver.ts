/** The other side of the simulator: an address for its callbacks, and calls of its API. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decrypt, getSignature } from '@wecom/crypto';
import start, { type WecomOptions, type WecomSimulator } from '../../../simulators/wecom/index.ts';

/** A callback that was received, checked by the vendor's own package. */
export interface Received {
  readonly signed: boolean;
  readonly corp: string;
  readonly xml: string;
  readonly token: string;
  readonly kf: string;
}

export type Answer = Readonly<Record<string, unknown>> & { readonly errcode: number };

/** A simulator with somebody who listens. */
export interface Receiver {
  readonly simulator: WecomSimulator;
  readonly received: Received[];
  readonly clock: { value: number; now(): number };
  /** How callbacks are answered; default 200 with nothing. */
  answerWith(answer: (response: ServerResponse) => void): void;
  /** `path` without `/cgi-bin/`. */
  call(path: string, body?: object | string, token?: string): Promise<Answer>;
  /** What a pull brings with the newest token, all its pages. */
  pull(cursor?: string): Promise<{ items: readonly Answer[]; cursor: string }>;
  upload(type: string, name: string, bytes: Uint8Array): Promise<Answer>;
  stop(): Promise<void>;
}

export const PNG = Buffer.from('89504e470d0a1a0a0000000d', 'hex');

export async function openReceiver(options: WecomOptions = {}): Promise<Receiver> {
  const clock = {
    value: Date.parse('2026-11-22T10:00:00+08:00'),
    now(): number {
      return this.value;
    },
  };
  const simulator = await start({ clock, resendAfterMs: 200, ...options });
  const { env } = simulator;
  const received: Received[] = [];
  let answer = (response: ServerResponse): void => void response.end();
  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
      const field = (name: string, xml: string): string =>
        new RegExp(`<${name}><!\\[CDATA\\[(.*?)\\]\\]></${name}>`, 'u').exec(xml)?.[1] ?? '';
      const sealed = query.get('echostr') ?? field('Encrypt', body);
      const expected = getSignature(
        env.WECOM_TOKEN ?? '',
        query.get('timestamp') ?? '',
        query.get('nonce') ?? '',
        sealed,
      );
      const { message, id } = decrypt(env.WECOM_AES_KEY ?? '', sealed);
      if (request.method === 'GET') {
        response.end(message);
        return;
      }
      received.push({
        signed: expected === query.get('msg_signature'),
        corp: id,
        xml: message,
        token: field('Token', message),
        kf: field('OpenKfId', message),
      });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  simulator.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/channels/wecom`);

  async function accessToken(): Promise<string> {
    const query = `corpid=${env.WECOM_CORP_ID ?? ''}&corpsecret=${env.WECOM_KF_SECRET ?? ''}`;
    const response = await fetch(`${simulator.url}/cgi-bin/gettoken?${query}`);
    return ((await response.json()) as { access_token: string }).access_token;
  }
  async function call(path: string, body?: object | string, token?: string): Promise<Answer> {
    const [name = '', query = ''] = path.split('?');
    const access = token ?? (await accessToken());
    const response = await fetch(
      `${simulator.url}/cgi-bin/${name}?access_token=${access}&${query}`,
      {
        ...(body === undefined
          ? {}
          : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
      },
    );
    return (await response.json()) as Answer;
  }
  return {
    simulator,
    received,
    clock,
    call,
    answerWith: (how) => (answer = how),
    async pull(cursor = '') {
      const { token, kf } = received.at(-1) ?? { token: '', kf: '' };
      const items: Answer[] = [];
      let at = cursor;
      for (;;) {
        const page = await call('kf/sync_msg', { token, open_kfid: kf, cursor: at });
        items.push(...(page.msg_list as Answer[]));
        at = page.next_cursor as string;
        if (page.has_more === 0) return { items, cursor: at };
      }
    },
    async upload(type, name, bytes) {
      const form = new FormData();
      form.set('media', new Blob([Buffer.from(bytes)], { type: 'application/octet-stream' }), name);
      const query = `access_token=${await accessToken()}&type=${type}`;
      const response = await fetch(`${simulator.url}/cgi-bin/media/upload?${query}`, {
        method: 'POST',
        body: form,
      });
      return (await response.json()) as Answer;
    },
    async stop() {
      await simulator.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}
