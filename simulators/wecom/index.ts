/**
 * A stand-in for 微信客服 (WeCom): speaks its protocol over loopback in both directions, by
 * https://developer.work.weixin.qq.com/document/path/94638 and the pages that the other files name.
 *
 * Where the documents give no number or code: ten pulls a minute without a token, 40029 for a code
 * that is not good any more, 40058 for a `msgid` that was used.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { servePhones } from '../phone-page/index.ts';
import type { Simulator, SimulatorOptions, StartSimulator } from '../simulator.ts';
import { Api } from './api.ts';
import { Callbacks } from './callbacks.ts';
import { Corp } from './corp.ts';
import { phonesOf, servePicture } from './page.ts';
import { phoneOf } from './phone.ts';

const RESEND_AFTER_MS = 5000;

/** Which corporation it is, and what goes wrong. */
export interface WecomOptions extends SimulatorOptions {
  /** What its credentials are made of: another name is another corporation. Default: `yingda`. */
  readonly corp?: string;
  /**
   * Breaks the connection of an API call before or behind what it does, by its path behind `/cgi-bin/`,
   * the name that `fault` gets too.
   */
  readonly cut?: (call: string) => 'before' | 'after' | undefined;
}

/** 微信客服 of one corporation. */
export interface WecomSimulator extends Simulator {
  verify(): Promise<string | undefined>;
  /** How often each API call was made, by its path behind `/cgi-bin/`; refused ones count too. */
  readonly calls: ReadonlyMap<string, number>;
}

async function start(options: WecomOptions = {}): Promise<WecomSimulator> {
  const corp = new Corp(options.clock ?? Date, options.corp ?? 'yingda');
  const refused: { call: string; why: string; code: number }[] = [];
  const complain = (call: string, why: string, code: number): void => {
    refused.push({ call, why, code });
  };
  const callbacks = new Callbacks(corp, options.resendAfterMs ?? RESEND_AFTER_MS, (why, status) =>
    complain('callback', why, status),
  );
  corp.notifyWith((kf, token) => callbacks.notify(kf, token));
  const api = new Api(corp, {
    refused: complain,
    fault: (call) => options.fault?.(call),
    cut: (call) => options.cut?.(call),
  });
  const page = servePhones(phonesOf(corp, refused));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith('/cgi-bin/')) return api.answer(request, response, url);
    if (servePicture(corp, request, response) || (await page(request, response))) return;
    response.statusCode = 404;
    response.end();
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  // Longer than clients keep idle connections: none is closed under a request.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    env: {
      WECOM_CORP_ID: corp.id,
      WECOM_KF_SECRET: corp.secret,
      WECOM_TOKEN: corp.token,
      WECOM_AES_KEY: corp.aesKey,
      WECOM_API_BASE: url,
    },
    url,
    connect: (callback) => callbacks.connect(callback),
    verify: () => callbacks.verify(),
    phone: (user) => phoneOf(corp, user),
    refused,
    calls: api.calls,
    async stop() {
      callbacks.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export default start satisfies StartSimulator;
