import type { ChannelContext } from '../../src/channel/channel.ts';
import type { Budgets } from '../../src/channel/budget.ts';
import type { Files } from '../../src/channel/files.ts';
import type { Cipher } from '../../src/channel/tencent/cipher.ts';
import type { Lang } from '../../src/message.ts';
import type { WechatAccount } from './account.ts';
import type { MediaDesk } from './media.ts';
import type { Parked } from './parked.ts';
import type { Later, Windows } from './passive.ts';
import type { Sender } from './send.ts';
import type { Stats } from './stats.ts';
import type { Verifier } from './verify.ts';

/** All that one account works with. */
export interface Desk {
  readonly account: WechatAccount;
  readonly context: ChannelContext;
  readonly cipher: Cipher;
  readonly verifier: Verifier;
  readonly windows: Windows;
  readonly sender: Sender;
  readonly budgets: Budgets;
  readonly parked: Parked;
  readonly media: MediaDesk;
  readonly files: Files;
  readonly stats: Stats;
  readonly later: Later;
  /** How long a request is held, in ms. */
  readonly holdMs: number;
}

/** The keys of `knowledge/wording.yaml` that the channel asks for. */
export const TEXTS = [
  'wechat.location',
  'wechat.link',
  'wechat.mini-program',
  'wechat.choose',
  'wechat.thinking',
  'wechat.more',
] as const;

/** A wording in the language of the account's customers. */
export function word(
  { account, context }: Pick<Desk, 'account' | 'context'>,
  key: (typeof TEXTS)[number],
): string {
  return context.wording(key, languageOf(account));
}

export function languageOf(account: WechatAccount): Lang {
  return account.lang ?? 'zh';
}
