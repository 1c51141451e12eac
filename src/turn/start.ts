import type { BeginOptions } from '../dialog/compile.ts';
import { newFrame } from '../dialog/frame.ts';
import { spot, type Waiting } from '../dialog/read-slot.ts';
import { findPhones } from '../text/entities/phone.ts';
import type { Decision } from './decision.ts';
import { told } from './opening.ts';
import type { Situation } from './situation.ts';

/** Starts a dialog with what the message tells already. */
export function start(s: Situation, dialog: string): Decision {
  const known = s.specOf(dialog);
  if (known === undefined) return { kind: 'start', dialog, options: {} };
  const fresh: Waiting = { ...known, frame: newFrame(known.spec, {}) };
  const options: BeginOptions = { values: { ...opened(fresh, s), ...spot(fresh, s.said) } };
  const typed = (type: string): string | undefined =>
    Object.keys(known.spec.slots).find((n) => known.spec.slots[n]?.type === type);
  const slot = typed('phone') === undefined ? typed('order-number') : undefined;
  const phone = slot === undefined ? undefined : findPhones(s.said.text)[0]?.value;
  if (slot === undefined || phone === undefined || options.values?.[slot] !== undefined) {
    return { kind: 'start', dialog, options };
  }
  return { kind: 'start', dialog, options: { ...options, phones: { [slot]: phone } } };
}

/** The text slot that the first sentence fills, where the dialog has one and the sentence tells enough. */
function opened({ spec }: Waiting, s: Situation): Readonly<Record<string, string>> {
  const slot = spec.opening;
  if (slot === undefined) return {};
  const text = told(s.said.text, s.namesOf(spec.id));
  if (text === undefined) return {};
  const parsed = spec.slots[slot]?.parse({ ...s.said, text, offered: [] });
  return parsed?.kind === 'value' && typeof parsed.value === 'string'
    ? { [slot]: parsed.value }
    : {};
}
