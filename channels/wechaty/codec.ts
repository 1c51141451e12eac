import type { Message } from 'wechaty';
import type { Attachment, Content } from '../../src/message.ts';
import { nameOf } from './guard.ts';

/** Keeps a file that came. */
export type Keep = (
  file: Awaited<ReturnType<Message['toFileBox']>>,
  type: string,
) => Promise<Attachment>;

/** Longest text that is read, in UTF-16 units; WeChat's own clients send less. */
const MAX_TEXT = 20_000;
/** Messages before the login are answered only while they are this fresh, in ms. */
const FRESH_MS = 60_000;
/** Wechaty's number of official accounts among the types of contacts. */
const OFFICIAL: readonly number[] = [2];

/** Wechaty's numbers of types of messages. */
const TYPE = {
  attachment: 1,
  audio: 2,
  image: 6,
  text: 7,
  location: 8,
  url: 14,
  video: 15,
} as const;
/** Types that customers send and nothing is read from. */
const EVENTS: Readonly<Record<number, string>> = {
  3: 'contact',
  4: 'chat-history',
  5: 'emoticon',
  9: 'mini-program',
  10: 'group-note',
  11: 'transfer',
  12: 'red-envelope',
  13: 'recalled',
  16: 'post',
};
/** What a file is where neither its name nor its puppet says. */
const CONTENT_TYPE: Readonly<Record<number, string>> = {
  [TYPE.audio]: 'audio/silk',
  [TYPE.image]: 'image/jpeg',
  [TYPE.video]: 'video/mp4',
};

/**
 * Whether a message is for the bot: not its own, not an official account's, not of the time before
 * the login (puppets replay that), and in a room only where the bot is mentioned.
 * @param loginAt by the same clock as `now`; absent where it is not known
 */
export async function isForBot(
  message: Message,
  now: number,
  loginAt: number | undefined,
): Promise<boolean> {
  if (message.self() || OFFICIAL.includes(message.talker().type())) return false;
  const sent = message.date().getTime();
  if (now - sent > FRESH_MS && (loginAt === undefined || sent <= loginAt)) return false;
  return !message.room() || (await message.mentionSelf());
}

/**
 * Decodes a message. What can't be read, or whose file can't be had, is an event that says so.
 * @param keep called for messages that are files
 */
export async function decode(message: Message, keep: Keep): Promise<Content> {
  const type: number = message.type();
  try {
    const read = READ[type];
    if (read) return await read(message, keep);
    return { kind: 'event', name: EVENTS[type] ?? 'unknown' };
  } catch (error) {
    return { kind: 'event', name: 'unreadable', value: { type, code: nameOf(error) } };
  }
}

type Read = (message: Message, keep: Keep) => Promise<Content>;

const fileOf: Read = async (message, keep) => {
  const type = CONTENT_TYPE[message.type()] ?? '';
  const attachment = await keep(await message.toFileBox(), type);
  return { kind: 'attachment', attachments: [attachment], text: '' };
};

const READ: Readonly<Record<number, Read>> = {
  [TYPE.text]: async (message) => textOf(await message.mentionText()),
  [TYPE.attachment]: fileOf,
  [TYPE.audio]: fileOf,
  [TYPE.image]: fileOf,
  [TYPE.video]: fileOf,
  [TYPE.url]: async (message) => {
    const link = await message.toUrlLink();
    return textOf(`${link.title()}\n${link.url()}`);
  },
  [TYPE.location]: async (message) => {
    // Asked of the puppet: Wechaty's own toLocation() throws.
    const { name, address } = await message.wechaty.puppet.messageLocation(message.id);
    return textOf([name, address].filter(Boolean).join(' '));
  },
};

/** Without control characters other than tab and line ends: what shows them breaks on them. */
function textOf(text: string): Content {
  // eslint-disable-next-line no-control-regex
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
  return { kind: 'text', text: text.slice(0, MAX_TEXT).replace(control, '') };
}
