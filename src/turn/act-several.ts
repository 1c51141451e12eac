/** Starts tasks: with what was carried into them told, and those that waited after the one before. */
import type { Outcome } from '../dialog/outcome.ts';
import { runDialog } from './act-dialog.ts';
import { withCarried, type Carry } from './carry.ts';
import type { Decision } from './decision.ts';
import { sayText, type Draft } from './draft.ts';
import { ordersIn } from './orders.ts';
import type { Parts } from './parts.ts';
import type { Pending } from './pending.ts';

type Start = Decision & { readonly kind: 'start' };

/** Begins a dialog. What it was given from earlier messages is said, unless the dialog says it itself. */
export async function begin(
  parts: Parts,
  draft: Draft,
  { dialog, options, carried = [] }: Pick<Start, 'dialog' | 'options' | 'carried'>,
): Promise<Outcome | undefined> {
  const from = draft.replies.length;
  draft.begun.push(dialog);
  draft.carried.push(...carried);
  const outcome = await runDialog(parts, draft, { kind: 'begin', dialog, options });
  const said = draft.replies.slice(from);
  for (const { what, value } of carried) {
    if (said.some((r) => r.text.includes(value))) continue;
    const key = `carried.${what}`;
    const text = draft.knowledge.text(key, draft.lang, { id: value });
    draft.replies.splice(from, 0, { from: 'bot', text, key });
  }
  return outcome;
}

type Task = Pick<Pending, 'dialog' | 'of'>;

/** Names of tasks one after the other, each once. */
export function namesOf(draft: Draft, tasks: readonly Task[]): string {
  const dialogs = [...new Set(tasks.map((t) => t.dialog))];
  return joined(
    draft,
    dialogs.map((id) => draft.knowledge.text(`${id}.name`, draft.lang)),
  );
}

/** What could not be kept in mind: the orders, where it is one task for more of them. */
export function lostNames(draft: Draft, lost: readonly Task[]): string {
  const orders = lost.flatMap((task) => task.of ?? []);
  return orders.length === lost.length ? listOf(draft, orders) : namesOf(draft, lost);
}

function listOf({ lang }: Draft, ids: readonly string[]): string {
  return ids.join(lang === 'zh' ? '、' : ', ');
}

/** What is done first and what waits. Of look-ups for several orders nothing is said: the answers follow. */
export function sayPlan(
  parts: Parts,
  draft: Draft,
  first: (Decision & { kind: 'several' })['first'],
  waiting: readonly Pending[],
): void {
  const own = first?.kind === 'start' ? first.dialog : activeId(parts, draft);
  const again = waiting.filter((p) => p.dialog === own && p.of !== undefined);
  const others = waiting.filter((p) => !again.includes(p));
  if (again.length > 0 && parts.dialogs.specOf(own ?? '')?.readOnly !== true) {
    const one = first?.kind === 'start' ? first.of : orderIn(first);
    const ids = [one, ...again.map((p) => p.of)].flatMap((id) => id ?? []);
    sayText(draft, 'several.orders', { ids: listOf(draft, ids) });
  }
  if (others.length === 0) return;
  const then = namesOf(draft, others);
  if (first?.kind !== 'start') sayText(draft, 'several.later', { then });
  else sayText(draft, 'several.plan', { first: namesOf(draft, [first]), then });
}

function activeId(parts: Parts, { session }: Draft): string | undefined {
  return parts.dialogs.active(session.stack)?.id;
}

/** The order that an answer tells. */
function orderIn(first: (Decision & { kind: 'several' })['first']): string | undefined {
  if (first?.kind !== 'continue' || first.move.kind !== 'fill') return undefined;
  return Object.values(first.move.values).find(
    (v): v is string => typeof v === 'string' && ordersIn(v).length === 1,
  );
}

function joined(draft: Draft, names: readonly string[]): string {
  const join = (first: string, then: string): string =>
    draft.knowledge.text('several.joint', draft.lang, { first, then });
  return names.slice(1).reduce(join, names[0] ?? '');
}

/** The next task that waits, as a start; takes it from the queue. */
export function nextPending(parts: Parts, draft: Draft): Start | undefined {
  const { session } = draft;
  const idle = parts.dialogs.active(session.stack) === undefined;
  const [next, ...rest] = session.pending ?? [];
  if (!idle || session.handoff !== undefined || next === undefined) return undefined;
  if (rest.length === 0) delete session.pending;
  else session.pending = rest;
  const { dialog, options, carried } = next;
  if (!parts.dialogs.has(dialog)) return nextPending(parts, draft);
  const name = draft.knowledge.text(`${dialog}.name`, draft.lang);
  if (next.of === undefined) sayText(draft, 'several.next', { name });
  else if (parts.dialogs.specOf(dialog)?.readOnly !== true) {
    sayText(draft, 'several.next-order', { name, id: next.of });
  }
  const start: Start = {
    kind: 'start',
    dialog,
    options,
    ...(carried === undefined ? {} : { carried }),
  };
  return withCarried(
    { specOf: (id) => specOf(parts, draft, id) },
    start,
    orderSince(draft, next.at),
  );
}

function specOf(parts: Parts, draft: Draft, id: string) {
  const spec = parts.dialogs.specOf(id);
  return spec === undefined ? undefined : { spec, wording: parts.wordingOf(draft.knowledge, id) };
}

/** The order that was told since the task began to wait. */
function orderSince({ noted, session, seq }: Draft, at: number): readonly Carry[] {
  const now = noted.findLast((n) => n.kind === 'order');
  if (now !== undefined) return [{ what: 'order', value: now.id, from: seq }];
  const { order } = session.recall ?? {};
  if (order === undefined || order.at < at) return [];
  return [{ what: 'order', value: order.value, from: order.seq }];
}
