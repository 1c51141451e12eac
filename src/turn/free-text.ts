/** Questions that nearly any text answers: what else a message could mean must be plain to count. */
import type { Waiting } from '../dialog/read-slot.ts';
import type { Lang } from '../message.ts';

/** A message this short may be a command even where any text is an answer, in characters. */
const SHORT = { zh: 10, en: 32 } as const;

/** Whether the open question takes any text. */
export function takesAnyText(waiting: Waiting | undefined): boolean {
  const slot = waiting?.frame.slot;
  return slot !== undefined && waiting?.spec.slots[slot]?.free === true;
}

/** Whether a text is short enough to be a command. */
export function isShort(text: string, lang: Lang): boolean {
  return text.length <= SHORT[lang];
}
