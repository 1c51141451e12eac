import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { randomInt } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { messageOf } from '../../src/errors.ts';
import { servePhones, type Action } from '../phone-page/index.ts';
import type { Simulator, SimulatorOptions, StartSimulator } from '../simulator.ts';
import { credentialsFor, type Account, type Credentials } from './account.ts';
import { createApi, sendMedium } from './api.ts';
import { createCallback } from './callback.ts';
import { createCrypt } from './crypt.ts';
import { Media } from './media.ts';
import type { MenuButton } from './menu.ts';
import type { Mode } from './passive.ts';
import { WechatPhone } from './phone.ts';
import { createTokens } from './tokens.ts';

/** What the account is. */
export interface WechatOptions extends SimulatorOptions {
  /** How pushes are sealed. Default: safe. */
  readonly mode?: Mode;
  /** A verified service account; else no `msgmenu` (40200) and no templates (48001). Default: true. */
  readonly verified?: boolean;
  /** Whether it may send customer messages; else 48001. Default: true. */
  readonly custom?: boolean;
  /** Default: made up, the same in every start. */
  readonly credentials?: Partial<Credentials>;
  /**
   * Breaks the connection of an API call before or behind what it does, by its path behind `/cgi-bin/`,
   * the name that `fault` gets too.
   */
  readonly cut?: (call: string) => 'before' | 'after' | undefined;
}

/** The Official Accounts platform with one account and its followers. */
export interface WechatSimulator extends Simulator {
  phone(user: string): WechatPhone;
  verify(): Promise<string | undefined>;
  /** How often each API call was made, by its path behind `/cgi-bin/`; refused ones count too. */
  readonly calls: ReadonlyMap<string, number>;
  /** Messages whose JSON wrote `\uXXXX`: on the real platform their customers read just that. */
  readonly escaped: number;
}

/**
 * Starts the platform for a 公众号 by its documents (developers.weixin.qq.com/doc/service): pushes with
 * three tries, passive replies, `stable_token`, customer messages with their quotas, media, templates.
 * Where its documents leave room, the stricter reading holds.
 */
async function start(options: WechatOptions = {}): Promise<WechatSimulator> {
  const { clock = Date, mode = 'safe', verified = true, custom = true } = options;
  const credentials = { ...credentialsFor('yingda'), ...options.credentials };
  const { token, aesKey, appId, appSecret, account } = credentials;
  const crypt = createCrypt(token, aesKey, appId);
  const resendAfterMs = options.resendAfterMs ?? 5_000;
  const callback = createCallback({ mode, crypt, account, clock, resendAfterMs });
  const media = new Media(clock);
  const phones = new Map<string, WechatPhone>();
  const refused: { call: string; why: string; code: number }[] = [];
  const calls = new Map<string, number>();
  const events = new Set<Promise<unknown>>();
  let menu: readonly MenuButton[] = [];
  let escaped = 0;
  let url = '';
  let stopped = false;
  let bubbles = 0;
  // Like the platform's: 64 bits, larger than a double holds exactly, and new in every start.
  let msgId = (BigInt(clock.now()) << 20n) + BigInt(randomInt(2 ** 16));

  const shared: Account = {
    account,
    mode,
    crypt,
    callback,
    media,
    clock,
    url: () => url,
    stopped: () => stopped,
    newMsgId: () => (msgId += BigInt(randomInt(1, 9))),
    newBubbleId: () => String((bubbles += 1)),
    refuse: (call, why, code) => refused.push({ call, why, code }),
  };

  function phone(user: string): WechatPhone {
    const found = phones.get(user) ?? new WechatPhone(user, shared);
    phones.set(user, found);
    return found;
  }

  const api = createApi({
    tokens: createTokens({ appId, appSecret }, clock),
    media,
    verified,
    custom,
    find: (user) => (typeof user === 'string' ? phones.get(user) : undefined),
    url: () => url,
    fault: (call) => options.fault?.(call),
    cut: (call) => options.cut?.(call),
    count: (call) => calls.set(call, (calls.get(call) ?? 0) + 1),
    countEscapes: () => (escaped += 1),
    refuse: shared.refuse,
    setMenu: (buttons) => (menu = buttons),
    delivered(to, id) {
      const event = to
        .finished('TEMPLATESENDJOBFINISH', { MsgID: id, Status: 'success' })
        .catch(() => undefined)
        .finally(() => events.delete(event));
      events.add(event);
    },
  });
  const page = servePhones({
    title: { zh: '公众号（模拟）', en: 'Official Account (simulated)' },
    refused,
    phone,
    facts: (user) => factsOf(phone(user)),
    actions: (user) => actionsOf(phone(user), menu),
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if ((await api(request, response)) || (await page(request, response))) return;
    const id = /^\/mmbiz\/([\w-]+)$/u.exec(request.url ?? '')?.[1];
    const picture = id === undefined ? undefined : media.picture(id);
    if (picture) return sendMedium(response, picture);
    response.statusCode = 404;
    response.end();
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      refused.push({ call: request.url ?? '', why: messageOf(error), code: 500 });
      response.destroy();
    });
  });
  // Longer than clients keep idle connections: none is closed under a request.
  server.keepAliveTimeout = 65_000;
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    env: {
      WECHAT_APP_ID: appId,
      WECHAT_APP_SECRET: appSecret,
      WECHAT_TOKEN: token,
      WECHAT_AES_KEY: aesKey,
      WECHAT_API_BASE: url,
      ...(mode === 'safe' ? {} : { WECHAT_MODE: mode }),
    },
    url,
    connect: (to) => callback.connect(to),
    verify: () => callback.verify(),
    phone,
    refused,
    calls,
    get escaped() {
      return escaped;
    },
    async stop() {
      stopped = true;
      callback.stop();
      server.closeAllConnections();
      await Promise.all([new Promise((resolve) => server.close(resolve)), ...events]);
    },
  };
}

function factsOf(
  phone: WechatPhone,
): ReturnType<NonNullable<Parameters<typeof servePhones>[0]['facts']>> {
  return [
    {
      label: { zh: '还能主动发送', en: 'Messages it may still send' },
      value: String(phone.quota.left),
    },
    { label: { zh: '已关注', en: 'Follows' }, value: phone.followed ? '✓' : '✗' },
    { label: { zh: '正在输入', en: 'Typing' }, value: phone.typing ? '✓' : '✗' },
  ];
}

function actionsOf(phone: WechatPhone, menu: readonly MenuButton[]): readonly Action[] {
  const scan: Action = {
    label: { zh: '扫码', en: 'Scan' },
    gesture: phone.followed
      ? { kind: 'event', name: 'SCAN', key: 'shop-1' }
      : { kind: 'join', scene: 'shop-1' },
  };
  if (!phone.followed)
    return [{ label: { zh: '关注', en: 'Follow' }, gesture: { kind: 'join' } }, scan];
  const event = (name: string, key?: string): Action['gesture'] =>
    key === undefined ? { kind: 'event', name } : { kind: 'event', name, key };
  return [
    ...menu.map(({ name, type, key }): Action => {
      const kind = type === 'click' || type === 'view' ? type.toUpperCase() : type;
      return { label: { zh: name, en: name }, gesture: event(kind, key) };
    }),
    { label: { zh: '重新关注', en: 'Follow anew' }, gesture: { kind: 'join' } },
    { label: { zh: '取消关注', en: 'Unfollow' }, gesture: event('unsubscribe') },
    scan,
  ];
}

export default start satisfies StartSimulator;
