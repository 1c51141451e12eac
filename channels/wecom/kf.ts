import type { ChannelContext } from '../../src/channel/channel.ts';
import { conversationKey } from '../../src/channel/channel.ts';
import { createAccessToken, type AccessToken } from '../../src/channel/tencent/access-token.ts';
import { createApi, readAnswer, type Api } from '../../src/channel/tencent/api.ts';
import { createBudgets, type Budgets } from '../../src/channel/budget.ts';
import { callProvider } from '../../src/channel/provider-call.ts';
import type { Files } from '../../src/channel/files.ts';
import { OutsideError } from '../../src/errors.ts';
import type { Address, Lang, Line } from '../../src/message.ts';
import type { KfAccount } from './accounts.ts';
import { createCodes, type Codes } from './codes.ts';
import { Lru } from '../../src/channel/lru.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createTraffic, type Traffic } from './traffic.ts';

/** Codes that may be gone at the next try: frequency (45009) and concurrency (45033). */
const RETRYABLE = [45009, 45033];
const MAX_KEPT = 10_000;

/** What is known about how an account is, for operators. */
export interface Facts {
  lastCallback?: number;
  lastPull?: number;
  pullFault?: string;
  /** The last 客服 account that a callback named and WeCom does not know. */
  unknownKf?: string;
  /** When sending was last refused with 95018. */
  refused?: number;
  /** Whether each person who serves takes customers, by id. */
  readonly servicers: Map<string, boolean>;
}

/** One account with everything that its work needs. */
export interface Kf {
  readonly account: KfAccount;
  readonly context: ChannelContext;
  readonly api: Api;
  readonly token: AccessToken;
  readonly sessions: Sessions;
  readonly codes: Codes;
  readonly budgets: Budgets;
  readonly traffic: Traffic;
  readonly files: Files;
  readonly facts: Facts;
  /** Messages that went out, to name them when WeCom loses one: `msgid` → place in the log. */
  readonly sent: Lru<number>;
  address(conversation: string, user: string): Address;
  /** The newest lines of a conversation, oldest first, at least 200 where there are. */
  newest(conversation: string): Promise<readonly Line[]>;
  /** A line of the conversation with this `seq` exists. */
  saw(conversation: string, seq: number): void;
  /** Wording `wecom.<key>`. @param lang default the account's */
  words(key: string, lang?: Lang): string;
}

/** Opens one account. Nothing is asked of WeCom yet. @param parts.wait waits between tries, in ms */
export function createKf(parts: {
  readonly context: ChannelContext;
  readonly account: KfAccount;
  readonly files: Files;
  readonly wait: (ms: number) => Promise<void>;
}): Kf {
  const { context, account, files, wait } = parts;
  const { state, clock, logger, fetch } = context;
  const token = createAccessToken({ clock, ask: () => askToken(fetch, account) });
  const { base } = account;
  const api = createApi({ base, fetch, token, logger, retryable: RETRYABLE, wait });
  const lastSeq = new Lru<number>(MAX_KEPT);
  const named = { state, clock, account: account.name };

  function address(conversation: string, user: string): Address {
    return { channel: 'wecom', account: account.name, conversation, user };
  }

  async function newest(conversation: string): Promise<readonly Line[]> {
    const key = conversationKey(address(conversation, ''));
    let lines: readonly Line[] = [];
    let after = Math.max(0, (lastSeq.get(conversation) ?? 0) - 250);
    for (;;) {
      const page = await context.log.read(key, after, 500);
      const last = page.at(-1);
      if (last === undefined) return lines;
      lines = [...lines.slice(-500), ...page];
      after = last.seq;
      lastSeq.set(conversation, last.seq);
    }
  }

  return {
    account,
    context,
    api,
    token,
    files,
    address,
    newest,
    sessions: createSessions({ api, wait, ...named }),
    codes: createCodes(named),
    budgets: createBudgets(named),
    traffic: createTraffic(),
    facts: { servicers: new Map() },
    sent: new Lru(MAX_KEPT),
    saw: (conversation, seq) => {
      if ((lastSeq.get(conversation) ?? 0) < seq) lastSeq.set(conversation, seq);
    },
    words: (key, lang = account.lang) => context.wording(`wecom.${key}`, lang),
  };
}

/** https://developer.work.weixin.qq.com/document/path/91039 */
async function askToken(
  fetch: typeof globalThis.fetch,
  { base, corpId, secret }: KfAccount,
): Promise<{ token: string; expiresIn: number }> {
  const path = '/cgi-bin/gettoken';
  const query = new URLSearchParams({ corpid: corpId, corpsecret: secret }).toString();
  const answer = readAnswer(path, await callProvider(fetch, `${base}${path}?${query}`));
  const { access_token: token, expires_in: expiresIn } = answer;
  if (typeof token !== 'string' || typeof expiresIn !== 'number') {
    throw new OutsideError('provider-answer', 'gettoken answered no token', { retryable: true });
  }
  return { token, expiresIn };
}
