import type { Bubble } from '../../../simulators/simulator.ts';
import type { Choice } from '../../message.ts';
import type { Shown } from './play.ts';

/** A choice that is only numbered in a text: typing this number chooses it. */
const NUMBERED = /^\s*(\d{1,2})[.、．)）]\s*(.+?)\s*$/u;

/** How a choice is made on a phone. */
export interface Pick extends Choice {
  /** Taps the item of that id, or types the number. */
  readonly by: 'tap' | 'number';
}

/** What a bubble of a phone is to a script: its words and its choices. */
export function shownBubble(bubble: Bubble): Shown & { readonly choices?: readonly Pick[] } {
  const choices = choicesOf(bubble);
  return { text: bubble.text, merged: true, ...(choices.length === 0 ? {} : { choices }) };
}

function choicesOf(bubble: Bubble): readonly Pick[] {
  if (bubble.items.length > 0) {
    return bubble.items.map(({ id, title }) => ({ value: id, title, by: 'tap' }));
  }
  return bubble.text.split('\n').flatMap((line) => {
    const found = NUMBERED.exec(line);
    if (found === null) return [];
    return [{ value: found[1] ?? '', title: found[2] ?? '', by: 'number' }];
  });
}
