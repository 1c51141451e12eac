import type { Said } from '../dialog/read-slot.ts';
import type { Inbound, Lang } from '../message.ts';

/** Longest text a slot looks at, in UTF-16 units. */
const LONGEST = 4000;

/** An inbound message as slots look at it. */
export function saidFrom({ content }: Inbound, lang: Lang, now: number): Said {
  return {
    text: 'text' in content ? content.text.slice(0, LONGEST) : '',
    lang,
    now,
    attachments: content.kind === 'attachment' ? content.attachments : [],
    ...(content.kind === 'choice' ? { tapped: content.value } : {}),
  };
}
