/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access --
   lines that must not compile have no types. */
/** Compiled, not run: what authors get wrong must not compile. */
import { defineDialog } from '../../src/dialog/define.ts';
import { done, stop } from '../../src/dialog/outcome.ts';
import type { Slot } from '../../src/dialog/slots/slot.ts';

declare function choice<const V extends readonly string[]>(values: V): Slot<V[number]>;
declare function text(): Slot<string>;
declare function skippable(): Slot<string | null>;

export default defineDialog({
  id: 'x',
  intents: ['a'],
  slots: { reason: choice(['quality', 'other']), photo: skippable(), note: text() },
  when: { photo: (v) => v.reason === 'quality' },
  dependsOn: { note: ['reason'] },
  check: {
    reason: ({ value, values }) => {
      const reason: 'quality' | 'other' = value;
      const note: string | undefined = values.note;
      return reason === 'quality' && note === undefined ? stop('why') : undefined;
    },
  },
  async complete({ values, say }) {
    const reason: 'quality' | 'other' = values.reason;
    const photo: string | null | undefined = values.photo;
    const note: string = values.note;
    await say('opened', { reason, note, photo: photo ?? '' });
    // @ts-expect-error a slot that is not declared
    values.phto?.toString();
    return done();
  },
});

defineDialog({
  id: 'x',
  intents: ['a'],
  slots: { reason: choice(['quality', 'other']), photo: skippable() },
  // @ts-expect-error a choice that is not offered
  when: { photo: (v) => v.reason === 'qality' },
  complete: () => done(),
});

defineDialog({
  id: 'x',
  intents: ['a'],
  slots: { reason: choice(['quality', 'other']), photo: skippable() },
  // @ts-expect-error a condition for a slot that is not declared
  when: { phto: (v) => v.reason === 'quality' },
  complete: () => done(),
});

defineDialog({
  id: 'x',
  intents: ['a'],
  slots: { reason: choice(['quality', 'other']) },
  // @ts-expect-error a dependency on a slot that is not declared
  dependsOn: { reason: ['raeson'] },
  complete: () => done(),
});
