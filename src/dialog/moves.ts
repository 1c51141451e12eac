/** What a move does to the frame, and what is said. Where the waterfall goes from there is the answer. */
import { OutsideError } from '../errors.ts';
import type { LooseStep } from './define.ts';
import { applies, setValue, stepsOf } from './frame.ts';
import type { Move } from './interpret.ts';
import type { Outcome } from './outcome.ts';
import { settle, settlePhone, type Settled } from './settle.ts';
import { ask, askAgain, nameOf, shown, whyText, type Speaker } from './speak.ts';

/** Where the dialog goes next. */
export type Next =
  /** The question stands; everything that had to be said is said. */
  | { readonly kind: 'wait' }
  /** Wait for this slot, which has been asked already. */
  | { readonly kind: 'hold'; readonly slot: string }
  /** The step is done. */
  | { readonly kind: 'pass' }
  /** Ask this slot now. */
  | { readonly kind: 'ask'; readonly slot: string }
  /** Walk the steps from the first one; what is known is passed over. */
  | { readonly kind: 'restart' }
  | { readonly kind: 'end'; readonly outcome: Outcome };

const WAIT: Next = { kind: 'wait' };
const RESTART: Next = { kind: 'restart' };

/** Does what the message means. */
export async function applyMove(speaker: Speaker, move: Move): Promise<Next> {
  const { spec, frame } = speaker.waiting;
  const slot = frame.slot;
  switch (move.kind) {
    case 'resume':
      return resume(speaker, move.yes);
    case 'correct':
      return correct(speaker, move.slot, move);
    case 'fill': {
      // In the order of the slots: to set one drops what depends on it.
      const order = Object.keys(spec.slots);
      for (const name of order) {
        const value = move.values[name];
        if (value !== undefined) setValue(spec, frame, name, value);
      }
      const own = slot === undefined ? undefined : move.values[slot];
      if (own === undefined) await sayNoted(speaker, Object.keys(move.values));
      if (slot === undefined || own === undefined) return RESTART;
      const earlier = Object.keys(move.values).some((n) => order.indexOf(n) < order.indexOf(slot));
      const next = afterSettling(speaker, await settle(speaker, slot));
      return earlier && next.kind === 'pass' ? RESTART : next;
    }
    case 'phone':
      if (slot === undefined) return RESTART;
      return afterSettling(speaker, await settlePhone(speaker, slot, move.phone));
    case 'command':
      if (slot === undefined) return RESTART;
      await command(speaker, slot, move.name);
      return WAIT;
    case 'miss':
      if (slot === undefined) return RESTART;
      frame.failed += 1;
      await askAgain(speaker, slot, move.reason);
      return WAIT;
  }
}

/** Answers to questions that were not asked yet are said back. */
async function sayNoted({ waiting, box, send }: Speaker, slots: readonly string[]): Promise<void> {
  const { spec } = waiting;
  const values = shown(waiting, box.lang);
  const parts = slots.flatMap((slot) => {
    const value = values[slot];
    if (value === undefined) return [];
    const label = box.wording.text(`${spec.id}.slots.${slot}.label`, box.lang);
    return [box.wording.text('slot.value', box.lang, { label, value })];
  });
  if (parts.length === 0) return;
  const key = 'slot.noted';
  const joined = parts.join(box.lang === 'zh' ? '，' : ', ');
  await send(box.wording.text(key, box.lang, { values: joined }), key);
}

function afterSettling(speaker: Speaker, settled: Settled): Next {
  const slot = speaker.waiting.frame.slot;
  if (settled.kind === 'stopped') return { kind: 'end', outcome: settled.outcome };
  if (settled.kind === 'ok') return { kind: 'pass' };
  return slot === undefined ? WAIT : { kind: 'hold', slot };
}

async function resume(speaker: Speaker, yes: boolean): Promise<Next> {
  const { box, waiting, send } = speaker;
  const vars = { name: nameOf(box, waiting.spec.id) };
  if (!yes) {
    await send(box.wording.text('resume.declined', box.lang, vars), 'resume.declined');
    return { kind: 'end', outcome: { kind: 'done' } };
  }
  const slot = waiting.frame.slot;
  if (slot === undefined) return RESTART;
  await ask(speaker, slot, { key: 'resume.ask', vars });
  return WAIT;
}

