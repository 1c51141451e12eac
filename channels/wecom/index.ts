import { setMaxListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import {
  defineChannel,
  type ChannelContext,
  type OpenChannel,
  type RouteRequest,
} from '../../src/channel/channel.ts';
import { openFiles, type Files } from '../../src/channel/files.ts';
import { createCipher } from '../../src/channel/tencent/cipher.ts';
import { OutsideError, RequestError } from '../../src/errors.ts';
import { readKfAccounts, type KfAccount } from './accounts.ts';
import { readCallback, verifyAddress } from './callback.ts';
import { createDeliver, type Deliver } from './deliver.ts';
import { createEndings } from './endings.ts';
import { healthOf } from './health.ts';
import { createKf, type Kf } from './kf.ts';
import { createPlans } from './plans.ts';
import { createSender } from './send.ts';
import { createSync, type Sync } from './sync.ts';

const PREFIX = '/channels/wecom';
/** Between pulls that nobody asked for, in ms. */
const NET_MS = 60_000;

/** Real time, which tests hold. */
export interface Timers {
  /** @returns what ends it */
  every(ms: number, work: () => void): () => void;
  /** Resolves early when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

const realTimers: Timers = {
  every: (ms, work) => {
    const timer = setInterval(work, ms).unref();
    return () => clearInterval(timer);
  },
  wait: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
};

/** 微信客服 (WeCom KF). */
export default defineChannel({
  name: 'wecom',
  capabilities: { delivery: 'push', taps: true, batch: 8, maxBytes: 2048 },
  env: {
    required: ['WECOM_CORP_ID', 'WECOM_KF_SECRET', 'WECOM_TOKEN', 'WECOM_AES_KEY'],
    optional: ['WECOM_API_BASE', 'WECOM_LANG', 'WECOM_SERVICE_POOL'],
    accounts: 'WECOM_ACCOUNTS',
  },
  texts: [
    'queue',
    'rate',
    'rate-good',
    'rate-fair',
    'rate-poor',
    'location',
    'link',
    'business-card',
    'miniprogram',
    'product',
    'order',
  ].map((key) => `wecom.${key}`),
  open: (context) => openWecom(context),
});

interface Account {
  readonly kf: Kf;
  readonly sync: Sync;
  readonly deliver: Deliver;
  stop(): Promise<void>;
}

/** Opens the channel. @param timers default real time */
export async function openWecom(
  context: ChannelContext,
  timers: Timers = realTimers,
): Promise<OpenChannel> {
  const { dataDir, router } = context;
  const configured = await readKfAccounts(context.env);
  const files = await openFiles({
    dataDir,
    newId: () => context.newId(),
    prefix: `${PREFIX}/files/`,
  });
  const accounts = new Map<string, Account>();
  for (const one of configured)
    accounts.set(one.name, await openAccount(context, one, files, timers));
  router.onError(PREFIX, ({ code, message }) => ({ error: { code, message } }));
  routes(context, accounts, files);
  return {
    deliverAll: async (replies, to) => {
      const account = accounts.get(to.account);
      if (account !== undefined) return account.deliver(replies, to);
      const gone = new OutsideError('wecom-account', `No account ${to.account} is configured`, {
        retryable: false,
      });
      for (const reply of replies) await reply.failed(gone);
    },
    health: () => healthOf([...accounts.values()].map(({ kf }) => kf)),
    stop: async () => {
      await Promise.all([...accounts.values()].map((account) => account.stop()));
    },
  };
}

async function openAccount(
  context: ChannelContext,
  account: KfAccount,
  files: Files,
  timers: Timers,
): Promise<Account> {
  const stopping = new AbortController();
  // Each send that waits for its next try listens to it.
  setMaxListeners(0, stopping.signal);
  const wait = (ms: number): Promise<void> => timers.wait(ms, stopping.signal);
  const kf = createKf({ context, account, files, wait });
  const plans = createPlans(kf);
  const sender = createSender(kf, wait);
  const endings = createEndings(kf, sender, wait);
  const sync = createSync({
    kf,
    wait,
    after: (inbounds, accepted) => endings.watch(inbounds, accepted),
  });
  const resumed = await plans.resume();
  if (resumed > 0) {
    context.logger.info({ account: account.name, resumed }, 'replies in hand at a crash go on');
  }
  void sync.pullAll();
  const end = timers.every(NET_MS, () => void sync.pullAll());
  return {
    kf,
    sync,
    deliver: createDeliver(kf, plans, sender),
    stop: async () => {
      end();
      stopping.abort();
      await Promise.all([sync.stop(), endings.stop()]);
    },
  };
}

function routes(
  context: ChannelContext,
  accounts: ReadonlyMap<string, Account>,
  files: Files,
): void {
  const { router, clock, logger } = context;
  const ciphers = new Map(
    [...accounts].map(([name, { kf }]) => {
      const { token, aesKey, corpId } = kf.account;
      return [name, createCipher({ token, aesKey, receiveId: corpId })];
    }),
  );

  function find(name: string): Account & { cipher: ReturnType<typeof createCipher> } {
    const account = accounts.get(name);
    const cipher = ciphers.get(name);
    if (account === undefined || cipher === undefined) {
      throw new RequestError(404, 'NotFound', 'There is no such account');
    }
    return { ...account, cipher };
  }

  function get(request: RouteRequest, response: ServerResponse, name: string): Promise<void> {
    const { kf, cipher } = find(name);
    verifyAddress(request, response, { cipher, corpId: kf.account.corpId, now: clock.now() });
    return Promise.resolve();
  }

  async function post(
    request: RouteRequest,
    response: ServerResponse,
    name: string,
  ): Promise<void> {
    const { kf, cipher, sync } = find(name);
    const parts = { cipher, corpId: kf.account.corpId, now: clock.now() };
    const { event, kfid, token } = await readCallback(request, parts);
    kf.facts.lastCallback = clock.now();
    response.statusCode = 200;
    response.end();
    if (event === 'kf_msg_or_event' && kfid !== '') sync.pull(kfid, token);
    else logger.info({ account: name, event }, 'a callback that asks for nothing');
  }

  // WeCom gives up after three tries: it must never be told 429.
  const unlimited = { limited: false };
  router.on('GET', PREFIX, (q, s) => get(q, s, 'default'), unlimited);
  router.on('POST', PREFIX, (q, s) => post(q, s, 'default'), unlimited);
  router.on('GET', `${PREFIX}/:name`, (q, s) => get(q, s, q.params.name ?? ''), unlimited);
  router.on('POST', `${PREFIX}/:name`, (q, s) => post(q, s, q.params.name ?? ''), unlimited);
  router.on('GET', `${PREFIX}/files/:id`, (request, response) => files.serve(request, response));
}
