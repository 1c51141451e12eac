import { createHash } from 'node:crypto';
import type { Choice, Line } from '../message.ts';

/** Lines that are looked through for what was offered. */
const MAX_LINES = 200;
const HASHED = 'h:';

/**
 * The id under which a choice's value goes out in a provider's menu: the value itself where it is
 * printable ASCII of at most `maxBytes`, else `h:` and 32 characters of its hash.
 * @param maxBytes default 64, the limit of 微信客服; at least 34
 */
export function menuId(value: string, maxBytes = 64): string {
  const plain = /^[!-~]+$/.test(value) && value.length <= maxBytes && !value.startsWith(HASHED);
  if (plain) return value;
  return HASHED + createHash('sha256').update(value).digest('hex').slice(0, 32);
}

/** Whether an id stands for a value that only the log knows. */
export function isHashed(id: string): boolean {
  return id.startsWith(HASHED);
}

/**
 * The choice that a customer means: the one with the menu's id, newest first; without an id the one
 * of the newest offering whose title is exactly the text.
 * @param lines oldest first; at most the last 200 are looked at
 */
export function chosen(
  lines: readonly Line[],
  said: { readonly id?: string; readonly text: string },
): Choice | undefined {
  for (const line of lines.slice(-MAX_LINES).reverse()) {
    const choices = line.kind === 'out' ? (line.reply.choices ?? []) : [];
    if (choices.length === 0) continue;
    const { id, text } = said;
    const found = choices.find((c) =>
      id === undefined ? c.title === text : c.value === id || menuId(c.value) === id,
    );
    if (found !== undefined || id === undefined) return found;
  }
  return undefined;
}
