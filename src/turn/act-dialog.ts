import { createTurn, repliesOf } from '../channel/bot-adapter.ts';
import type { DialogBox } from '../dialog/box.ts';
import type { Move } from '../dialog/interpret.ts';
import type { Outcome } from '../dialog/outcome.ts';
import type { Action } from '../dialog/run.ts';
import type { Draft } from './draft.ts';
import type { Parts } from './parts.ts';

/** Runs one action on the conversation's dialogs. Answers how the last dialog to end ended. */
export async function runDialog(
  parts: Parts,
  draft: Draft,
  action: Action,
  move?: Move,
): Promise<Outcome | undefined> {
  const { knowledge, lang, session } = draft;
  const box: DialogBox = {
    lang,
    now: draft.now,
    connectors: parts.connectors(draft.key),
    tickets: draft.tickets,
    writes: () => draft.tickets.writes.length,
    wording: {
      text: (key, l, vars, vary) => knowledge.text(key, l, vars, vary),
      has: (key) => knowledge.hasText(key),
    },
    dialogWording: (id) => parts.wordingOf(knowledge, id),
    noted: draft.noted,
    ...(move === undefined ? {} : { move }),
  };
  const context = createTurn(draft.inbound, lang);
  session.stack = await parts.dialogs.run(context, session.stack, box, action);
  draft.replies.push(...repliesOf(context.bufferedReplyActivities));
  return box.outcome;
}
