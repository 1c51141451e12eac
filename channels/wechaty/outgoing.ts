import type { ChannelContext } from '../../src/channel/channel.ts';
import { callProvider } from '../../src/channel/provider-call.ts';
import type { Attachment, Reply } from '../../src/message.ts';
import { splitBytes } from '../../src/text/split.ts';
import { nameOf } from './guard.ts';

/** Longest text of one message in UTF-8 bytes. WeChat cuts longer ones differently on each client. */
export const MAX_BYTES = 4000;
/** Largest file that is sent, in bytes. */
const MAX_FILE = 10 * 1024 * 1024;
/** Most messages that one reply becomes: at 3 seconds between them, more would take too long. */
const MAX_PARTS = 12;

/** One message of WeChat. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly name: string; readonly base64: string };

/**
 * The messages that show a reply: its text with its cards, then its files. A file that can't be had
 * is named with its address. Empty for a reply that customers do not see.
 */
export async function partsOf(reply: Reply, context: ChannelContext): Promise<Part[]> {
  if (reply.event) return [];
  const files: Part[] = [];
  const texts = [reply.text];
  for (const card of reply.cards ?? []) {
    const lines = [card.title, card.text, addressOf(card.url, context)];
    texts.push(lines.filter((line) => line !== undefined && line !== '').join('\n'));
  }
  const attachments = (reply.attachments ?? []).map(async (attachment) => {
    const url = addressOf(attachment.url, context);
    const base64 = url === undefined ? undefined : await fetched(url, context);
    return { attachment, url, base64 };
  });
  for (const { attachment, url, base64 } of await Promise.all(attachments)) {
    if (base64 !== undefined) files.push({ kind: 'file', name: nameFor(attachment), base64 });
    else texts.push([attachment.name, url].filter((line) => line !== undefined).join('\n'));
  }
  const whole = texts.filter((text) => text.trim() !== '').join('\n\n');
  const bubbles = splitBytes(whole, MAX_BYTES).map((text): Part => ({ kind: 'text', text }));
  return [...bubbles, ...files].slice(0, MAX_PARTS);
}

/** A public address; undefined for one of ours while nobody outside can reach us. */
function addressOf(url: string | undefined, { publicUrl }: ChannelContext): string | undefined {
  if (!url?.startsWith('/')) return url;
  return publicUrl === undefined ? undefined : publicUrl + url;
}

async function fetched(url: string, context: ChannelContext): Promise<string | undefined> {
  try {
    const { status, body } = await callProvider(context.fetch, url, { maxBytes: MAX_FILE });
    if (status === 200) return body.toString('base64');
    context.logger.warn({ status }, 'wechaty: a file to send was not found');
  } catch (error) {
    context.logger.warn({ fault: nameOf(error) }, 'wechaty: a file to send could not be had');
  }
  return undefined;
}

/** Puppets tell pictures from files by the ending of the name only. */
function nameFor({ name, contentType }: Attachment): string {
  if (/\.[a-z0-9]{1,5}$/i.test(name)) return name;
  const subtype = contentType.split('/')[1] ?? '';
  const ending = subtype === 'jpeg' ? 'jpg' : subtype;
  return /^[a-z0-9]{1,5}$/.test(ending) ? `${name}.${ending}` : name;
}
