import type { TurnTickets } from '../ticket/desk.ts';
import type { Carried, Inbound, Lang, Reply } from '../message.ts';
import type { Noted } from '../dialog/box.ts';
import type { LabelWrite } from '../store/store.ts';
import type { Knowledge } from '../knowledge/types.ts';
import type { Session } from './session.ts';

/** What one turn is making. It is thrown away whole where the turn fails. */
export interface Draft {
  readonly inbound: Inbound;
  readonly now: number;
  readonly lang: Lang;
  readonly knowledge: Knowledge;
  /** Makes outside calls of this turn idempotent: conversation and inbound id. */
  readonly key: string;
  /** Line of the log that the message is. */
  readonly seq: number;
  readonly session: Session;
  readonly replies: Reply[];
  readonly tickets: TurnTickets;
  /** Orders that dialogs were told or have shown. */
  readonly noted: Noted[];
  /** What dialogs that began were given from earlier. */
  readonly carried: Carried[];
  /** Dialogs that began. */
  readonly begun: string[];
  readonly labels: LabelWrite[];
}

/** Adds a bubble from a wording. */
export function sayText(
  draft: Draft,
  key: string,
  vars: Readonly<Record<string, string>> = {},
  more: { readonly vary?: number; readonly choices?: Reply['choices'] } = {},
): void {
  const text = draft.knowledge.text(key, draft.lang, vars, more.vary);
  const { choices } = more;
  draft.replies.push({ from: 'bot', text, key, ...(choices === undefined ? {} : { choices }) });
}

/** Choices from wordings: `[value, wording key]`. */
export function choicesOf(
  draft: Draft,
  ...pairs: readonly (readonly [value: string, key: string])[]
): Reply['choices'] {
  return pairs.map(([value, key]) => ({ value, title: draft.knowledge.text(key, draft.lang) }));
}
