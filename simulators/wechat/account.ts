import { createHash } from 'node:crypto';
import type { Callback } from './callback.ts';
import type { Crypt } from './crypt.ts';
import type { Media } from './media.ts';
import type { Mode } from './passive.ts';

/** What one account of the platform is known by. */
export interface Credentials {
  readonly appId: string;
  readonly appSecret: string;
  readonly token: string;
  /** The EncodingAESKey: 43 characters of base64. */
  readonly aesKey: string;
  /** The account's own id in messages: `gh_…`. */
  readonly account: string;
}

/** What a phone needs of its account. */
export interface Account {
  readonly account: string;
  readonly mode: Mode;
  readonly crypt: Crypt;
  readonly callback: Callback;
  readonly media: Media;
  readonly clock: { now(): number };
  /** The simulator's own origin. */
  url(): string;
  stopped(): boolean;
  newMsgId(): bigint;
  newBubbleId(): string;
  readonly refuse: (call: string, why: string, code: number) => void;
}

/** The same for the same name, so that a server keeps its settings over restarts of the simulator. */
export function credentialsFor(name: string): Credentials {
  const digest = (what: string): Buffer =>
    createHash('sha256').update(`simulated ${what} of ${name}`).digest();
  return {
    appId: `wx${digest('app id').toString('hex').slice(0, 16)}`,
    appSecret: digest('secret').toString('hex').slice(0, 32),
    token: digest('token').toString('hex').slice(0, 24),
    aesKey: digest('aes key').toString('base64').slice(0, 43),
    account: `gh_${digest('account').toString('hex').slice(0, 12)}`,
  };
}
