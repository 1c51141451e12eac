/** How a dialog talks: questions, re-asks and summaries, built from wording and values. */
import type { Choice, Lang } from '../message.ts';
import type { DialogBox } from './box.ts';
import type { DialogTurn } from './define.ts';

import { offeredFor, type Waiting } from './read-slot.ts';
import type { Vars } from './outcome.ts';

/** Sends one bubble; `key` names the wording it came from. */
export type Send = (text: string, key: string, choices?: readonly Choice[]) => Promise<void>;

/** One dialog talking in one turn. */
export interface Speaker {
  readonly waiting: Waiting;
  readonly box: DialogBox;
  readonly turn: DialogTurn;
  readonly send: Send;
}

/** Name of the task in the customer's language. */
export function nameOf(box: DialogBox, dialog: string): string {
  return box.wording.text(`${dialog}.name`, box.lang);
}

/** Makes the turn that the author's functions get. */
export function turnFor(waiting: Waiting, box: DialogBox, send: Send): DialogTurn {
  return {
    lang: box.lang,
    now: box.now,
    connectors: box.connectors,
    tickets: box.tickets,
    async say(key, vars = {}) {
      const own = `${waiting.spec.id}.say.${key}`;
      const full = box.wording.has(own) ? own : key;
      const values = { ...shown(waiting, box.lang), ...strings(vars) };
      await send(box.wording.text(full, box.lang, values), full);
    },
  };
}

function strings(vars: Vars): Record<string, string> {
  return Object.fromEntries(Object.entries(vars).map(([k, v]) => [k, String(v)]));
}

/** Values as they are shown to the customer, for placeholders. */
export function shown(waiting: Waiting, lang: Lang): Record<string, string> {
  const { spec, frame } = waiting;
  const out: Record<string, string> = {};
  for (const [slot, value] of Object.entries(frame.values)) {
    const definition = spec.slots[slot];
    if (definition === undefined) continue;
    const titles = offeredFor(waiting, slot, lang);
    out[slot] =
      value === null
        ? '-'
        : definition.show(value, lang, (v) => titles.find((t) => t.value === v)?.title ?? v);
  }
  return out;
}

/** The question for a slot. `vary` picks among the author's variants. */
export async function askText(speaker: Speaker, slot: string, vary: number): Promise<string> {
  const { waiting, box, turn } = speaker;
  const values = { ...waiting.frame.values };
  const vars = {
    ...shown(waiting, box.lang),
    ...(waiting.spec.vars === undefined ? {} : await waiting.spec.vars({ ...turn, values })),
  };
  return box.wording.text(`${waiting.spec.id}.slots.${slot}.ask`, box.lang, vars, vary);
}

/** What can be tapped under a slot's question. */
export function choicesFor(speaker: Speaker, slot: string): readonly Choice[] {
  const { waiting, box } = speaker;
  const definition = waiting.spec.slots[slot];
  if (definition === undefined) return [];
  const word = (key: string): string => box.wording.text(key, box.lang);
  const choices: Choice[] =
    definition.type === 'confirm'
      ? [
          { value: 'yes', title: word('yes') },
          { value: 'no', title: word('no') },
        ]
      : offeredFor(waiting, slot, box.lang).map(({ value, title }) => ({ value, title }));
  if (definition.optional) choices.push({ value: 'skip', title: word('skip') });
  return choices;
}

/** Asks a slot for the first time, or again with `lead` in front of the question. */
export async function ask(
  speaker: Speaker,
  slot: string,
  lead?: { readonly key: string; readonly vars?: Readonly<Record<string, string>> },
): Promise<void> {
  const { waiting, box, send } = speaker;
  const { frame } = waiting;
  frame.slot = slot;
  const question = await askText(speaker, slot, frame.failed);
  const choices = choicesFor(speaker, slot);
  if (lead === undefined) {
    await send(question, `${waiting.spec.id}.slots.${slot}.ask`, choices);
    return;
  }
  const text = box.wording.text(
    lead.key,
    box.lang,
    { ...lead.vars, ask: question },
    Math.max(frame.failed - 1, 0),
  );
  await send(text, lead.key, choices);
}

/** After an answer that could not be used: what is wrong, and the question in other words. */
export async function askAgain(speaker: Speaker, slot: string, reason?: string): Promise<void> {
  const { waiting, box } = speaker;
  const { frame, spec } = waiting;
  const person = { value: 'person', title: box.wording.text('person', box.lang) };
  if (frame.failed >= (spec.patience ?? 3)) {
    frame.offering = 'person';
    const withPerson: Speaker = {
      ...speaker,
      send: (text, key, choices = []) => speaker.send(text, key, [...choices, person]),
    };
    await ask(withPerson, slot, { key: 'slot.offer-person' });
    return;
  }
  const reasonKey = `${spec.id}.slots.${slot}.reasons.${reason ?? ''}`;
  if (reason !== undefined && box.wording.has(reasonKey)) {
    const text = box.wording.text(reasonKey, box.lang);
    await ask(speaker, slot, { key: 'slot.reason', vars: { reason: text } });
    return;
  }
  await ask(speaker, slot, { key: 'slot.again' });
}

/** Why the slot is asked. */
export function whyText(speaker: Speaker, slot: string): string {
  const { waiting, box } = speaker;
  const key = `${waiting.spec.id}.slots.${slot}.why`;
  return box.wording.has(key)
    ? box.wording.text(key, box.lang)
    : box.wording.text('dialog.why', box.lang, { name: nameOf(box, waiting.spec.id) });
}
