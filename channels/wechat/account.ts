import { z } from 'zod';
import { readAccounts } from '../../src/channel/accounts.ts';
import { aesKeyFault } from '../../src/channel/tencent/cipher.ts';
import { ConfigError, type ConfigFault } from '../../src/errors.ts';
import type { Lang } from '../../src/message.ts';

/** How callbacks come: encrypted; both encrypted and clear; clear. */
export type Mode = 'safe' | 'compatible' | 'plain';
/** How choices are shown: by what the account is able to; as links; numbered. */
export type ChoiceStyle = 'menu' | 'links' | 'numbers';

/** A message template that stands in for replies which may not be sent. */
export interface Template {
  readonly id: string;
  /** The field that gets the beginning of the reply, e.g. `thing1`. */
  readonly field: string;
}

/** One 公众号. */
export interface WechatAccount {
  readonly name: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly token: string;
  readonly aesKey?: string;
  readonly mode: Mode;
  /** The language of its customers, before their words tell more. */
  readonly lang?: Lang;
  readonly template?: Template;
  /** Scene of a QR code → dialog id, `faq:<entry>`, or words as if the customer had written them. */
  readonly scenes: Readonly<Record<string, string>>;
  /** Key of a menu button → the same. */
  readonly menu: Readonly<Record<string, string>>;
  readonly choices: ChoiceStyle;
  /** Hands customers who ask for a person to WeChat's own agent console. */
  readonly transferToKf: boolean;
}

const DEFAULT_BASE = 'https://api.weixin.qq.com';
const TOKEN = /^[A-Za-z0-9]{3,32}$/;
const targets = z.record(z.string().min(1).max(128), z.string().min(1).max(200));
const appId = z.string().regex(/^\w{6,64}$/, 'is not an AppID');
const token = z.string().regex(TOKEN, 'must be 3 to 32 letters and digits');

const row = z
  .strictObject({
    name: z.string(),
    appId,
    appSecret: z.string().min(1).max(256),
    token,
    aesKey: z.string().optional(),
    mode: z.enum(['safe', 'compatible', 'plain']).default('safe'),
    lang: z.enum(['zh', 'en']).optional(),
    template: z.strictObject({ id: z.string().min(1), field: z.string().min(1) }).optional(),
    scenes: targets.default({}),
    menu: targets.default({}),
    choices: z.enum(['menu', 'links', 'numbers']).default('menu'),
    transferToKf: z.boolean().default(false),
  })
  .superRefine((r, context) => {
    const fault = keyFault(r.aesKey, r.mode);
    if (fault !== undefined) {
      context.addIssue({ code: 'custom', path: ['aesKey'], message: fault });
    }
  });

/**
 * The accounts that the variables and the file of `WECHAT_ACCOUNTS` describe, `default` first.
 * @throws ConfigError naming each variable at fault, FileError each row of the file
 */
export async function readWechatAccounts(
  env: Readonly<Record<string, string>>,
): Promise<readonly WechatAccount[]> {
  const faults: ConfigFault[] = [];
  const own = env.WECHAT_APP_ID === undefined ? [] : [ofEnv(env, faults)];
  if (faults.length > 0) throw new ConfigError(faults);
  const file = env.WECHAT_ACCOUNTS;
  const more = file === undefined ? [] : await readAccounts(file, row as unknown as RowShape);
  return [...own, ...more];
}

type RowShape = z.ZodType<WechatAccount>;

/**
 * Origin of the provider's API, without a trailing slash.
 * @throws ConfigError where `WECHAT_API_BASE` is no http(s) URL
 */
export function apiBase(env: Readonly<Record<string, string>>): string {
  const base = env.WECHAT_API_BASE ?? DEFAULT_BASE;
  if (/^https?:\/\//.test(base) && URL.canParse(base)) return base.replace(/\/+$/, '');
  const fault = 'must be an http:// or https:// address';
  throw new ConfigError([{ name: 'WECHAT_API_BASE', fault }]);
}

function ofEnv(env: Readonly<Record<string, string>>, faults: ConfigFault[]): WechatAccount {
  const check = (name: string, fault: string | undefined): void => {
    if (fault !== undefined) faults.push({ name, fault });
  };
  const mode = env.WECHAT_MODE ?? 'safe';
  const lang = env.WECHAT_LANG;
  const { WECHAT_TEMPLATE_ID: id, WECHAT_TEMPLATE_FIELD: field, WECHAT_AES_KEY: aesKey } = env;
  check('WECHAT_APP_ID', faultOf(appId, env.WECHAT_APP_ID));
  check('WECHAT_TOKEN', faultOf(token, env.WECHAT_TOKEN));
  if (!isMode(mode)) check('WECHAT_MODE', 'must be safe, compatible or plain');
  else check('WECHAT_AES_KEY', keyFault(aesKey, mode));
  if (lang !== undefined && !isLang(lang)) check('WECHAT_LANG', 'must be zh or en');
  if ((id === undefined) !== (field === undefined)) {
    const missing = id === undefined ? 'WECHAT_TEMPLATE_ID' : 'WECHAT_TEMPLATE_FIELD';
    check(missing, 'is missing: WECHAT_TEMPLATE_ID and WECHAT_TEMPLATE_FIELD belong together');
  }
  return {
    name: 'default',
    appId: env.WECHAT_APP_ID ?? '',
    appSecret: env.WECHAT_APP_SECRET ?? '',
    token: env.WECHAT_TOKEN ?? '',
    ...(aesKey === undefined ? {} : { aesKey }),
    mode: isMode(mode) ? mode : 'safe',
    ...(isLang(lang) ? { lang } : {}),
    ...(id === undefined || field === undefined ? {} : { template: { id, field } }),
    scenes: {},
    menu: {},
    choices: 'menu',
    transferToKf: false,
  };
}

function keyFault(aesKey: string | undefined, mode: Mode): string | undefined {
  if (aesKey !== undefined) return aesKeyFault(aesKey);
  if (mode === 'plain') return undefined;
  return 'is missing: messages come encrypted unless the mode is plain';
}

function faultOf(shape: z.ZodType, value: string | undefined): string | undefined {
  return shape.safeParse(value ?? '').error?.issues[0]?.message;
}

function isMode(value: string): value is Mode {
  return value === 'safe' || value === 'compatible' || value === 'plain';
}

function isLang(value: string | undefined): value is Lang {
  return value === 'zh' || value === 'en';
}
