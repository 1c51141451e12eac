/** What a message means to the dialog that waits for an answer. The conversation is only read. */
import type { Attachment, Lang } from '../message.ts';
import type { Json } from '../store/store.ts';
import { findPhones } from '../text/entities/phone.ts';
import { readYesNo } from '../text/entities/yes-no.ts';
import type { LooseSpec } from './define.ts';
import { applies, type Frame } from './frame.ts';
import { hasCorrectionMark, labelledSlot, labelledValue, statedValue } from './marks.ts';
import type { DialogWording } from './ports.ts';
import { choice } from './slots/choice.ts';
import type { OfferedChoice, Parsed, SlotInput } from './slots/slot.ts';
import { text } from './slots/text.ts';

/** What to do with the message, decided before the dialog runs. */
export type Move =
  | { readonly kind: 'fill'; readonly values: Readonly<Record<string, Json>> }
  /** The order is named by the phone it was placed with. */
  | { readonly kind: 'phone'; readonly phone: string }
  | {
      readonly kind: 'correct';
      readonly slot: string;
      readonly value?: Json;
      /** Other answers that the same message mends. */
      readonly also?: Readonly<Record<string, Json>>;
    }
  | { readonly kind: 'resume'; readonly yes: boolean }
  | {
      readonly kind: 'command';
      /** `noun`: only the task's own name again, which answers nothing. */
      readonly name: 'help' | 'repeat' | 'wait' | 'why' | 'refuse' | 'unknown' | 'noun';
    }
  | { readonly kind: 'miss'; readonly reason?: string };

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

function inputFor(waiting: Waiting, slot: string, said: Said): SlotInput {
  return { ...said, offered: offeredFor(waiting, slot, said.lang) };
}

function asJson(value: unknown): Json {
  return value as Json;
}

function parseSlot(waiting: Waiting, slot: string, said: Said): Parsed<unknown> {
  const definition = waiting.spec.slots[slot];
  if (definition === undefined) return { kind: 'none' };
  const input = inputFor(waiting, slot, said);
  const parsed = definition.parse(input);
  if (parsed.kind === 'value' || waiting.frame.offered === undefined) return parsed;
  return choice(input.offered.map((o) => o.value)).parse(input);
}

/**
 * The message is nothing but an answer to the question (or a tap on it), so nothing else needs to be
 * considered. `undefined` where it may be something else.
 */
export function directAnswer(waiting: Waiting, said: Said): Move | undefined {
  const { spec, frame } = waiting;
  if (frame.offering === 'resume') {
    const answer = said.tapped === undefined ? readYesNo(said.text) : said.tapped === 'yes';
    if (answer !== undefined) return { kind: 'resume', yes: answer };
  }
  const slot = frame.slot;
  const definition = slot === undefined ? undefined : spec.slots[slot];
  if (slot === undefined || definition === undefined) return undefined;
  if (definition.free && said.tapped === undefined && said.attachments.length === 0) {
    return undefined;
  }
  // "no, it should be …" at a yes-or-no question mends something and is no plain no.
  const mends =
    definition.type === 'confirm' && said.tapped === undefined && hasCorrectionMark(said.text);
  if (mends && statedValue(said.text) !== '') return undefined;
  const parsed = parseSlot(waiting, slot, said);
  if (parsed.kind === 'value' && parsed.whole) {
    return { kind: 'fill', values: { [slot]: asJson(parsed.value) } };
  }
  return undefined;
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
    const found = definition.free
      ? namedText(waiting, slot, said)
      : definition.find(inputFor(waiting, slot, said));
    if (found?.kind === 'value') values[slot] = asJson(found.value);
  }
  return values;
}

/** The text of a slot that takes any, where the sentence says which slot it is for. */
function namedText(waiting: Waiting, slot: string, said: Said): Parsed<unknown> | undefined {
  const labels = waiting.wording.labels[slot];
  if (labels === undefined) return undefined;
  const text = labelledValue(said.text, [...labels.zh, ...labels.en]);
  return text === undefined ? undefined : parseSlot(waiting, slot, { ...said, text });
}

/**
 * The message says that an earlier answer was wrong, and names a slot, a value or both. A value alone
 * that takes any text goes to the slot that was filled last.
 */
export function correction(waiting: Waiting, said: Said): Move | undefined {
  const { spec, frame, wording } = waiting;
  if (!hasCorrectionMark(said.text)) return undefined;
  const filled = Object.keys(spec.slots).filter((s) => s in frame.values);
  if (filled.length === 0) return undefined;
  const named = labelledSlot(said.text, wording, filled, spec);
  if (named !== undefined) {
    const value = valueFor(waiting, named, said);
    const others = Object.keys(spec.slots).filter((s) => s !== named);
    const also = changedValues(waiting, said, others);
    return {
      kind: 'correct',
      slot: named,
      ...(value === undefined ? {} : { value }),
      ...(Object.keys(also).length === 0 ? {} : { also }),
    };
  }
  const other = otherValue(waiting, said, filled);
  if (other !== undefined) return other;
  const last = frame.last;
  const stated = statedValue(said.text);
  if (last === undefined || stated === said.text.trim() || stated === '') return undefined;
  const restated = { ...said, text: stated };
  if (fitsOpenQuestion(waiting, restated)) return undefined;
  const parsed = parseSlot(waiting, last, restated);
  if (parsed.kind === 'value') return { kind: 'correct', slot: last, value: asJson(parsed.value) };
  const confirms = spec.slots[frame.slot ?? '']?.type === 'confirm';
  return confirms ? { kind: 'correct', slot: last } : undefined;
}

