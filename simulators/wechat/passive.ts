import { RequestError } from '../../src/errors.ts';
import type { Crypt } from './crypt.ts';
import type { Media } from './media.ts';
import { showMedium, showWords, type Shown } from './message-rules.ts';
import { childOf, readXml, textOf, type Node } from './xml.ts';

/** Which form the account is set to. */
export type Mode = 'safe' | 'compatible' | 'plain';

/** What a reply is judged by. */
export interface PassiveRules {
  readonly mode: Mode;
  readonly crypt: Crypt;
  readonly media: Media;
  /** The account's own id, which sends the reply. */
  readonly account: string;
  readonly user: string;
  /** A message gets one article at most, an event eight. */
  readonly articles: 1 | 8;
}

function wrong(why: string): RequestError {
  return new RequestError(400, 'BadReply', why);
}

function need(node: Node | undefined, name: string): string {
  const text = textOf(node, name);
  if (text === undefined || text === '') throw wrong(`<${name}> is missing`);
  return text;
}

/**
 * Reads the body of a callback's response by the rules for passive replies.
 * @returns what it shows; `undefined` for `success`, nothing, and what shows nothing
 * @throws YingdaError where the customer is told that the service is out of order
 */
export function readPassive(body: string, rules: PassiveRules): Shown | undefined {
  if (body === '' || body === 'success') return undefined;
  const outer = readXml(body);
  const sealed = textOf(outer, 'Encrypt');
  if (sealed === undefined) {
    if (rules.mode === 'safe') throw wrong('the reply is not encrypted');
    return readReply(outer, rules);
  }
  if (rules.mode === 'plain') throw wrong('the reply is encrypted');
  const signature = need(outer, 'MsgSignature');
  const stamp = need(outer, 'TimeStamp');
  if (!/^\d+$/u.test(stamp)) throw wrong('<TimeStamp> is no number');
  if (rules.crypt.sign(stamp, need(outer, 'Nonce'), sealed) !== signature) {
    throw wrong('<MsgSignature> does not fit');
  }
  return readReply(readXml(rules.crypt.open(sealed)), rules);
}

function readReply(reply: Node, rules: PassiveRules): Shown | undefined {
  if (need(reply, 'ToUserName') !== rules.user) throw wrong('<ToUserName> is not the customer');
  if (need(reply, 'FromUserName') !== rules.account) {
    throw wrong('<FromUserName> is not the account');
  }
  if (!/^\d+$/u.test(need(reply, 'CreateTime'))) throw wrong('<CreateTime> is no number');
  const type = need(reply, 'MsgType');
  const { media } = rules;
  switch (type) {
    case 'text':
      return showWords(need(reply, 'Content'));
    case 'image':
      return showMedium(need(childOf(reply, 'Image'), 'MediaId'), 'image', media);
    case 'voice':
      return showMedium(need(childOf(reply, 'Voice'), 'MediaId'), 'voice', media, '[语音]');
    case 'video':
      return showMedium(need(childOf(reply, 'Video'), 'MediaId'), 'video', media, '[视频]');
    case 'music':
      media.get(need(childOf(reply, 'Music'), 'ThumbMediaId'), 'thumb');
      return { kind: 'card', text: '[音乐]', items: [] };
    case 'news':
      return readNews(reply, rules.articles);
    case 'transfer_customer_service':
      return undefined;
    default:
      throw wrong(`"${type}" is no type of a reply`);
  }
}

function readNews(reply: Node, most: number): Shown {
  const items = childOf(reply, 'Articles')?.children ?? [];
  if (items.length === 0 || items.some((i) => i.name !== 'item'))
    throw wrong('<Articles> is empty');
  if (need(reply, 'ArticleCount') !== String(items.length)) throw wrong('<ArticleCount> is wrong');
  if (items.length > most) throw wrong(`${items.length} articles; here ${most} may be sent`);
  const text = items.flatMap((i) => [need(i, 'Title'), textOf(i, 'Description') ?? '']);
  return { kind: 'card', text: text.filter((t) => t !== '').join('\n'), items: [] };
}
