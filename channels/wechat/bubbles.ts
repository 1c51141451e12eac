import { MAX_TEXT_BYTES, piecesOf, type Bubble, type Style } from './render.ts';
import type { Reply } from '../../src/message.ts';

/** A reply on its way: `done` holds the keys of its parts that have been sent. */
export interface Part {
  readonly reply: Reply;
  readonly done: ReadonlySet<string>;
}

/** A bubble with the parts of replies that it shows. */
export interface Packed<T extends Part> {
  readonly bubble: Bubble;
  readonly covers: readonly { readonly part: T; readonly keys: readonly string[] }[];
}

/**
 * The bubbles of several replies, in order: texts that stand beside each other become one, with a
 * blank line between, as long as it fits. A welcome that would keep an answer out of the first bubble
 * goes behind the answer.
 * @param maxBytes of one text; default 2048
 */
export function pack<T extends Part>(
  parts: readonly T[],
  style: Style,
  maxBytes = MAX_TEXT_BYTES,
): Packed<T>[] {
  const packed = packInOrder(parts, style, maxBytes);
  const [first] = packed;
  const isWelcome = ({ reply }: Part): boolean => reply.key === 'welcome';
  const pushesOut =
    packed.length > 1 &&
    first !== undefined &&
    first.covers.every(({ part }) => isWelcome(part)) &&
    packed.some(({ covers }) => covers.some(({ part }) => !isWelcome(part)));
  if (!pushesOut) return packed;
  const answers = parts.filter((part) => !isWelcome(part));
  return packInOrder([...answers, ...parts.filter(isWelcome)], style, maxBytes);
}

function packInOrder<T extends Part>(
  parts: readonly T[],
  style: Style,
  maxBytes: number,
): Packed<T>[] {
  const out: Packed<T>[] = [];
  for (const part of parts) {
    for (const { keys, bubble } of piecesOf(part.reply, style, part.done)) {
      const last = out.at(-1);
      const separator = between(last?.covers.at(-1), part, keys);
      const joined = last && join(last.bubble, bubble, separator, maxBytes);
      const cover = { part, keys };
      if (last === undefined || joined === undefined) out.push({ bubble, covers: [cover] });
      else out[out.length - 1] = { bubble: joined, covers: [...last.covers, cover] };
    }
  }
  return out;
}

/** What stands between two texts: nothing between the parts of one that was split. */
function between(
  before: { readonly part: Part; readonly keys: readonly string[] } | undefined,
  part: Part,
  keys: readonly string[],
): string {
  const split = before?.keys.at(-1)?.startsWith('t') === true && keys[0]?.startsWith('t') === true;
  return before?.part === part && split ? '' : '\n\n';
}

/** Two bubbles as one text; `undefined` where they are none, or too long for one. */
function join(a: Bubble, b: Bubble, separator: string, maxBytes: number): Bubble | undefined {
  if (a.kind !== 'text' || b.kind !== 'text') return undefined;
  const text = `${separator === '' ? a.text : a.text.trimEnd()}${separator}${b.text}`;
  return Buffer.byteLength(text) <= maxBytes ? { kind: 'text', text } : undefined;
}