/** Values of these slots that the message tells, where they differ from what is held. */
function changedValues(
  waiting: Waiting,
  said: Said,
  slots: readonly string[],
): Record<string, Json> {
  const spotted = spot(waiting, said);
  const held = waiting.frame.values;
  return Object.fromEntries(
    slots
      .filter((s) => s in spotted && JSON.stringify(spotted[s]) !== JSON.stringify(held[s]))
      .map((s) => [s, spotted[s] ?? null]),
  );
}

/** The message's value can only belong to a slot that is filled already: a correction without a word. */
export function silentCorrection(waiting: Waiting, said: Said): Move | undefined {
  const { spec, frame } = waiting;
  const filled = Object.keys(spec.slots).filter((s) => s in frame.values);
  if (filled.length === 0 || fitsOpenQuestion(waiting, said)) return undefined;
  return otherValue(waiting, said, filled);
}

/** A value of a filled slot that differs from what it holds. */
function otherValue(waiting: Waiting, said: Said, filled: readonly string[]): Move | undefined {
  const { frame } = waiting;
  const restated = { ...said, text: statedValue(said.text) };
  const spotted = { ...spot(waiting, said), ...spot(waiting, restated) };
  const changed = filled.filter(
    (s) =>
      s in spotted &&
      s !== frame.slot &&
      JSON.stringify(spotted[s]) !== JSON.stringify(frame.values[s]),
  );
  const slot = changed.find((s) => s === frame.last) ?? changed.at(-1);
  if (slot === undefined) return undefined;
  const others = Object.keys(waiting.spec.slots).filter((s) => s !== slot);
  const also = changedValues(waiting, said, others);
  const value = spotted[slot] ?? null;
  return { kind: 'correct', slot, value, ...(Object.keys(also).length === 0 ? {} : { also }) };
}

function fitsOpenQuestion(waiting: Waiting, said: Said): boolean {
  const { slot } = waiting.frame;
  if (slot === undefined || waiting.spec.slots[slot]?.free === true) return false;
  return parseSlot(waiting, slot, said).kind === 'value';
}

/** A value for `slot` from a sentence that names it: anywhere in it, or behind "to", "是", "改成". */
function valueFor(waiting: Waiting, slot: string, said: Said): Json | undefined {
  const definition = waiting.spec.slots[slot];
  if (definition === undefined) return undefined;
  const input = inputFor(waiting, slot, said);
  const found = definition.find(input);
  const tail = behindMark(said.text);
  if (found.kind === 'value' && (tail === undefined || definition.type !== 'address')) {
    return asJson(found.value);
  }
  if (tail === undefined) return undefined;
  const parsed = definition.parse({ ...input, text: statedValue(tail) });
  return parsed.kind === 'value' ? asJson(parsed.value) : undefined;
}

const VALUE_MARKS = [
  '改成',
  '改为',
  '换成',
  '更正为',
  '应该是',
  '应为',
  '是',
  ':',
  '：',
  ' to ',
  ' is ',
  " it's ",
  ' be ',
] as const;

function behindMark(text: string): string | undefined {
  const lower = text.toLowerCase();
  const ends = VALUE_MARKS.map((mark) => {
    const at = lower.lastIndexOf(mark);
    return at < 0 ? -1 : at + mark.length;
  });
  const end = Math.max(...ends);
  const tail = end < 0 ? '' : text.slice(end).trim();
  return tail === '' ? undefined : tail;
}

/** An answer inside a longer sentence, with whatever else of the dialog it tells. */
export function looseAnswer(waiting: Waiting, said: Said): Move {
  const { spec, frame } = waiting;
  const slot = frame.slot;
  if (slot === undefined) return { kind: 'miss' };
  const free = spec.slots[slot]?.free === true;
  if (free && spec.slots[slot]?.optional === false && skips(said)) {
    return { kind: 'command', name: 'refuse' };
  }
  const stated = free && hasCorrectionMark(said.text) ? statedValue(said.text) : '';
  const named = free ? namedText(waiting, slot, said) : undefined;
  const parsed =
    named ?? parseSlot(waiting, slot, stated === '' ? said : { ...said, text: stated });
  const known = Object.keys(frame.values);
  const others =
    said.text === ''
      ? {}
      : {
          ...(free || parsed.kind === 'none' ? {} : changedValues(waiting, said, known)),
          ...spot(waiting, said, [slot, ...known, ...inapplicable(waiting)]),
        };
  if (parsed.kind === 'value') {
    return { kind: 'fill', values: { ...(free ? {} : others), [slot]: asJson(parsed.value) } };
  }
  if (spec.slots[slot]?.type === 'order-number') {
    const phone = findPhones(said.text)[0]?.value;
    if (phone !== undefined) return { kind: 'phone', phone };
  }
  if (Object.keys(others).length > 0) return { kind: 'fill', values: others };
  return { kind: 'miss', ...(parsed.reason === undefined ? {} : { reason: parsed.reason }) };
}

/** Longest text that is a wish to skip and nothing else, in UTF-16 units. */
const LONGEST_SKIP = 16;
const ANY_TEXT = text({ optional: true });

/** "跳过", "skip": no text for a slot that must have one. */
function skips(said: Said): boolean {
  if (said.text.trim().length > LONGEST_SKIP) return false;
  const parsed = ANY_TEXT.parse({ ...said, offered: [] });
  return parsed.kind === 'value' && parsed.value === null;
}

function inapplicable({ spec, frame }: Waiting): string[] {
  return Object.keys(spec.slots).filter(
    (s) => spec.when?.[s] !== undefined && !applies(spec, s, frame.values),
  );
}
