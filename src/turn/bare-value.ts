/** Messages that hold a number and nothing else: "20261101003", "那20261101004呢", "order no. 20261101001". */
import { newFrame } from '../dialog/frame.ts';
import { spot } from '../dialog/read-slot.ts';
import { cap } from '../text/analyzer.ts';
import { findOrderNumbers } from '../text/entities/order-number.ts';
import { fold } from '../text/fold.ts';
import { takesEach } from './orders.ts';
import type { Situation } from './situation.ts';

/** Longest message that is looked at, in characters: a number with some filler words. */
const LONGEST = 60;
/** Words that say nothing about what is wanted. Each ends at its own boundary: the pattern is linear. */
const NOTHING_SAID =
  /^(?:[订单号码编这那个笔是为的呢吗啊嗯哦一和跟与还有再看查换改成\s\p{P}#~]|\b(?:and|what|how|about|order|number|no|id|num|the|my|it|s|is|this|that|one|ok|so|then|here|for|please|pls|thanks)\b)*$/u;

/** Whether a message is nothing but order numbers. What is wanted with them is not said. */
export function isBareNumber(text: string): boolean {
  if (text.length > LONGEST) return false;
  const found = findOrderNumbers(text);
  if (found.length === 0) return false;
  const rest = found.reduceRight((t, f) => `${t.slice(0, f.start)} ${t.slice(f.end)}`, text);
  return NOTHING_SAID.test(fold(cap(rest)).text);
}

/**
 * The task that a number by itself starts: the last one, or else the first that takes the number; in
 * either case one that only looks things up (`readOnly`). A number alone is no wish to change anything.
 */
export function taskOfBareNumber(s: Situation): string | undefined {
  if (!isBareNumber(s.said.text)) return undefined;
  const last = s.session.recall?.task?.value;
  const dialogs = [...(last === undefined ? [] : [last]), ...s.dialogOf.values()];
  return dialogs.find((dialog) => looksUp(s, dialog));
}

function looksUp(s: Situation, dialog: string): boolean {
  const known = s.specOf(dialog);
  const first = Object.keys(known?.spec.slots ?? {})[0];
  if (known?.spec.readOnly !== true || first === undefined) return false;
  if (takesEach(s, dialog, s.said.text)) return true;
  return first in spot({ ...known, frame: newFrame(known.spec, {}) }, s.said);
}
