/** Reads a message as the value of one slot or of several. */
import type { Attachment, Lang } from '../message.ts';
import type { Json } from '../store/store.ts';
import type { LooseSpec } from './define.ts';
import { applies, type Frame } from './frame.ts';
import { behindLabel, labelledValue } from './marks.ts';
import type { DialogWording } from './ports.ts';
import { choice } from './slots/choice.ts';
import type { OfferedChoice, Parsed, SlotInput } from './slots/slot.ts';

/** The message, as a slot looks at it. */
export interface Said {
  readonly text: string;
  readonly lang: Lang;
  readonly now: number;
  readonly attachments: readonly Attachment[];
  readonly tapped?: string;
}

/** A dialog that waits, with what reading its answers needs. */
export interface Waiting {
  readonly spec: LooseSpec;
  readonly frame: Frame;
  readonly wording: DialogWording;
}

/** The choices shown with a slot's question; both languages are understood. */
export function offeredFor(waiting: Waiting, slot: string, lang: Lang): OfferedChoice[] {
  if (waiting.frame.offered !== undefined && waiting.frame.slot === slot) {
    return waiting.frame.offered;
  }
  const other: Lang = lang === 'zh' ? 'en' : 'zh';
  return Object.entries(waiting.wording.choices[slot] ?? {}).map(([value, by]) => ({
    value,
    title: by[lang].title,
    alike: [...by[lang].alike, by[other].title, ...by[other].alike],
  }));
}

export function inputFor(waiting: Waiting, slot: string, said: Said): SlotInput {
  return { ...said, offered: offeredFor(waiting, slot, said.lang) };
}

export function asJson(value: unknown): Json {
  return value as Json;
}

export function parseSlot(waiting: Waiting, slot: string, said: Said): Parsed<unknown> {
  const definition = waiting.spec.slots[slot];
  if (definition === undefined) return { kind: 'none' };
  const input = inputFor(waiting, slot, said);
  const parsed = definition.parse(input);
  if (parsed.kind === 'value' || waiting.frame.offered === undefined) return parsed;
  return choice(input.offered.map((o) => o.value)).parse(input);
}

/** Every slot value that is plainly in the sentence, except those in `skip`. */
export function spot(
  waiting: Waiting,
  said: Said,
  skip: readonly string[] = [],
): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const [slot, definition] of Object.entries(waiting.spec.slots)) {
    if (skip.includes(slot)) continue;
    const named = definition.free ? namedText(waiting, slot, said) : undefined;
    const found = named ?? definition.find(inputFor(waiting, slot, said));
    if (found.kind === 'value') values[slot] = asJson(found.value);
  }
  return values;
}

/** The text of a slot that takes any, where the sentence says which slot it is for. */
export function namedText(waiting: Waiting, slot: string, said: Said): Parsed<unknown> | undefined {
  const labels = waiting.wording.labels[slot];
  if (labels === undefined) return undefined;
  const text = labelledValue(said.text, [...labels.zh, ...labels.en]);
  return text === undefined
    ? toldBehindLabel(waiting, slot, said, labels.zh)
    : parseSlot(waiting, slot, { ...said, text });
}

/** "抬头李雷" in a clause of its own, where what follows the label is plainly a value. */
function toldBehindLabel(
  waiting: Waiting,
  slot: string,
  said: Said,
  labels: readonly string[],
): Parsed<unknown> | undefined {
  const definition = waiting.spec.slots[slot];
  if (definition?.tells === undefined) return undefined;
  for (const clause of said.text.slice(0, 1000).split(/[，,。;；\n]/u)) {
    const text = behindLabel(clause, labels);
    const told =
      text === undefined ? undefined : definition.tells(inputFor(waiting, slot, { ...said, text }));
    if (told?.kind === 'value') return told;
  }
  return undefined;
}

/** "抬头北京某某公司": the name without the name of what was asked for. */
export function unlabelled(
  waiting: Waiting,
  slot: string,
  said: Said,
): Parsed<unknown> | undefined {
  const labels = waiting.wording.labels[slot];
  if (labels === undefined || waiting.spec.slots[slot]?.tells === undefined) return undefined;
  const text = behindLabel(said.text, labels.zh);
  return text === undefined ? undefined : parseSlot(waiting, slot, { ...said, text });
}

export function inapplicable({ spec, frame }: Waiting): string[] {
  return Object.keys(spec.slots).filter(
    (s) => spec.when?.[s] !== undefined && !applies(spec, s, frame.values),
  );
}
