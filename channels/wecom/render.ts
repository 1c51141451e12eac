/**
 * Replies in the forms that `send_msg` knows
 * (https://developer.work.weixin.qq.com/document/path/94677). Pure: nothing here sends.
 */
import { menuId } from '../../src/channel/menu.ts';
import type { Attachment, Card, Choice, Reply } from '../../src/message.ts';
import { splitBytes } from '../../src/text/split.ts';

/** Longest text, in bytes. */
export const MAX_TEXT = 2048;
const MAX_HEAD = 1024;
const MAX_ITEM = 128;
const MAX_ITEMS = 10;

/** One message that goes out. */
export type Form =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'menu'; readonly head: string; readonly items: readonly Choice[] }
  | { readonly kind: 'file'; readonly attachment: Attachment }
  | { readonly kind: 'card'; readonly card: Card };

/** A message, with the replies (by their index) of which it shows something. */
export interface Bubble {
  readonly form: Form;
  readonly of: readonly number[];
}

/** Prefix of the ids of the items by which customers rate: `wecom-rating:3` is the best. */
export const RATING = 'wecom-rating:';

/**
 * How few messages are made of the replies. 0: texts that follow each other are merged. 1: one run of
 * text, and the last menu. 2: text only.
 */
export type Density = 0 | 1 | 2;

/**
 * The messages that show these replies, in order.
 * @param begins whether a blank line goes before the reply at this place; default before none
 */
export function bubblesOf(
  replies: readonly Reply[],
  density: Density,
  addressOf: (url: string) => string | undefined,
  begins: (index: number) => boolean = () => false,
): readonly Bubble[] {
  const gapBefore = (index: number): string => (begins(index) ? '\n\n' : '\n');
  return density === 0
    ? merged(replies, gapBefore)
    : squeezed(replies, density, addressOf, gapBefore);
}

function merged(
  replies: readonly Reply[],
  gapBefore: (index: number) => string,
): readonly Bubble[] {
  const bubbles: Bubble[] = [];
  /** Whether the last bubble holds whole replies only, so that more may be put behind them. */
  let open = false;
  replies.forEach((reply, index) => {
    const forms = formsOf(reply);
    const [first, ...rest] = forms;
    const last = bubbles.at(-1);
    const both = open && first && last ? together(last.form, first, gapBefore(index)) : undefined;
    if (both !== undefined && last) {
      bubbles[bubbles.length - 1] = { form: both, of: [...last.of, index] };
      bubbles.push(...rest.map((form) => ({ form, of: [index] })));
    } else bubbles.push(...forms.map((form) => ({ form, of: [index] })));
    open = forms.length === 1 && bubbles.at(-1)?.form.kind === 'text';
  });
  return bubbles;
}

/** Two messages as one, where the second begins a reply of its own. */
function together(before: Form, next: Form, gap: string): Form | undefined {
  if (before.kind !== 'text') return undefined;
  if (next.kind === 'text') {
    const text = `${before.text}${gap}${next.text}`;
    return Buffer.byteLength(text) <= MAX_TEXT ? { kind: 'text', text } : undefined;
  }
  if (next.kind !== 'menu') return undefined;
  const head = `${before.text}${gap}${next.head}`;
  return Buffer.byteLength(head) <= MAX_HEAD ? { ...next, head } : undefined;
}

function formsOf(reply: Reply): readonly Form[] {
  const { choices = [], attachments = [], cards = [] } = reply;
  return [
    ...(hasMenu(reply) ? menuOf(reply.text, choices) : textsOf(numbered(reply))),
    ...attachments.map((attachment): Form => ({ kind: 'file', attachment })),
    ...cards.map((card): Form => ({ kind: 'card', card })),
  ];
}

function hasMenu({ choices = [] }: Reply): boolean {
  return choices.length > 0 && choices.length <= MAX_ITEMS;
}

function menuOf(text: string, items: readonly Choice[]): readonly Form[] {
  const parts = splitBytes(text.trim(), MAX_HEAD);
  const head = parts.at(-1) ?? '';
  return [...textsOf(parts.slice(0, -1).join('')), { kind: 'menu', head, items }];
}

function textsOf(text: string): readonly Form[] {
  return splitBytes(text, MAX_TEXT)
    .filter((part) => part.trim() !== '')
    .map((part): Form => ({ kind: 'text', text: part }));
}

function numbered({ text, choices = [] }: Reply): string {
  return [text, ...choices.map((c, i) => `${i + 1}. ${c.title}`)].filter(Boolean).join('\n');
}

function squeezed(
  replies: readonly Reply[],
  density: 1 | 2,
  addressOf: (url: string) => string | undefined,
  gapBefore: (index: number) => string,
): readonly Bubble[] {
  const last = replies.at(-1);
  const keeps = density === 1 && last !== undefined && hasMenu(last);
  const inText = keeps ? replies.slice(0, -1) : replies;
  const text = inText.reduce((before, reply, index) => {
    const words = plain(reply, addressOf);
    return before === '' || words === '' ? before + words : before + gapBefore(index) + words;
  }, '');
  const of = inText.map((_, index) => index);
  const bubbles = textsOf(text).map((form): Bubble => ({ form, of }));
  if (!keeps) return bubbles;
  const words = plain({ ...last, choices: [] }, addressOf);
  const menu = menuOf(words, last.choices ?? []).map((form): Bubble => ({
    form,
    of: [replies.length - 1],
  }));
  const [head, ...rest] = menu;
  const before = bubbles.at(-1);
  const both =
    head && before ? together(before.form, head.form, gapBefore(replies.length - 1)) : undefined;
  if (both === undefined) return [...bubbles, ...menu];
  return [...bubbles.slice(0, -1), { form: both, of: [...of, replies.length - 1] }, ...rest];
}

function plain(reply: Reply, addressOf: (url: string) => string | undefined): string {
  const { attachments = [], cards = [] } = reply;
  return [
    numbered(reply),
    ...attachments.map(({ url, name }) => [name, addressOf(url)].filter(Boolean).join(' ')),
    ...cards.map((card) => cardText(card, addressOf)),
  ]
    .filter(Boolean)
    .join('\n');
}

/** A card as text. */
export function cardText(card: Card, addressOf: (url: string) => string | undefined): string {
  const url = card.url === undefined ? undefined : addressOf(card.url);
  return [card.title, card.text, url].filter(Boolean).join('\n');
}

/** The fields of a text message. */
export function textBody(text: string): object {
  const [first = ''] = splitBytes(text, MAX_TEXT);
  return { msgtype: 'text', text: { content: first } };
}

/** The fields of a menu. */
export function menuBody(head: string, items: readonly Choice[]): object {
  const list = items.map(({ value, title }) => ({
    type: 'click',
    click: { id: menuId(value), content: shortened(title, MAX_ITEM) },
  }));
  return { msgtype: 'msgmenu', msgmenu: { ...(head === '' ? {} : { head_content: head }), list } };
}

/** The fields of a link, which needs a picture. */
export function linkBody(card: Card, url: string, thumb: string): object {
  const link = {
    title: shortened(card.title, 128),
    ...(card.text ? { desc: shortened(card.text, 512) } : {}),
    url,
    thumb_media_id: thumb,
  };
  return { msgtype: 'link', link };
}

function shortened(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text === '' ? '…' : text;
  return `${splitBytes(text, maxBytes - 3)[0] ?? ''}…`;
}
