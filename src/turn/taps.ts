import { choice } from '../dialog/slots/index.ts';
import type { Hit } from '../message.ts';
import { readYesNo } from '../text/entities/yes-no.ts';
import { TAP, type Decision } from './decision.ts';
import type { Situation } from './situation.ts';
import { start } from './start.ts';

/** A tap, or the typed form of one, on something that was offered outside a dialog. */
export function tapped(s: Situation): Decision | undefined {
  const value = s.said.tapped ?? typedChoice(s);
  if (value === undefined) return undefined;
  if (value === TAP.person) return { kind: 'person', reason: 'asked' };
  if (value === TAP.ticket) return start(s, 'leave-message');
  if (value === TAP.none) return { kind: 'miss', miss: 2 };
  if (value.startsWith(TAP.faq)) {
    const entry = value.slice(TAP.faq.length);
    const hit: Hit = { entry, revision: '', score: 1, by: 'exact', question: s.said.text };
    return { kind: 'answer', hit, picked: true };
  }
  return s.active === undefined && s.dialogs.has(value) ? start(s, value) : undefined;
}

function typedChoice(s: Situation): string | undefined {
  const offered = s.session.offered;
  if (s.active !== undefined || offered === undefined) {
    const asked = s.active?.waiting?.frame.offering === 'person';
    const slot = s.active?.waiting?.frame.slot ?? '';
    const type = s.active?.waiting?.spec.slots[slot]?.type;
    return asked && type !== 'confirm' && readYesNo(s.said.text) === true ? TAP.person : undefined;
  }
  const values = offered.map((o) => o.value);
  const parsed = choice(values).parse({ ...s.said, offered });
  if (parsed.kind === 'value' && parsed.whole) return parsed.value;
  const yes = readYesNo(s.said.text);
  if (yes === true && values.includes(TAP.person)) return TAP.person;
  if (yes === false && values.includes(TAP.none)) return TAP.none;
  return undefined;
}
