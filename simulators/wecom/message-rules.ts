/**
 * What `send_msg` takes, field by field in UTF-8 bytes, by
 * https://developer.work.weixin.qq.com/document/path/94677
 */
import { part, Refusal, text, type Fields } from './refusal.ts';

/** A message as the phone shows it. */
export interface Shown {
  readonly kind: 'text' | 'menu' | 'image' | 'card';
  readonly text: string;
  readonly items: readonly { readonly id: string; readonly title: string }[];
  /** Id of its picture. */
  readonly mediaId?: string;
}

/** Looks up an uploaded file. @throws Refusal 40007 */
export type MediaOf = (mediaId: string, types: readonly string[]) => { readonly name: string };

type Rule = (body: Fields, media: MediaOf) => Shown;

const LIMIT = { text: 2048, url: 2048, head: 1024, id: 64, content: 128, items: 10, mediaId: 512 };

const RULES: Readonly<Record<string, Rule>> = {
  text: (body) => shown('text', text(part(body, 'text'), 'content', LIMIT.text)),
  image(body, media) {
    const image = part(body, 'image');
    return {
      ...shown('image', named(image, media, 'image')),
      mediaId: text(image, 'media_id', LIMIT.mediaId),
    };
  },
  voice: (body, media) => shown('card', named(part(body, 'voice'), media, 'voice')),
  video: (body, media) => shown('card', named(part(body, 'video'), media, 'video')),
  file: (body, media) => shown('card', named(part(body, 'file'), media, 'file')),
  link(body, media) {
    const link = part(body, 'link');
    named(link, media, 'image', 'thumb_media_id');
    const title = text(link, 'title', 128);
    return shown('card', title, text(link, 'desc', 512, 0), text(link, 'url', LIMIT.url));
  },
  miniprogram(body, media) {
    const program = part(body, 'miniprogram');
    named(program, media, 'image', 'thumb_media_id');
    text(program, 'appid', LIMIT.id);
    text(program, 'pagepath', LIMIT.head);
    return shown('card', text(program, 'title', 64, 0));
  },
  location(body) {
    const place = part(body, 'location');
    for (const name of ['latitude', 'longitude']) {
      if (typeof place[name] !== 'number') throw new Refusal(40058, `${name} is no number`);
    }
    return shown('card', text(place, 'name', LIMIT.head, 0), text(place, 'address', LIMIT.head, 0));
  },
  msgmenu: (body) => menu(part(body, 'msgmenu')),
};

/**
 * Checks a message and says what the customer sees.
 * @param types message types that this call takes; default all
 * @throws Refusal
 */
export function checkMessage(body: Fields, media: MediaOf, types?: readonly string[]): Shown {
  const type = body.msgtype;
  const rule = typeof type === 'string' && Object.hasOwn(RULES, type) ? RULES[type] : undefined;
  if (rule === undefined) throw new Refusal(40008, 'invalid msgtype');
  if (types?.includes(type as string) === false)
    throw new Refusal(95030, `${String(type)} is forbidden`);
  return rule(body, media);
}

/** The caller's own id of a message; empty where it gives none. @throws Refusal 40058 */
export function messageId(body: Fields): string {
  const id = body.msgid ?? '';
  if (typeof id !== 'string' || !/^[\w-]*$/u.test(id)) throw new Refusal(40058, 'invalid msgid');
  if (id.length > 32) throw new Refusal(40058, 'msgid exceed max length');
  return id;
}

function menu(fields: Fields): Shown {
  const head = text(fields, 'head_content', LIMIT.head, 0);
  const tail = text(fields, 'tail_content', LIMIT.head, 0);
  const list = fields.list ?? [];
  if (!Array.isArray(list)) throw new Refusal(40058, 'list is no list');
  if (list.length > LIMIT.items) throw new Refusal(95008, `${list.length} menu items, at most 10`);
  if (head === '' && tail === '' && list.length === 0) throw new Refusal(40058, 'an empty menu');
  const items: { id: string; title: string }[] = [];
  const words: string[] = [];
  for (const entry of list as readonly Fields[]) {
    const type = entry.type;
    if (type === 'click') {
      const click = part(entry, 'click');
      items.push({ id: text(click, 'id', LIMIT.id), title: text(click, 'content', LIMIT.content) });
    } else if (type === 'view') {
      const view = part(entry, 'view');
      words.push(`${text(view, 'content', LIMIT.head)} ${text(view, 'url', LIMIT.url)}`);
    } else if (type === 'miniprogram') {
      const program = part(entry, 'miniprogram');
      text(program, 'appid', LIMIT.id);
      text(program, 'pagepath', LIMIT.head);
      words.push(text(program, 'content', LIMIT.head));
    } else if (type === 'text') {
      words.push(text(part(entry, 'text'), 'content', 256));
    } else {
      throw new Refusal(95009, 'invalid menu type');
    }
  }
  return { ...shown('menu', head, ...words, tail), items };
}

function named(fields: Fields, media: MediaOf, type: string, name = 'media_id'): string {
  return media(text(fields, name, LIMIT.mediaId), [type]).name;
}

function shown(kind: Shown['kind'], ...lines: readonly string[]): Shown {
  return { kind, text: lines.filter((line) => line !== '').join('\n'), items: [] };
}