async function correct(
  speaker: Speaker,
  slot: string,
  move: Move & { kind: 'correct' },
): Promise<Next> {
  const { waiting, box, send } = speaker;
  const { spec, frame } = waiting;
  delete frame.offered;
  frame.failed = 0;
  for (const [name, value] of Object.entries(move.also ?? {})) setValue(spec, frame, name, value);
  setValue(spec, frame, slot, move.value);
  if (move.value === undefined) {
    await ask(speaker, slot, { key: 'slot.correct-which' });
    return { kind: 'hold', slot };
  }
  const settled = await settle(speaker, slot);
  if (settled.kind !== 'ok') return afterSettling(speaker, settled);
  const label = box.wording.text(`${spec.id}.slots.${slot}.label`, box.lang);
  const value = shown(waiting, box.lang)[slot] ?? '';
  await send(box.wording.text('slot.corrected', box.lang, { label, value }), 'slot.corrected');
  return RESTART;
}

async function command(
  speaker: Speaker,
  slot: string,
  name: (Move & { kind: 'command' })['name'],
): Promise<void> {
  const { waiting, box } = speaker;
  const { frame, spec } = waiting;
  switch (name) {
    case 'help':
      return ask(speaker, slot, { key: 'dialog.help', vars: { name: nameOf(box, spec.id) } });
    case 'repeat':
      return ask(speaker, slot);
    case 'wait':
      return ask(speaker, slot, { key: 'slot.wait' });
    case 'why':
      return ask(speaker, slot, { key: 'slot.refused', vars: { why: whyText(speaker, slot) } });
    case 'noun':
      frame.failed += 1;
      if (frame.failed >= (spec.patience ?? 3)) return askAgain(speaker, slot);
      return ask(speaker, slot, { key: 'resume.ask', vars: { name: nameOf(box, spec.id) } });
    case 'unknown':
    case 'refuse':
      frame.failed += 1;
      if (name === 'unknown' || frame.failed >= (spec.patience ?? 3)) {
        return askAgain(speaker, slot);
      }
      return ask(speaker, slot, { key: 'slot.refused', vars: { why: whyText(speaker, slot) } });
  }
}

/** One step of the waterfall: passes it over, asks, or runs it. */
export async function visit(speaker: Speaker, step: LooseStep): Promise<Next> {
  const { spec, frame } = speaker.waiting;
  if (typeof step !== 'string') return run(speaker, step);
  if (!applies(spec, step, frame.values)) {
    Reflect.deleteProperty(frame.values, step);
    return { kind: 'pass' };
  }
  if (step in frame.values) return afterSettling(speaker, await settle(speaker, step));
  const phone = frame.phones?.[step];
  if (phone === undefined) return { kind: 'ask', slot: step };
  delete frame.phones;
  return afterSettling(speaker, await settlePhone(speaker, step, phone));
}

async function run(speaker: Speaker, step: Exclude<LooseStep, string>): Promise<Next> {
  const { spec, frame } = speaker.waiting;
  if (frame.ran.includes(step.name)) return { kind: 'pass' };
  const result = await step.run({ ...speaker.turn, values: { ...frame.values } });
  if (result === undefined) {
    frame.ran.push(step.name);
    return { kind: 'pass' };
  }
  if (result.kind !== 'back') return end(speaker, result);
  setValue(spec, frame, result.slot, undefined);
  return RESTART;
}

/** Everything is known: the author's last word. */
export async function complete(speaker: Speaker): Promise<Next> {
  const { spec, frame } = speaker.waiting;
  return end(speaker, await spec.complete({ ...speaker.turn, values: { ...frame.values } }));
}

async function end(speaker: Speaker, outcome: Outcome): Promise<Next> {
  if (outcome.kind === 'done' && outcome.key !== undefined) {
    await speaker.turn.say(outcome.key, outcome.vars);
  }
  return { kind: 'end', outcome };
}

/**
 * Runs `act`; a system that can't be reached costs nothing but the last answer, which is asked for
 * again once the customer writes. Where `act` has changed tickets already, the whole turn is to run
 * again instead, so that nothing is opened twice.
 */
export async function guarded(speaker: Speaker, act: () => Promise<Next>): Promise<Next> {
  const opened = speaker.box.writes?.() ?? 0;
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof OutsideError) || error.code === 'storage') throw error;
    if ((speaker.box.writes?.() ?? 0) !== opened) throw error;
    const { box, waiting, send } = speaker;
    const { spec, frame } = waiting;
    const last = stepsOf(spec).findLast((s) => typeof s === 'string' && s in frame.values);
    await send(box.wording.text('orders.down', box.lang), 'orders.down');
    if (typeof last !== 'string') return { kind: 'end', outcome: { kind: 'done' } };
    setValue(spec, frame, last, undefined);
    frame.slot = last;
    return { kind: 'hold', slot: last };
  }
}
