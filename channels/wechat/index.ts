import { createBudgets } from '../../src/channel/budget.ts';
import {
  defineChannel,
  type ChannelContext,
  type ChannelDefinition,
  type ChannelHealth,
  type OpenChannel,
  type RouteRequest,
} from '../../src/channel/channel.ts';
import { openFiles, type Files } from '../../src/channel/files.ts';
import { callProvider } from '../../src/channel/provider-call.ts';
import { createAccessToken } from '../../src/channel/tencent/access-token.ts';
import { createApi, readAnswer } from '../../src/channel/tencent/api.ts';
import { createCipher } from '../../src/channel/tencent/cipher.ts';
import { OutsideError, RequestError } from '../../src/errors.ts';
import { apiBase, readWechatAccounts, type WechatAccount } from './account.ts';
import { RETRYABLE } from './codes.ts';
import { absolute, Delivery } from './deliver.ts';
import { TEXTS, word, type Desk } from './desk.ts';
import { createMediaDesk } from './media.ts';
import { createParked } from './parked.ts';
import { WECHAT_PACE, Windows, type Later, type Pace } from './passive.ts';
import { receive, verifyAddress } from './receive.ts';
import { MAX_TEXT_BYTES } from './render.ts';
import { createSender } from './send.ts';
import { healthOf, Stats } from './stats.ts';
import { createVerifier } from './verify.ts';

const ROUTE = '/channels/wechat';
const FILES = `${ROUTE}/files/`;

/** An account that is on. */
interface Opened {
  readonly desk: Desk;
  readonly delivery: Delivery;
  health(): ChannelHealth;
}

/**
 * The channel for 公众号.
 * @param options.pace waits other than WeChat's own, for stand-ins that keep other times
 * @param options.later what calls back after a time; default a timer
 */
export function createWechat(
  options: { pace?: Partial<Pace>; later?: Later } = {},
): ChannelDefinition {
  return defineChannel({
    name: 'wechat',
    capabilities: { delivery: 'push', taps: true, batch: 8, maxBytes: MAX_TEXT_BYTES },
    env: {
      required: ['WECHAT_APP_ID', 'WECHAT_APP_SECRET', 'WECHAT_TOKEN'],
      optional: [
        'WECHAT_AES_KEY',
        'WECHAT_API_BASE',
        'WECHAT_MODE',
        'WECHAT_LANG',
        'WECHAT_TEMPLATE_ID',
        'WECHAT_TEMPLATE_FIELD',
      ],
      accounts: 'WECHAT_ACCOUNTS',
    },
    texts: TEXTS,
    open: async (context): Promise<OpenChannel> => {
      const accounts = await readWechatAccounts(context.env);
      const base = apiBase(context.env);
      const { dataDir, router } = context;
      const files = await openFiles({ dataDir, newId: () => context.newId(), prefix: FILES });
      const opened = new Map<string, Opened>();
      for (const account of accounts) {
        opened.set(account.name, await openAccount(context, account, { base, files, ...options }));
      }
      routes(context, opened);
      router.on('GET', `${FILES}:id`, (request, response) => files.serve(request, response));
      return {
        deliverAll: async (replies, to) => {
          const account = opened.get(to.account);
          if (account === undefined) {
            const why = `the account ${to.account} is not configured any more`;
            throw new OutsideError('wechat-account', why, { retryable: false });
          }
          await account.delivery.deliverAll(replies, to);
        },
        health: () => {
          const each = [...opened.values()].map((o) => o.health());
          return { ok: each.every((h) => h.ok), notes: each.flatMap((h) => h.notes) };
        },
        stop: () => {
          for (const { desk } of opened.values()) desk.windows.stop();
          return Promise.resolve();
        },
      };
    },
  });
}

export default createWechat();

/** `default` is served at the route itself, the others below it. */
function routes({ router }: ChannelContext, opened: ReadonlyMap<string, Opened>): void {
  const deskOf = (request: RouteRequest): Desk => {
    const account = opened.get(request.params.account ?? 'default');
    if (account === undefined) throw new RequestError(404, 'NotFound', 'There is no such account');
    return account.desk;
  };
  for (const path of [ROUTE, `${ROUTE}/:account`]) {
    router.on('GET', path, async (request, response) =>
      verifyAddress(deskOf(request), request, response),
    );
    // All customers come from WeChat's few addresses; each of them has a limit of its own.
    router.on(
      'POST',
      path,
      async (request, response) => receive(deskOf(request), request, response),
      { limited: false },
    );
  }
}

async function openAccount(
  context: ChannelContext,
  account: WechatAccount,
  parts: { base: string; files: Files; pace?: Partial<Pace>; later?: Later },
): Promise<Opened> {
  const { clock, state, publicUrl } = context;
  const { name, appId, aesKey, token: secret, mode } = account;
  const logger = context.logger.child({ account: name });
  if (mode === 'plain') {
    logger.warn('plain mode: nothing but WeChat’s token protects the messages; use safe mode');
  }
  const fetch: typeof globalThis.fetch = (input, init) => context.fetch(input, init);
  const now = (): number => clock.now();
  const stats = new Stats();
  const cipher = createCipher({
    token: secret,
    receiveId: appId,
    ...(aesKey === undefined ? {} : { aesKey }),
  });
  const token = createAccessToken({
    clock,
    ask: async () => {
      const answer = await askToken(fetch, parts.base, account);
      stats.lastTokenAt = now();
      return answer;
    },
  });
  const api = createApi({ base: parts.base, fetch, token, logger, retryable: RETRYABLE });
  const pace = { ...WECHAT_PACE, ...parts.pace };
  const media = createMediaDesk({
    api,
    files: parts.files,
    state,
    account: name,
    fetch,
    now,
    downloadMs: pace.mediaMs,
  });
  const address = (url: string): string | undefined => absolute(url, publicUrl);
  const sender = await createSender({ api, media, state, account: name, now, logger, address });
  const later = parts.later ?? timer;
  const desk: Desk = {
    account,
    context: { ...context, logger },
    cipher,
    verifier: createVerifier({ cipher, mode, now }),
    windows: new Windows({ pace, later, now: () => performance.now() }),
    sender,
    budgets: createBudgets({ state, clock, account: name }),
    parked: createParked({
      state,
      account: name,
      goOn: () => word({ account, context }, 'wechat.more'),
    }),
    media,
    files: parts.files,
    stats,
    later,
    holdMs: pace.holdMs,
  };
  const { abilities } = sender;
  return {
    desk,
    delivery: new Delivery(desk),
    health: () => healthOf({ name, stats, token, abilities, mode, now: now() }),
  };
}

/** https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html */
async function askToken(
  fetch: typeof globalThis.fetch,
  base: string,
  { appId, appSecret }: WechatAccount,
): Promise<{ token: string; expiresIn: number }> {
  const path = '/cgi-bin/stable_token';
  const body = JSON.stringify({ grant_type: 'client_credential', appid: appId, secret: appSecret });
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  try {
    const answer = readAnswer(
      path,
      await callProvider(fetch, base + path, { method: 'POST', headers, body }),
    );
    const { access_token: token, expires_in: expiresIn } = answer;
    if (typeof token === 'string' && typeof expiresIn === 'number') return { token, expiresIn };
    throw new OutsideError('wechat-token', `${path} answered without a token`, { retryable: true });
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    // Nothing has reached the customer, and what keeps the token away can be mended.
    throw new OutsideError(error.code, error.message, { retryable: true, cause: error });
  }
}

function timer(ms: number, run: () => void): () => void {
  const handle = setTimeout(run, ms);
  return () => clearTimeout(handle);
}
