import { z } from 'zod';
import { readAccounts } from '../../src/channel/accounts.ts';
import { aesKeyFault } from '../../src/channel/tencent/cipher.ts';
import { ConfigError, type ConfigFault } from '../../src/errors.ts';
import type { Lang } from '../../src/message.ts';

const BASE = 'https://qyapi.weixin.qq.com';

/** One account: a corporation's application that may call 微信客服. */
export interface KfAccount {
  readonly name: string;
  readonly corpId: string;
  readonly secret: string;
  readonly token: string;
  readonly aesKey: string;
  /** Origin of the API, without a trailing slash. */
  readonly base: string;
  /** Of texts that we send by ourselves, and a hint for the first message. */
  readonly lang: Lang;
  /** What entering by a scene begins: the id of a dialog, or a text as if the customer had written it. */
  readonly scenes: Readonly<Record<string, string>>;
  /** Whether people serve in WeCom: a hand-off moves the session to its pool. */
  readonly servicePool: boolean;
}

const text = z.string().min(1);
const shape = z.strictObject({
  name: text,
  corpId: text,
  secret: text,
  token: text,
  aesKey: text.refine((key) => aesKeyFault(key) === undefined, {
    error: (issue) => aesKeyFault(String(issue.input)) ?? 'is not an EncodingAESKey',
  }),
  lang: z.enum(['zh', 'en']).default('zh'),
  scenes: z.record(z.string(), z.string()).default({}),
  servicePool: z.boolean().default(true),
});

/**
 * The accounts that are configured: `default` of the plain variables, and those of the file that
 * `WECOM_ACCOUNTS` names.
 * @throws ConfigError, FileError naming every fault, never a value
 */
export async function readKfAccounts(
  env: Readonly<Record<string, string>>,
): Promise<readonly KfAccount[]> {
  const base = baseOf(env.WECOM_API_BASE ?? BASE);
  const accounts: KfAccount[] = [];
  const {
    WECOM_CORP_ID: corpId,
    WECOM_KF_SECRET: secret,
    WECOM_TOKEN: token,
    WECOM_AES_KEY: aesKey,
  } = env;
  if (corpId && secret && token && aesKey) {
    const lang = choiceOf('WECOM_LANG', env.WECOM_LANG ?? 'zh', ['zh', 'en'] as const);
    const pool = choiceOf('WECOM_SERVICE_POOL', env.WECOM_SERVICE_POOL ?? 'on', [
      'on',
      'off',
    ] as const);
    const fault = aesKeyFault(aesKey);
    if (fault !== undefined) throw wrong({ name: 'WECOM_AES_KEY', fault });
    const secrets = { corpId, secret, token, aesKey };
    const servicePool = pool === 'on';
    accounts.push({ name: 'default', ...secrets, base, lang, scenes: {}, servicePool });
  }
  if (env.WECOM_ACCOUNTS) {
    for (const row of await readAccounts(env.WECOM_ACCOUNTS, shape as z.ZodType<Row>)) {
      accounts.push({ ...row, base });
    }
  }
  return accounts;
}

type Row = Omit<KfAccount, 'base'>;

function wrong(fault: ConfigFault): ConfigError {
  return new ConfigError([fault]);
}

function choiceOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw wrong({ name, fault: `must be ${allowed.join(' or ')}` });
  return found;
}

function baseOf(value: string): string {
  if (!URL.canParse(value) || !/^https?:\/\//.test(value)) {
    throw wrong({ name: 'WECOM_API_BASE', fault: 'must be an address like https://…' });
  }
  return value.replace(/\/+$/, '');
}
