/** Starts tasks: with what was carried into them told, and those that waited after the one before. */
import type { Outcome } from '../dialog/outcome.ts';
import { runDialog } from './act-dialog.ts';
import { withCarried, type Carry } from './carry.ts';
import type { Decision } from './decision.ts';
import { sayText, type Draft } from './draft.ts';
import type { Parts } from './parts.ts';

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

/** Names of tasks one after the other. */
export function namesOf(draft: Draft, dialogs: readonly string[]): string {
  const names = dialogs.map((id) => draft.knowledge.text(`${id}.name`, draft.lang));
  const joined = (first: string, then: string): string =>
    draft.knowledge.text('several.joint', draft.lang, { first, then });
  return names.slice(1).reduce(joined, names[0] ?? '');
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
  sayText(draft, 'several.next', { name: draft.knowledge.text(`${dialog}.name`, draft.lang) });
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
