/** What a message means to the dialog that waits for an answer. The conversation is only read. */
import type { Json } from '../store/store.ts';
import { findPhones } from '../text/entities/phone.ts';
import { readYesNo } from '../text/entities/yes-no.ts';
import { hasCorrectionMark, labelledSlot, statedValue } from './marks.ts';
import {
  asJson,
  inapplicable,
  inputFor,
  namedText,
  parseSlot,
  spot,
  unlabelled,
  type Said,
  type Waiting,
} from './read-slot.ts';
import type { Parsed } from './slots/slot.ts';
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
  const elsewhere = free ? wholeValue(waiting, said) : undefined;
  if (elsewhere !== undefined) return { kind: 'fill', values: elsewhere };
  const named = free
    ? (namedText(waiting, slot, said) ?? unlabelled(waiting, slot, said))
    : undefined;
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
    const beside = free ? {} : { ...besideIn(waiting, said, parsed), ...others };
    return { kind: 'fill', values: { ...beside, [slot]: asJson(parsed.value) } };
  }
  if (spec.slots[slot]?.type === 'order-number') {
    const phone = findPhones(said.text)[0]?.value;
    if (phone !== undefined) return { kind: 'phone', phone };
  }
  if (Object.keys(others).length > 0) return { kind: 'fill', values: others };
  return { kind: 'miss', ...(parsed.reason === undefined ? {} : { reason: parsed.reason }) };
}

/** What a text may be nothing but, so that it is no answer to a question that takes any text. */
const PLAIN_TYPES = [
  'email',
  'phone',
  'credit-code',
  'order-number',
  'url',
  'id-card',
  'bank-card',
];

/** The message is nothing but a value of another kind that the dialog asks for: "a@b.com" is no name. */
function wholeValue(waiting: Waiting, said: Said): Record<string, Json> | undefined {
  const { spec, frame } = waiting;
  const skip = inapplicable(waiting);
  for (const [slot, { type }] of Object.entries(spec.slots)) {
    if (slot === frame.slot || skip.includes(slot) || !PLAIN_TYPES.includes(type)) continue;
    const parsed = parseSlot({ ...waiting, frame: { ...frame, slot } }, slot, said);
    if (parsed.kind === 'value' && parsed.whole && parsed.value !== null) {
      return { [slot]: asJson(parsed.value) };
    }
  }
  return undefined;
}

/** What stands beside the answer and is plainly for the question after it: "公司，北京某某公司". */
function besideIn(
  waiting: Waiting,
  said: Said,
  { quote }: Parsed<unknown> & { kind: 'value' },
): Record<string, Json> {
  const { spec, frame } = waiting;
  const order = Object.keys(spec.slots);
  const next = order.slice(order.indexOf(frame.slot ?? '') + 1).find((s) => !(s in frame.values));
  const at = said.text.indexOf(quote);
  if (next === undefined || quote === '' || at < 0) return {};
  const text = `${said.text.slice(0, at)} ${said.text.slice(at + quote.length)}`;
  const told = spec.slots[next]?.tells?.(inputFor(waiting, next, { ...said, text }));
  return told?.kind === 'value' ? { [next]: asJson(told.value) } : {};
}

const SECOND =
  /^(?:(?:还是)?算了|还是|(?:oh |ah )?(?:never ?mind|on second thoughts?|scratch that))[,，。. ]*(?:(?:还是|就|改|用|要|选|make (?:it|that)|let's (?:say|take)|i'll take|rather)[,， ]*)*/iu;

/** "算了个人吧": another answer than the one that is held, and nothing else. */
export function secondAnswer(waiting: Waiting, said: Said): Move | undefined {
  const lead = SECOND.exec(said.text.slice(0, 100))?.[0] ?? '';
  const text = said.text.slice(lead.length).trim();
  if (lead === '' || text === '') return undefined;
  const { spec, frame } = waiting;
  for (const slot of Object.keys(spec.slots)) {
    const { free, type } = spec.slots[slot] ?? { free: true, type: '' };
    if (free || type === 'confirm' || slot === frame.slot || !(slot in frame.values)) continue;
    const parsed = parseSlot({ ...waiting, frame: { ...frame, slot } }, slot, { ...said, text });
    if (parsed.kind !== 'value' || !parsed.whole || parsed.value === null) continue;
    if (JSON.stringify(parsed.value) === JSON.stringify(frame.values[slot])) continue;
    return { kind: 'correct', slot, value: asJson(parsed.value) };
  }
  return undefined;
}

/** What is held already, said once more: no answer to the open question, but no wrong one either. */
export function restates(waiting: Waiting, said: Said): boolean {
  const { values } = waiting.frame;
  const spotted = Object.entries(spot(waiting, said));
  return (
    spotted.length > 0 &&
    spotted.every(([slot, value]) => JSON.stringify(values[slot]) === JSON.stringify(value))
  );
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
