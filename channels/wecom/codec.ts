/**
 * What `sync_msg` brings, read without trust
 * (https://developer.work.weixin.qq.com/document/path/94670). Pure: nothing here asks anybody.
 */
import { changeOf, type SessionChange } from './session.ts';

/** What one item says. */
export type What =
  | { readonly kind: 'text'; readonly text: string; readonly menuId?: string }
  | { readonly kind: 'media'; readonly type: MediaType; readonly mediaId: string }
  /** Something that is told in words: `wecom.<key>` of the wording, and what it holds. */
  | { readonly kind: 'words'; readonly key: WordsKey; readonly said: string }
  /** A person in WeCom wrote to the customer. */
  | { readonly kind: 'agent'; readonly agent: string; readonly type: string; readonly text: string }
  | {
      readonly kind: 'enter';
      readonly scene: string;
      readonly param: string;
      readonly welcomeCode?: string;
    }
  | { readonly kind: 'lost'; readonly messageId: string; readonly failType: number }
  | { readonly kind: 'servicer'; readonly servicer: string; readonly on: boolean }
  | {
      readonly kind: 'session';
      readonly change: SessionChange;
      readonly from: string;
      readonly to: string;
      readonly code?: string;
    }
  /** Not known here: recorded, and no more. */
  | { readonly kind: 'other'; readonly name: string };

export type MediaType = 'image' | 'voice' | 'video' | 'file';
export type WordsKey = 'location' | 'link' | 'business-card' | 'miniprogram' | 'product' | 'order';

/** One item of a page. */
export interface Item {
  /** `msgid`. */
  readonly id: string;
  readonly kf: string;
  /** `external_userid`; empty for events that are about nobody. */
  readonly user: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly fromCustomer: boolean;
  readonly what: What;
}

type Fields = Readonly<Record<string, unknown>>;

const MAX_ID = 128;
const MAX_TEXT = 8192;
const MEDIA: readonly string[] = ['image', 'voice', 'video', 'file'] satisfies MediaType[];
const CUSTOMER = 3;
const SERVICER = 5;

/** Reads one item; `undefined` where it has no id or account to store it under. Never throws. */
export function decode(raw: unknown): Item | undefined {
  const item = fieldsOf(raw);
  const event = fieldsOf(item.event);
  const id = idOf(item, 'msgid');
  const kf = idOf(item, 'open_kfid') || idOf(event, 'open_kfid');
  const user = idOf(item, 'external_userid') || idOf(event, 'external_userid');
  if (!isId(id) || !isId(kf) || (user !== '' && !isId(user))) return undefined;
  const seconds = item.send_time;
  const at = typeof seconds === 'number' && Number.isFinite(seconds) ? seconds * 1000 : 0;
  const fromCustomer = item.origin === CUSTOMER;
  return { id, kf, user, at, fromCustomer, what: whatOf(item, event) };
}

function whatOf(item: Fields, event: Fields): What {
  const type = textOf(item, 'msgtype', 40);
  const body = fieldsOf(item[type]);
  if (item.origin === SERVICER) {
    const agent = textOf(item, 'servicer_userid', MAX_ID);
    return { kind: 'agent', agent, type, text: textOf(body, 'content', MAX_TEXT) };
  }
  if (type === 'event') return eventOf(event);
  return item.origin === CUSTOMER ? messageOf(type, body) : { kind: 'other', name: nameOf(type) };
}

function messageOf(type: string, body: Fields): What {
  const text = (name: string): string => textOf(body, name, 512);
  const words = (key: WordsKey, ...said: readonly string[]): What => ({
    kind: 'words',
    key,
    said: said.filter((part) => part !== '').join(' '),
  });
  if (type === 'text') {
    const menuId = text('menu_id');
    const content = textOf(body, 'content', MAX_TEXT);
    return { kind: 'text', text: content, ...(menuId === '' ? {} : { menuId }) };
  }
  if (MEDIA.includes(type)) {
    return { kind: 'media', type: type as MediaType, mediaId: text('media_id') };
  }
  switch (type) {
    case 'location': {
      const { latitude, longitude } = body;
      const named = words('location', text('name'), text('address'));
      const point = typeof latitude === 'number' && typeof longitude === 'number';
      if (!point || (named.kind === 'words' && named.said !== '')) return named;
      return words('location', `${latitude},${longitude}`);
    }
    case 'link':
      return words('link', text('title'), textOf(body, 'url', 2048));
    case 'business_card':
      return words('business-card');
    case 'miniprogram':
      return words('miniprogram', text('title'));
    case 'channels_shop_product':
      return words('product', text('title'));
    case 'channels_shop_order':
      return words('order', text('order_id'));
    default:
      return { kind: 'other', name: nameOf(type) };
  }
}

function eventOf(event: Fields): What {
  const text = (name: string): string => textOf(event, name, 512);
  const type = textOf(event, 'event_type', 60);
  switch (type) {
    case 'enter_session': {
      const code = text('welcome_code');
      const scene = { scene: text('scene'), param: text('scene_param') };
      return { kind: 'enter', ...scene, ...(code === '' ? {} : { welcomeCode: code }) };
    }
    case 'msg_send_fail': {
      const failType = typeof event.fail_type === 'number' ? event.fail_type : 0;
      return { kind: 'lost', messageId: text('fail_msgid'), failType };
    }
    case 'servicer_status_change':
      return { kind: 'servicer', servicer: text('servicer_userid'), on: event.status === 1 };
    case 'session_status_change': {
      const change = changeOf(event.change_type);
      if (change === undefined) break;
      const code = text('msg_code');
      const who = { from: text('old_servicer_userid'), to: text('new_servicer_userid') };
      return { kind: 'session', change, ...who, ...(code === '' ? {} : { code }) };
    }
  }
  return { kind: 'other', name: nameOf(type) };
}

/** Why WeCom could not show a message that it had accepted, by `fail_type`. */
export function failureOf(failType: number): string {
  return FAILURES[failType] ?? FAILURES[0] ?? '';
}

const FAILURES: Readonly<Record<number, string>> = {
  0: 'unknown reason',
  1: 'the 客服 account was deleted',
  2: 'the application was closed',
  4: 'more than 48 hours after the last message of the customer',
  5: 'the session has ended',
  6: 'more than 5 messages for one of the customer',
  7: 'no 视频号 is bound',
  8: 'the subject is not verified',
  9: 'no 视频号 is bound and the subject is not verified',
  10: 'the customer refuses messages',
};

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

/** An own text field, cut to `most` characters; empty where it is anything else. */
function textOf(fields: Fields, name: string, most: number): string {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (typeof value !== 'string') return '';
  const cut = value.replaceAll('\0', '').slice(0, most);
  // Half of a character can't be stored.
  return /[\ud800-\udfff]/.test(cut) ? Buffer.from(cut, 'utf8').toString('utf8') : cut;
}

/** An id as it stands: cut or cleaned it would be another one. */
function idOf(fields: Fields, name: string): string {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === 'string' ? value : '';
}

function isId(text: string): boolean {
  return /^[\w@.-]{1,128}$/.test(text);
}

function nameOf(type: string): string {
  return /^[\w-]{1,60}$/.test(type) ? type : 'unknown';
}
