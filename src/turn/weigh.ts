/** What the words ask for: a task, a command or an entry, and how sure that is. */
import { newFrame } from '../dialog/frame.ts';
import { spot } from '../dialog/read-slot.ts';
import { FAQ_INTENT } from '../knowledge/types.ts';
import type { ScoredIntent } from '../message.ts';
import type { Decision } from './decision.ts';
import { ordersIn, takesEach } from './orders.ts';
import type { Situation } from './situation.ts';

/** How sure the recognizer must be, by what is at stake. */
export const SURE = {
  /** To start a task from the idle state. */
  start: 0.5,
  /** To start one that the message holds a value for. */
  hint: 0.15,
  /** What such a task must be ahead of the next by, unless it only looks things up. */
  hintMargin: 0.05,
  /** What an answer must be ahead of the next entry by: two may have the very question. */
  margin: 0.08,
  /** To answer from an entry although the message holds a value for a task. */
  overEntity: 0.8,
  /** To start a task that the same message seems to refuse. */
  plain: 0.85,
  /** To leave a task for another. */
  change: 0.6,
  /** To take a message for a command while a question is open. */
  command: 0.6,
  /** To take a message away from a slot that takes any text. */
  overText: 0.85,
} as const;

/** Beside one that is worth offering, others are from this part of its threshold on. */
const BESIDE = 0.2;
/** How many similar questions are offered. */
const MOST_SUGGESTED = 5;
const COMMAND = 'command.';

/** The task that the message says it does not want. */
export function refusedTask(s: Situation): string | undefined {
  const { negated } = s.understood;
  return negated === undefined ? undefined : s.dialogOf.get(negated);
}

/** The task that the words ask for, where the recognizer is sure enough. */
export function taskOf(s: Situation, sure: number): string | undefined {
  const best = s.understood.intents.find(
    (i) => !i.intent.startsWith(COMMAND) && !i.intent.startsWith(FAQ_INTENT) && !isDeaf(s, i),
  );
  const top = s.understood.intents[0];
  if (best === undefined || top === undefined) return undefined;
  const leads = best.score >= top.score || top.score - best.score < 0.1;
  return best.score >= sure && leads ? s.dialogOf.get(best.intent) : undefined;
}

/** The message tells orders, and the task asks for tickets: it is not what is meant. */
function isDeaf(s: Situation, { intent }: ScoredIntent): boolean {
  const { slots = {} } = s.specOf(s.dialogOf.get(intent) ?? '')?.spec ?? {};
  const types = Object.values(slots).map((slot) => slot.type);
  const asksTicket = types.includes('ticket-number') && !types.includes('order-number');
  return asksTicket && ordersIn(s.said.text).length > 1;
}

/** Beyond doubt: the wish stands in the rest of a message that refuses the same task in its first part. */
export function isPlain({ understood: { intents } }: Situation): boolean {
  return (intents[0]?.score ?? 0) >= SURE.plain;
}

/** A task that the words only hint at, where the message holds a value that the task asks for first. */
export function taskByEntity(s: Situation): string | undefined {
  if ((bestEntry(s.understood.intents)?.score ?? 0) >= SURE.overEntity) return undefined;
  const dialog = hintedTask(s);
  return dialog === undefined || !takesValue(s, dialog) ? undefined : dialog;
}

/** Whether the message holds what the task asks for first. */
function takesValue(s: Situation, dialog: string): boolean {
  const known = s.specOf(dialog);
  const first = Object.keys(known?.spec.slots ?? {})[0];
  if (known === undefined || first === undefined) return false;
  if (takesEach(s, dialog, s.said.text)) return true;
  return first in spot({ ...known, frame: newFrame(known.spec, {}) }, s.said);
}

/** The task that is hinted at most; of some that are close, the one that only looks things up, or none. */
function hintedTask(s: Situation): string | undefined {
  const likely = s.understood.intents.filter(
    (i) => s.dialogOf.has(i.intent) && i.score >= SURE.hint && !isDeaf(s, i),
  );
  const sure = (likely[0]?.score ?? 0) >= SURE.start;
  // Of unsure ones those count that can do something with the value.
  const hints = sure ? likely : likely.filter((i) => takesValue(s, s.dialogOf.get(i.intent) ?? ''));
  const best = hints[0]?.score ?? 0;
  const close = hints.filter((i) => best - i.score < SURE.hintMargin);
  const dialogs = close.flatMap((i) => s.dialogOf.get(i.intent) ?? []);
  if (best >= SURE.start || new Set(dialogs).size === 1) return dialogs[0];
  return dialogs.find((d) => s.specOf(d)?.spec.readOnly === true);
}

export function commandOf(s: Situation, sure: number): string | undefined {
  const top = s.understood.intents[0];
  return top !== undefined && top.score >= sure && top.intent.startsWith(COMMAND)
    ? top.intent.slice(COMMAND.length)
    : undefined;
}

function bestEntry(intents: readonly ScoredIntent[]): ScoredIntent | undefined {
  return intents.find(isEntry);
}

function isEntry({ intent }: ScoredIntent): boolean {
  return intent.startsWith(FAQ_INTENT);
}

/** An answer, or similar questions to choose from. */
export function knowledgeOf(s: Situation): (Decision & { kind: 'answer' | 'suggest' }) | undefined {
  const [hit, runnerUp] = s.understood.hits;
  if (hit === undefined || hit.score < s.thresholds.suggest) return undefined;
  const clear = hit.score - (runnerUp?.score ?? 0) >= SURE.margin;
  if (hit.score >= s.thresholds.answer && clear) {
    return { kind: 'answer', hit, ...(runnerUp === undefined ? {} : { runnerUp }) };
  }
  const hits = s.understood.hits.filter((h) => h.score >= s.thresholds.suggest * BESIDE);
  return { kind: 'suggest', hits: hits.slice(0, MOST_SUGGESTED) };
}

/**
 * Where a task and an entry both fit: a how, when or may-I question goes to knowledge, the rest starts
 * the task, and an exact match decides by itself.
 */
export function prefersKnowledge(
  s: Situation,
  known: (Decision & { kind: 'answer' | 'suggest' }) | undefined,
): boolean {
  const { exact, intents, question } = s.understood;
  if (exact !== undefined) return exact.startsWith(FAQ_INTENT);
  if (known?.kind !== 'answer') return false;
  const task = intents.find((i) => s.dialogOf.has(i.intent))?.score ?? 0;
  const entry = bestEntry(intents)?.score ?? 0;
  return question ? entry >= task - 0.2 : entry > task + 0.3;
}
