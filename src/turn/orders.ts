/** The same task for more than one order: "查一下 20261101001 和 20261101002", "两个都退". */
import { hasCorrectionMark } from '../dialog/marks.ts';
import { isDenied } from '../dialog/slots/options.ts';
import type { Lang } from '../message.ts';
import { findOrderNumbers } from '../text/entities/order-number.ts';
import { fold } from '../text/fold.ts';
import type { Decision } from './decision.ts';
import type { Pending } from './pending.ts';
import type { Read } from './read.ts';
import type { Recall } from './recall.ts';
import type { Situation } from './situation.ts';

type Start = Decision & { readonly kind: 'start' };

/** One of several, not each of them. */
const EITHER = /还是|或者?|\bor\b/iu;

/** Words that take back the number before them. */
const SLIP = /不对|不是|错了|应该是|\b(?:no|sorry|mean|meant|wait|oops|actually)\b/iu;
/** "20261101001 不退了", "don't return 20261101001". */
const REFUSES =
  /(?:不(?:要|用|想|需要)?|别|甭|先别)(?:再)?(?:退|查|开|改|换|办|寄|处理|看|动)|\b(?:don't|do not|dont|no need to|not) (?:want to |need to )?(?:return|refund|track|check|look|send|change|cancel|touch|include|bother)/iu;
const CLAUSE_END = /[，,。;；!！?？\n]|但是?|而是?|\bbut\b/iu;

/** Whether the clause around a number refuses something. */
function isRefused(text: string, start: number, end: number): boolean {
  const before = text.slice(0, start).split(CLAUSE_END).at(-1) ?? '';
  const after = text.slice(end).split(CLAUSE_END)[0] ?? '';
  return REFUSES.test(`${before} ${after}`.replace(/\u2019/gu, "'"));
}

/** The orders that a text wants something for, each once and in order; none where it offers or mends one. */
export function ordersIn(text: string): readonly string[] {
  const told = findOrderNumbers(text);
  const wanted = told.filter(
    ({ start, end }) => !isDenied(text, start) && !isRefused(text, start, end),
  );
  const meant = wanted.length === 0 ? told : wanted;
  const [first, ...more] = meant;
  const last = more.at(-1);
  if (first === undefined) return [];
  if (last === undefined) return [first.value];
  const between = text.slice(first.end, last.start);
  // "20261101001，不对，是 20261101002"
  if (more.length === 1 && SLIP.test(between)) return [last.value];
  if (EITHER.test(between) || hasCorrectionMark(text)) return [];
  return [...new Set(meant.map((found) => found.value))];
}

/** The slot of a task that one order goes into. */
function orderSlot({ specOf }: Pick<Situation, 'specOf'>, dialog: string): string | undefined {
  const slots = specOf(dialog)?.spec.slots ?? {};
  return Object.keys(slots).find(
    (name) => slots[name]?.type === 'order-number' && !slots[name].optional,
  );
}

/** Whether a task takes one order, and the text names more than one for it. */
export function takesEach(s: Situation, dialog: string, text: string): boolean {
  return orderSlot(s, dialog) !== undefined && ordersIn(text).length > 1;
}

/** One start for each order, where the task takes one and the message tells several. */
export function startEach(s: Situation, start: Start, orders: readonly string[]): readonly Start[] {
  const slot = orderSlot(s, start.dialog);
  const { values = {}, ...more } = start.options;
  if (slot === undefined || orders.length === 0 || slot in values) return [start];
  return orders.map((order) => ({
    ...start,
    options: { ...more, values: { ...values, [slot]: order } },
    ...(orders.length === 1 ? {} : { of: order }),
  }));
}

/** The decision of the message where it is for several orders; `undefined` where it is not. */
export function forEachOrder(recall: Recall, read: Read, now: number): Read | undefined {
  const { situation: s, decision } = read;
  if (s.inbound.content.kind !== 'text' || s.said.tapped !== undefined) return undefined;
  if (decision.kind === 'start') {
    const told = ordersIn(s.said.text);
    const orders = told.length === 0 ? listed(s, recall) : told;
    const [first, ...later] = startEach(s, decision, orders);
    if (first === undefined || first === decision) return undefined;
    return { situation: s, decision: planOf(first, later, now) };
  }
  return answersOpenQuestion(s, decision, now) ?? allOfList(s, decision, recall, now);
}

function planOf(
  first: Start | (Decision & { readonly kind: 'continue' }),
  later: readonly Start[],
  at: number,
): Decision {
  if (later.length === 0) return first;
  return { kind: 'several', answers: [], first, later: later.map((s) => asPending(s, at)) };
}

/** A task as it waits. */
export function asPending({ dialog, options, carried, of }: Start, at: number): Pending {
  return {
    dialog,
    options,
    at,
    ...(carried === undefined ? {} : { carried }),
    ...(of === undefined ? {} : { of }),
  };
}

const ALL_ZH =
  /(?:[两俩几三四]|全|这些|那些)?(?:个|单|件|笔|部)?(?:订单)?(?:(?<!首)都|全部?|一起)(?!不|没|别|可以|行|好|是|怎|要不|会)/u;
const ALL_EN = /\b(?:both|all (?:of )?(?:them|these|those|orders)|all|every one|each)\b/u;
const NOT_ALL_EN =
  /\b(?:not|don't|dont|neither|at all|after all|all right|that's all|that is all|all day|first of all)\b/u;
/** Longest message that means the whole list, in characters. */
const LONGEST = { zh: 14, en: 40 } as const;

/** "两个都查", "both please": every one of those shown. */
export function meansAll(text: string, lang: Lang): boolean {
  const said = fold(text.slice(0, 100)).text.trim();
  if (said.length > LONGEST[lang] || /\d{5}/u.test(said)) return false;
  return lang === 'zh' ? ALL_ZH.test(said) : ALL_EN.test(said) && !NOT_ALL_EN.test(said);
}

/** The orders that were listed last, where the message means all of them. */
function listed({ said, understood }: Situation, recall: Recall): readonly string[] {
  if (recall.orders === undefined || !meansAll(said.text, understood.lang)) return [];
  return recall.orders.value.map((o) => o.value);
}

/** Asked for one order, the customer names several, or wants all of those offered. */
function answersOpenQuestion(s: Situation, decision: Decision, now: number): Read | undefined {
  const { active, said, understood } = s;
  const { frame, spec } = active?.waiting ?? {};
  const slot = frame?.slot;
  if (active === undefined || frame === undefined || slot === undefined) return undefined;
  if (slot !== orderSlot(s, active.id) || spec === undefined) return undefined;
  if (decision.kind !== 'continue' || understood.direct !== undefined) return undefined;
  const { move } = decision;
  if (move.kind !== 'miss' && move.kind !== 'command' && move.kind !== 'fill') return undefined;
  if (move.kind === 'fill' && slot in move.values) return undefined;
  const told = ordersIn(said.text);
  const { offered = [] } = frame;
  const all = meansAll(said.text, understood.lang) ? offered.map((o) => o.value) : [];
  const orders = told.length > 1 ? told : all;
  const [first, ...others] = orders;
  if (first === undefined || others.length === 0) return undefined;
  const values = { ...frame.values, ...(move.kind === 'fill' ? move.values : {}) };
  const later = others.map((order): Start => ({
    kind: 'start',
    dialog: active.id,
    options: { values: { ...values, [slot]: order } },
    of: order,
  }));
  const fill: Decision & { kind: 'continue' } = {
    kind: 'continue',
    move: { kind: 'fill', values: { ...values, [slot]: first } },
  };
  return { situation: s, decision: planOf(fill, later, now) };
}

/** "两个都查" behind the list, where no task is named that would start by itself. */
function allOfList(
  s: Situation,
  decision: Decision,
  recall: Recall,
  now: number,
): Read | undefined {
  const task = recall.task?.value;
  const open = ['miss', 'suggest', 'say'].includes(decision.kind);
  if (s.active !== undefined || !open || task === undefined) return undefined;
  const [first, ...later] = startEach(
    s,
    { kind: 'start', dialog: task, options: {} },
    listed(s, recall),
  );
  if (first?.of === undefined) return undefined;
  return { situation: s, decision: planOf(first, later, now) };
}
