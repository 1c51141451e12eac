/**
 * One message's life. The stages, in order, and where each lives:
 *
 * 1. accept      `channels/<name>` verifies and decodes; `Inbox.accept` stores it        (src/store)
 * 2. claim       `Inbox.work` hands it out, one at a time for each conversation          (src/store)
 * 3. understand  what it seems to mean                                                   (understand.ts)
 * 4. decide      one decision, chosen by a pure function                                 (decide.ts)
 *                both once more with what it points back at, or for each clause          (pointing.ts, several.ts)
 *                or for each order that it names, or of the order just talked about      (orders.ts, follow-up.ts)
 *                or what it says instead of what it takes back                           (second-thoughts.ts)
 * 5. act         dialog, answer, hand-off or ticket, written into a draft                (act.ts)
 * 6. commit      `Claim.commit` writes state, log, tickets and outbox in one transaction (src/store)
 * 7. deliver     `Outbox.work` calls the channel, where the channel does not read the log (deliver.ts)
 */
import { render } from './reply.ts';
import { act } from './act.ts';
import type { Situation } from './situation.ts';
import type { Decision } from './decision.ts';
import type { Draft } from './draft.ts';
import { followUp } from './follow-up.ts';
import { consideredAgain } from './look-again.ts';
import { forEachOrder } from './orders.ts';
import type { Parts } from './parts.ts';
import { stillWaiting } from './pending.ts';
import { pointed } from './pointing.ts';
import { readerOf } from './read.ts';
import { recallAt, recollect, type Recall } from './recall.ts';
import { severalIn } from './several.ts';
import { secondThought } from './second-thoughts.ts';
import { refusedTask } from './weigh.ts';
import { closeSession, openSession, remember, type Session } from './session.ts';
import type { Understood } from './understand.ts';
import { nextOwner } from '../handoff/handoff.ts';
import type { Knowledge } from '../knowledge/types.ts';
import type { Inbound, Lang } from '../message.ts';
import { conversationKey, type Claim, type Unit } from '../store/store.ts';
import { TurnTickets } from '../ticket/desk.ts';

/** What a turn did, beside the unit to commit: for logs, tests and `explain`. */
export interface TurnResult {
  readonly unit: Unit;
  readonly understood: Understood;
  readonly decision: Decision;
}

/** What a message was taken for and what is to be done about it; nothing is done yet. */
export interface Considered {
  readonly knowledge: Knowledge;
  /** With the clock's changes applied; the claim's own is left as it was. */
  readonly session: Session;
  readonly situation: Situation;
  readonly decision: Decision;
}

/** What a turn looks at of a claim. `seq` names the message in the trace; default 0. */
type Message = Pick<Claim, 'inbound' | 'session'> & { readonly seq?: number };

/**
 * Stages 3 and 4: from a claimed message to the decision. Pure: `explain` shows what it returns. The
 * message is read by itself first, then with what it points back at, then clause by clause.
 */
export function consider(parts: Parts, claim: Message): Considered {
  const { inbound, seq = 0 } = claim;
  const now = parts.clock.now();
  const knowledge = parts.knowledge();
  const session = { ...openSession(claim.session) };
  const recall = tick(session, inbound, now);
  const reader = readerOf(parts, knowledge, inbound, session, now);
  const plain = reader.message();
  const one =
    secondThought(reader, plain) ??
    severalIn(reader, plain, seq) ??
    pointed(reader, recall, plain) ??
    plain;
  const read = forEachOrder(recall, one, now) ?? followUp(reader, recall, one) ?? one;
  const { situation, decision } = read;
  const lang = decision.kind === 'language' ? decision.lang : session.wished;
  if (lang === undefined || lang === situation.understood.lang) {
    return { knowledge, session, ...read };
  }
  const understood = { ...situation.understood, lang };
  return { knowledge, session, situation: { ...situation, understood }, decision };
}

/** Stages 3 to 5: from a claimed message to the unit that is to be committed. Changes nothing itself. */
export async function runTurn(parts: Parts, claim: Message): Promise<TurnResult> {
  const considered = await consideredAgain(parts, (using) => consider(using, claim));
  const { knowledge, session, decision, situation } = considered;
  const { understood, said } = situation;
  const draft = newDraft(parts, knowledge, claim, session, understood, said.now);
  const refused = refusedTask(situation);
  const pending = (session.pending ?? []).filter((p) => p.dialog !== refused);
  if (pending.length === 0) delete session.pending;
  else session.pending = pending;
  await act(parts, draft, decision);
  if (session.recall !== undefined) recollect(session.recall, draft);
  const unit = unitOf(parts, draft);
  return { unit, understood: withCarriedLater(understood, draft), decision };
}

/** Tasks that waited were given their values in the act: the trace names these too. */
function withCarriedLater(understood: Understood, draft: Draft): Understood {
  const known = understood.carried ?? [];
  const later = draft.carried.filter(
    (c) => !known.some((k) => k.what === c.what && k.value === c.value),
  );
  return later.length === 0 ? understood : { ...understood, carried: [...known, ...later] };
}

/** What time alone changes, before the message is looked at. */
function tick(session: Session, { address, content }: Inbound, now: number): Recall {
  // A person who has gone quiet hands the conversation back.
  const owner = nextOwner(now, session.handoff, { kind: 'tick' });
  if (owner === undefined) delete session.handoff;
  const pending = stillWaiting(session.pending, now);
  if (pending.length === 0) delete session.pending;
  else session.pending = [...pending];
  const counts = content.kind !== 'event' && content.kind !== 'agent';
  const user = counts ? address.user : (session.recall?.user ?? address.user);
  session.recall = recallAt(session.recall, { user, at: now, counts });
  return session.recall;
}

function newDraft(
  parts: Parts,
  knowledge: Knowledge,
  { inbound, seq = 0 }: Message,
  session: Session,
  { lang }: Understood,
  now: number,
): Draft {
  if (inbound.content.kind !== 'agent') session.lang = lang;
  const tickets = new TurnTickets(
    parts.store.tickets,
    { address: inbound.address, lang, now },
    {
      subject: (kind, { orderId }) =>
        [kindOf(knowledge, kind, lang), orderId].filter(isWord).join(' '),
      state: (state) => knowledge.text(`ticket.state.${state}`, lang),
    },
  );
  return {
    inbound,
    now,
    lang,
    knowledge,
    key: `${conversationKey(inbound.address)}:${inbound.id}`,
    seq,
    session,
    replies: [],
    tickets,
    noted: [],
    begun: [],
    carried: [],
    labels: [],
  };
}

function kindOf(knowledge: Knowledge, kind: string, lang: Lang): string {
  const key = `ticket.kind.${kind}`;
  return knowledge.hasText(key) ? knowledge.text(key, lang) : kind;
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function unitOf(parts: Parts, draft: Draft): Unit {
  const { session, inbound, replies } = draft;
  remember(session, replies, parts.dialogs.active(session.stack) !== undefined);
  const channel = parts.channels.get(inbound.address.channel);
  return {
    session: closeSession(session),
    replies: render(replies, channel, draft),
    push: channel?.capabilities.delivery === 'push',
    tickets: draft.tickets.writes,
    ...(draft.labels.length === 0 ? {} : { labels: draft.labels }),
  };
}
