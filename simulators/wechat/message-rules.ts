import type { Bubble } from '../simulator.ts';
import { showText, type LinkItem } from './markup.ts';
import type { Media, MediaKind } from './media.ts';
import { Refusal } from './refusal.ts';

/** Most bytes of a text in UTF-8. */
export const MAX_TEXT = 2048;

/** What a message shows on the phone. */
export interface Shown {
  readonly kind: Bubble['kind'];
  readonly text: string;
  readonly items: readonly LinkItem[];
  readonly picture?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** What the rules need to know of the account. */
export interface Rules {
  readonly media: Media;
  /** A verified service account: others may not send `msgmenu`. */
  readonly verified: boolean;
}

/** A string that must be there. @throws Refusal 40035 */
function need(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new Refusal(40035, `"${name}" is missing`);
  return value;
}

/** A string that may be absent. @throws Refusal 47001 */
function may(fields: Fields, name: string): string {
  const value = fields[name];
  if (value === undefined) return '';
  if (typeof value !== 'string') throw new Refusal(47001, `"${name}" is no string`);
  return value;
}

function object(fields: Fields, name: string): Fields {
  const value = fields[name];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(47001, `"${name}" is no object`);
  }
  return value as Fields;
}

function list(fields: Fields, name: string): readonly Fields[] {
  const value: unknown = fields[name];
  const all: readonly unknown[] = Array.isArray(value) ? value : [];
  if (all.length === 0 || all.some((v) => typeof v !== 'object' || v === null)) {
    throw new Refusal(47001, `"${name}" is no list of objects, or empty`);
  }
  return all as readonly Fields[];
}

const joined = (...texts: readonly string[]): string => texts.filter((t) => t !== '').join('\n');

/** How a file of this id shows. */
export function showMedium(id: unknown, kind: MediaKind, media: Media, words = ''): Shown {
  const found = media.get(id, kind);
  return {
    kind: 'image',
    text: words,
    items: [],
    ...(kind === 'image' ? { picture: `/mmbiz/${found.id}` } : {}),
  };
}

/** How a text shows. @throws Refusal 44004 where it is empty, 45002 where it is too long */
export function showWords(content: string): Shown {
  if (content === '') throw new Refusal(44004);
  const bytes = Buffer.byteLength(content);
  if (bytes > MAX_TEXT) throw new Refusal(45002, `${bytes} bytes; a text may have ${MAX_TEXT}`);
  return { kind: 'text', ...showText(content) };
}

type Reader = (body: Fields, rules: Rules) => Shown;

/** Required fields of each `msgtype` of `sendCustomMessage`. */
const READERS: Readonly<Record<string, Reader>> = {
  text(body) {
    const content = body.content;
    if (content === undefined) throw new Refusal(44004);
    return showWords(may(body, 'content'));
  },
  image: (body, { media }) => showMedium(body.media_id, 'image', media),
  voice: (body, { media }) => showMedium(body.media_id, 'voice', media, '[语音]'),
  video(body, { media }) {
    media.get(body.thumb_media_id);
    const words = joined('[视频]', may(body, 'title'), may(body, 'description'));
    return showMedium(body.media_id, 'video', media, words);
  },
  music(body, { media }) {
    need(body, 'musicurl');
    need(body, 'hqmusicurl');
    media.get(body.thumb_media_id);
    return card('[音乐]', may(body, 'title'), may(body, 'description'));
  },
  news(body) {
    const [article, ...more] = list(body, 'articles');
    if (more.length > 0) throw new Refusal(45008, 'one article a message');
    return showArticle(article ?? {});
  },
  mpnews(body) {
    throw new Refusal(40007, `there is no such article: ${need(body, 'media_id')}`);
  },
  wxcard: (body) => card('[卡券]', need(body, 'card_id')),
  miniprogrampage(body, { media }) {
    need(body, 'appid');
    need(body, 'pagepath');
    media.get(body.thumb_media_id);
    return card('[小程序]', need(body, 'title'));
  },
  msgmenu(body, { verified }) {
    if (!verified) throw new Refusal(40200, 'msgmenu is for verified service accounts');
    const items = list(body, 'list').map((item) => {
      const title = need(item, 'content');
      return { id: need(item, 'id'), title, says: title };
    });
    const text = joined(may(body, 'head_content'), may(body, 'tail_content'));
    const bytes = Buffer.byteLength([text, ...items.map((i) => i.title)].join('\n'));
    if (bytes > MAX_TEXT) throw new Refusal(45002, `${bytes} bytes; a menu may have ${MAX_TEXT}`);
    return { kind: 'menu', text, items };
  },
};

function card(...texts: readonly string[]): Shown {
  return { kind: 'card', text: joined(...texts), items: [] };
}

function showArticle(article: Fields): Shown {
  for (const name of ['url', 'picurl']) {
    const address = may(article, name);
    if (address !== '' && !/^https?:\/\//u.test(address)) {
      throw new Refusal(40035, `"${name}" is no address`);
    }
  }
  return card(need(article, 'title'), may(article, 'description'));
}

/**
 * Reads the body of `message/custom/send`.
 * @throws Refusal by the rules of the platform
 */
export function readCustom(order: Fields, rules: Rules): Shown {
  const type = order.msgtype;
  const reader =
    typeof type === 'string' && Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  if (reader === undefined) throw new Refusal(40008, `"${String(type)}" is no msgtype`);
  if (order.customservice !== undefined) need(object(order, 'customservice'), 'kf_account');
  return reader(object(order, type as string), rules);
}

/** Reads the `data` of a template or a subscription notice. @throws Refusal */
export function readTemplate(order: Fields): Shown {
  const template = need(order, 'template_id');
  const data = object(order, 'data');
  const values = Object.keys(data).map((name) => {
    const value = object(data, name).value;
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new Refusal(40035, `"${name}" has no value`);
    }
    return String(value);
  });
  return card(template, ...values);
}
