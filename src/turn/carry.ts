/** Fills the order or ticket that a task needs with the one talked about, where that is safe. */
import type { LooseSpec } from '../dialog/define.ts';
import type { Carried } from '../message.ts';
import type { Decision } from './decision.ts';
import type { Recall } from './recall.ts';
import type { Situation } from './situation.ts';

type Start = Decision & { readonly kind: 'start' };

/** Slot types that take something remembered, and what. */
const TAKES: Readonly<Record<string, 'order' | 'ticket'>> = {
  'order-number': 'order',
  'ticket-number': 'ticket',
};

/** A value for one kind of slot, and where it comes from. */
export type Carry = Carried & { readonly what: 'order' | 'ticket' };

/** What of the recall a start may take. */
export function carriable(recall: Recall): readonly Carry[] {
  const kept = (['order', 'ticket'] as const).map((what) => ({ what, kept: recall[what] }));
  return kept.flatMap(({ what, kept: k }) =>
    k === undefined ? [] : [{ what, value: k.value, from: k.seq }],
  );
}

/**
 * The start with a carried value in its first slot of that kind. A value that the message brings
 * itself stays. A dialog that would be complete by a carried value alone gets it only where it changes
 * nothing (`readOnly`): nothing is done on a value that the customer has not seen.
 */
export function withCarried(
  s: Pick<Situation, 'specOf'>,
  start: Start,
  carries: readonly Carry[],
): Start {
  const spec = s.specOf(start.dialog)?.spec;
  if (spec === undefined) return start;
  for (const carry of carries) {
    const slot = Object.keys(spec.slots).find(
      (n) => TAKES[spec.slots[n]?.type ?? ''] === carry.what,
    );
    if (slot === undefined) continue;
    const { values = {}, phones = {} } = start.options;
    if (slot in values || slot in phones || !mayTake(spec, slot, values)) continue;
    return {
      ...start,
      options: { ...start.options, values: { ...values, [slot]: carry.value } },
      carried: [
        ...(start.carried ?? []),
        { what: carry.what, value: carry.value, from: carry.from },
      ],
    };
  }
  return start;
}

function mayTake(
  spec: LooseSpec,
  slot: string,
  values: Readonly<Record<string, unknown>>,
): boolean {
  if (spec.readOnly === true) return true;
  return Object.keys(spec.slots).some((n) => {
    const open = n !== slot && !(n in values);
    return open && spec.slots[n]?.optional === false && spec.when?.[n] === undefined;
  });
}
