import { menuId } from '../../src/channel/menu.ts';
import { splitBytes } from '../../src/text/split.ts';
import type { Attachment, Card, Choice, Reply } from '../../src/message.ts';
import type { ChoiceStyle } from './account.ts';

/** Longest text of one bubble, in bytes of UTF-8: 45002 by call, a failure as the passive answer. */
export const MAX_TEXT_BYTES = 2048;
/** Bounds of a native menu. WeChat names none for 公众号; these are those of 微信客服. */
const MENU = { items: 10, titleBytes: 128, headBytes: 1024 } as const;

/** Something that the customer's phone can show as one bubble. */
export type Bubble =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'menu'; readonly head: string; readonly choices: readonly Choice[] }
  | { readonly kind: 'image'; readonly image: Attachment; readonly instead: string }
  | { readonly kind: 'news'; readonly card: Card & { readonly url: string } };

/** A part of a reply that is sent whole. `keys` tell the parts of one reply apart, in every style. */
export interface Piece {
  readonly keys: readonly string[];
  readonly bubble: Bubble;
}

/** How replies are shown. */
export interface Style {
  readonly choices: ChoiceStyle;
  readonly cards: 'news' | 'text';
  readonly images: 'image' | 'text';
  /** In the customer's language: `Please choose:`. */
  readonly choose: string;
  /** Absolute address of a file or picture of ours, or elsewhere; `undefined` where there is none. */
  address(url: string): string | undefined;
}

/**
 * The parts of one reply, in order: text, choices, files, cards. Those in `done` are left out.
 * The same reply gives the same keys each time, so that a second try goes on where the first ended.
 */
export function piecesOf(reply: Reply, style: Style, done: ReadonlySet<string>): Piece[] {
  const pieces: Piece[] = [];
  const add = (keys: readonly string[], bubble: Bubble): void => {
    const left = keys.filter((key) => !done.has(key));
    if (left.length > 0) pieces.push({ keys: left, bubble });
  };
  const text = reply.text.trim() === '' ? '' : reply.text;
  const choices = reply.choices ?? [];
  const parts = splitBytes(text, MAX_TEXT_BYTES).filter((part) => part.trim() !== '');
  const whole = choices.length === 0 ? undefined : together(text, choices, style);
  const untouched = parts.every((_, i) => !done.has(`t${i}`)) && !done.has('c');
  if (whole !== undefined && untouched) add([...parts.map((_, i) => `t${i}`), 'c'], whole);
  else {
    for (const [i, part] of parts.entries()) add([`t${i}`], { kind: 'text', text: part });
    // The last bubble of choices has the key that stands for all of them.
    const lists = choices.length === 0 || done.has('c') ? [] : alone(choices, style);
    for (const [i, bubble] of lists.entries()) {
      add([i === lists.length - 1 ? 'c' : `c${i}`], bubble);
    }
  }
  for (const [i, file] of (reply.attachments ?? []).entries()) add([`a${i}`], fileOf(file, style));
  for (const [i, card] of (reply.cards ?? []).entries()) add([`k${i}`], cardOf(card, style));
  return pieces;
}

/** Text and choices in one bubble; `undefined` where they do not fit. */
function together(text: string, choices: readonly Choice[], style: Style): Bubble | undefined {
  if (isMenu(choices, style)) {
    const head = text === '' ? style.choose : text;
    return Buffer.byteLength(head) <= MENU.headBytes ? { kind: 'menu', head, choices } : undefined;
  }
  const list = listOf(choices, style);
  const all = text === '' ? list : `${text}\n\n${list}`;
  return Buffer.byteLength(all) <= MAX_TEXT_BYTES ? { kind: 'text', text: all } : undefined;
}

/** Choices behind a text that is too long to hold them. */
function alone(choices: readonly Choice[], style: Style): Bubble[] {
  if (isMenu(choices, style)) return [{ kind: 'menu', head: style.choose, choices }];
  const parts = splitBytes(listOf(choices, style), MAX_TEXT_BYTES);
  return parts.map((text) => ({ kind: 'text', text }));
}

function isMenu(choices: readonly Choice[], style: Style): boolean {
  return (
    style.choices === 'menu' &&
    choices.length <= MENU.items &&
    choices.every((c) => c.title.trim() !== '' && Buffer.byteLength(c.title) <= MENU.titleBytes)
  );
}

/** Choices as lines of text: links that answer when they are tapped, or numbers to be written. */
function listOf(choices: readonly Choice[], style: Style): string {
  const numbers = choices.map((c, i) => `${i + 1}. ${c.title}`).join('\n');
  if (style.choices === 'numbers') return numbers;
  const links = choices.map(linkOf).join('\n');
  return Buffer.byteLength(links) <= MAX_TEXT_BYTES ? links : numbers;
}

/** Not documented by WeChat; described by its community and shown by every client since 2019. */
function linkOf({ value, title }: Choice): string {
  const shown = title.replaceAll('<', '＜').replaceAll('>', '＞');
  return `<a href="weixin://bizmsgmenu?msgmenucontent=${queryValue(title)}&msgmenuid=${queryValue(menuId(value))}">${shown}</a>`;
}

/** Escapes only what would end the value: clients show what is escaped as it stands. */
function queryValue(text: string): string {
  return text.replaceAll(/["'<>&#%+=?\s\\]/g, encodeURIComponent);
}

function fileOf(file: Attachment, style: Style): Bubble {
  const address = style.address(file.url);
  const instead = address === undefined ? `[${file.name}]` : `${file.name}: ${address}`;
  const text = cut(instead);
  if (file.kind !== 'image' || style.images === 'text') return { kind: 'text', text };
  return { kind: 'image', image: file, instead: text };
}

function cardOf(card: Card, style: Style): Bubble {
  const url = card.url === undefined ? undefined : style.address(card.url);
  if (url !== undefined && style.cards === 'news') {
    const image = card.image === undefined ? undefined : style.address(card.image);
    const { title, text } = card;
    return {
      kind: 'news',
      card: { title, ...(text === undefined ? {} : { text }), ...(image ? { image } : {}), url },
    };
  }
  return { kind: 'text', text: cut([card.title, card.text, url].filter(Boolean).join('\n')) };
}

function cut(text: string): string {
  return splitBytes(text, MAX_TEXT_BYTES)[0] ?? '';
}
