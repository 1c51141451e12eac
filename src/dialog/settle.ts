/** Takes a value for a slot: looks orders up by phone, and runs the author's `check`. */
import type { Json } from '../store/store.ts';
import { setValue } from './frame.ts';
import type { Outcome, Vars } from './outcome.ts';
import type { Order } from './ports.ts';
import { ask, askAgain, type Speaker } from './speak.ts';

/** What became of a value. */
export type Settled =
  | { readonly kind: 'ok' }
  /** Something was said and the slot is still asked for. */
  | { readonly kind: 'waiting' }
  /** The dialog is over; its last word has been said. */
  | { readonly kind: 'stopped'; readonly outcome: Outcome };

/** How many orders of one phone number are offered to pick from. */
const MOST_ORDERS = 8;

/** Checks a value that is already in the frame. */
export async function settle(speaker: Speaker, slot: string): Promise<Settled> {
  const { spec, frame } = speaker.waiting;
  const value = frame.values[slot];
  if (value === undefined || frame.checked.includes(slot)) return { kind: 'ok' };
  const unknown = await unknownOrder(speaker, slot, value);
  if (unknown !== undefined) return unknown;
  const check = spec.check?.[slot];
  const verdict =
    value === null || check === undefined
      ? undefined
      : await check({ ...speaker.turn, value, values: { ...frame.values } });
  if (verdict === undefined) {
    frame.checked.push(slot);
    frame.last = slot;
    frame.failed = 0;
    delete frame.offered;
    return { kind: 'ok' };
  }
  if (verdict.kind === 'stop') {
    await speaker.turn.say(verdict.key, verdict.vars);
    return { kind: 'stopped', outcome: { kind: 'done' } };
  }
  setValue(spec, frame, slot, undefined);
  frame.failed += 1;
  frame.slot = slot;
  await speaker.turn.say(verdict.key, verdict.vars);
  if (frame.failed >= (spec.patience ?? 3)) await askAgain(speaker, slot);
  else await ask(speaker, slot);
  return { kind: 'waiting' };
}

async function unknownOrder(
  speaker: Speaker,
  slot: string,
  value: Json,
): Promise<Settled | undefined> {
  if (speaker.waiting.spec.slots[slot]?.type !== 'order-number') return undefined;
  if (typeof value !== 'string') return undefined;
  const order = await speaker.box.connectors.orders.find(value);
  if (order !== undefined) {
    const items = order.items.map(({ title, titleEn }) => ({ zh: title, en: titleEn }));
    speaker.box.noted?.push({ kind: 'order', id: order.id, items });
    return undefined;
  }
  return refuse(speaker, slot, 'orders.unknown', { id: value });
}

async function refuse(speaker: Speaker, slot: string, key: string, vars: Vars): Promise<Settled> {
  const { spec, frame } = speaker.waiting;
  setValue(spec, frame, slot, undefined);
  frame.failed += 1;
  frame.slot = slot;
  if (frame.failed >= (spec.patience ?? 3)) await askAgain(speaker, slot);
  else await speaker.turn.say(key, vars);
  return { kind: 'waiting' };
}

/** Finds the order by the phone it was placed with: takes the only one, or offers them. */
export async function settlePhone(speaker: Speaker, slot: string, phone: string): Promise<Settled> {
  const { spec, frame } = speaker.waiting;
  const orders = await speaker.box.connectors.orders.byPhone(phone);
  const [first] = orders;
  if (first === undefined) return refuse(speaker, slot, 'orders.unknown-phone', { phone });
  if (orders.length === 1) {
    setValue(spec, frame, slot, first.id);
    return settle(speaker, slot);
  }
  frame.slot = slot;
  frame.offered = orders.slice(0, MOST_ORDERS).map((o) => ({
    value: o.id,
    title: `${o.id} ${titleOf(o, speaker.box.lang)}`,
    alike: [o.id, ...o.items.flatMap((i) => [...partsOf(i.title), ...partsOf(i.titleEn)])],
  }));
  speaker.box.noted?.push({ kind: 'orders', list: frame.offered });
  await ask(speaker, slot, { key: 'orders.pick', vars: { count: String(orders.length) } });
  return { kind: 'waiting' };
}

/** Words a customer may call an item by: "耳机那个", "the headphones". */
function partsOf(title: string): string[] {
  const words = title.split(/[^\p{L}]+/u).filter((w) => w.length > 1);
  return words.flatMap((word) => {
    if (!/\p{Script=Han}/u.test(word)) return word.length > 3 ? [word] : [];
    const ends = Array.from({ length: Math.max(word.length - 1, 0) }, (_, i) => word.slice(i));
    return [...ends, word.slice(0, 2)];
  });
}

/** What was ordered, in a few words. */
export function titleOf(order: Order, lang: 'zh' | 'en'): string {
  const titles = order.items.map((i) => (lang === 'zh' ? i.title : i.titleEn));
  return titles.join(lang === 'zh' ? '、' : ', ');
}
