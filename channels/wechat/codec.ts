import { createHash } from 'node:crypto';
import { inner, leaf, type Fields } from '../../src/channel/tencent/xml.ts';
import type { Attachment, Content } from '../../src/message.ts';
import { eventOf } from './event.ts';

/** A file that a message names; it has to be fetched from WeChat within 3 days. */
export interface Media {
  readonly kind: Attachment['kind'];
  readonly mediaId: string;
  readonly contentType: string;
  readonly name: string;
  /** Where it could be seen, for the record only: never fetched. */
  readonly shownAt: string;
}

/** What a customer's act pays for: replies by call, and for how long in ms. */
export interface Allowance {
  readonly kind: string;
  readonly sends: number;
  readonly lastsMs: number;
}

/** A push of WeChat's, read. */
export interface Push {
  /** The same for every redelivery. */
  readonly id: string;
  readonly openId: string;
  /** The account's own id (gh_…), which answers are signed with. */
  readonly ghId: string;
  /** Seconds since 1970, by WeChat's clock. */
  readonly createdAt: number;
  readonly content: Content;
  /** Id of the menu item that was tapped. */
  readonly menuItem?: string;
  /** Key of a menu button, or scene of a QR code, that may stand for a dialog. */
  readonly key?: { readonly of: 'menu' | 'scene'; readonly value: string };
  /** To be fetched; `content` stands without it until then. */
  readonly media?: Media;
  readonly allowance?: Allowance;
}

/** Words in the account's language that the codec puts around what customers send. */
export interface Words {
  readonly location: string;
  readonly link: string;
  readonly miniProgram: string;
}

/** Of a message the customer wrote (rule of 2023-06-12: 5 replies in 48 hours). */
const BY_MESSAGE: Allowance = { kind: 'message', sends: 5, lastsMs: 48 * 3600 * 1000 };
/** What arrives in place of what WeChat can't pass on, such as stickers. */
const NOT_SUPPORTED = '【收到不支持的消息类型，暂无法显示】';
const OPEN_ID = /^[\w@.-]{1,64}$/;
const MESSAGE_ID = /^\d{1,20}$/;
/** Longest part of a message that is kept, in UTF-16 units. */
const MAX_TEXT = 8000;

/**
 * Reads a push (fields: https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html
 * and …/Receiving_event_pushes.html). What it does not know becomes an event, named by its type.
 * @returns `undefined` where the sender, the time or the id is missing or malformed
 */
export function decode(fields: Fields, words: Words): Push | undefined {
  const openId = leaf(fields, 'FromUserName') ?? '';
  const ghId = leaf(fields, 'ToUserName') ?? '';
  const time = leaf(fields, 'CreateTime') ?? '';
  const type = (leaf(fields, 'MsgType') ?? '').toLowerCase();
  if (!OPEN_ID.test(openId) || !OPEN_ID.test(ghId) || !/^\d{1,11}$/.test(time)) return undefined;
  if (!/^[\w-]{1,64}$/.test(type)) return undefined;
  const common = { openId, ghId, createdAt: Number(time) };
  if (type === 'event') {
    const event = eventOf(fields);
    if (event === undefined) return undefined;
    return { ...common, id: eventId(openId, time, fields), ...event };
  }
  const id = leaf(fields, 'MsgId') ?? '';
  if (!MESSAGE_ID.test(id)) return undefined;
  const said = messageOf(type, fields, words);
  return said === undefined ? undefined : { ...common, id, allowance: BY_MESSAGE, ...said };
}

type Said = Pick<Push, 'content' | 'menuItem' | 'media'>;

function messageOf(type: string, fields: Fields, words: Words): Said | undefined {
  const field = (name: string): string => (leaf(fields, name) ?? '').slice(0, MAX_TEXT);
  switch (type) {
    case 'text': {
      const content = leaf(fields, 'Content');
      if (content === undefined) return undefined;
      if (content.trim() === NOT_SUPPORTED) return { content: nothing() };
      const menuItem = field('bizmsgmenuid');
      const said: Said = { content: { kind: 'text', text: content.slice(0, MAX_TEXT) } };
      return menuItem === '' ? said : { ...said, menuItem };
    }
    case 'image':
      return fileOf(fields, { kind: 'image', contentType: 'image/jpeg', name: 'image.jpg' });
    case 'voice': {
      const heard = field('Recognition').trim();
      if (heard !== '') return { content: { kind: 'text', text: heard } };
      const format = /^[a-z0-9]{1,8}$/.exec(field('Format').toLowerCase())?.[0] ?? 'amr';
      return fileOf(fields, {
        kind: 'audio',
        contentType: `audio/${format}`,
        name: `voice.${format}`,
      });
    }
    case 'video':
    case 'shortvideo':
      return fileOf(fields, { kind: 'video', contentType: 'video/mp4', name: 'video.mp4' });
    case 'location':
      return textOf(
        words.location,
        field('Label'),
        `(${field('Location_X')}, ${field('Location_Y')})`,
      );
    case 'link':
      return textOf(words.link, field('Title'), field('Description'), field('Url'));
    case 'miniprogrampage':
      return textOf(words.miniProgram, field('Title'));
    default:
      return { content: { kind: 'event', name: type, value: plain(fields) } };
  }
}

function fileOf(
  fields: Fields,
  file: Pick<Media, 'kind' | 'contentType' | 'name'>,
): Said | undefined {
  const mediaId = leaf(fields, 'MediaId') ?? '';
  if (!/^[\w@.-]{1,256}$/.test(mediaId)) return undefined;
  const picture = leaf(fields, 'PicUrl') ?? '';
  const shownAt = /^https?:\/\//.test(picture) ? picture.slice(0, 1024) : `wechat:media/${mediaId}`;
  return { content: nothing(), media: { ...file, mediaId, shownAt } };
}

/** A message that holds nothing to read: the engine says so. */
function nothing(): Content {
  return { kind: 'attachment', attachments: [], text: '' };
}

function textOf(label: string, ...parts: readonly string[]): Said {
  const told = parts.map((part) => part.trim()).filter((part) => part !== '');
  return { content: { kind: 'text', text: `${label}${told.join(' ')}` } };
}

/** Events have no id of their own; the same event is sent again with the same time. */
function eventId(openId: string, time: string, fields: Fields): string {
  const what = ['Event', 'EventKey', 'MsgID', 'MsgId', 'KfAccount', 'ToKfAccount'];
  const parts = what.map((name) => leaf(fields, name) ?? '');
  const told = JSON.stringify([openId, time, ...parts]);
  return `e${createHash('sha256').update(told).digest('hex').slice(0, 32)}`;
}

/** The fields of a push that is only recorded, without those that every push has. */
export function plain(fields: Fields): Readonly<Record<string, unknown>> {
  const out: Record<string, unknown> = {};
  for (const name of Object.keys(fields).slice(0, 40)) {
    if (['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'Event'].includes(name)) continue;
    const text = leaf(fields, name);
    if (text !== undefined) out[name] = text.slice(0, 500);
    else out[name] = inner(fields, name) ?? '…';
  }
  return out;
}
