import { nextOwner } from '../handoff/handoff.ts';
import { sayText, type Draft } from './draft.ts';
import type { Parts } from './parts.ts';

/** Passes the conversation to a person; where nobody is on duty the request becomes a ticket. */
export async function passToPerson(parts: Parts, draft: Draft, reason: string): Promise<void> {
  const { session, now } = draft;
  if (parts.onDuty(now)) {
    const owner = nextOwner(now, session.handoff, { kind: 'request', reason });
    if (owner !== undefined) session.handoff = owner;
    sayText(draft, 'handoff.queued');
    return;
  }
  const already = await openAlready(draft);
  const number = already ?? (await openTicket(draft, reason));
  session.personTicket = number;
  const key = already === undefined ? 'handoff.off-duty' : 'handoff.off-duty-already';
  sayText(draft, key, { number });
}

async function openAlready({ session, tickets }: Draft): Promise<string | undefined> {
  if (session.personTicket === undefined) return undefined;
  const ticket = await tickets.find(session.personTicket);
  return ticket?.state === 'new' || ticket?.state === 'open' ? ticket.number : undefined;
}

async function openTicket(draft: Draft, reason: string): Promise<string> {
  const { content } = draft.inbound;
  const ticket = await draft.tickets.open({
    kind: 'human',
    fields: { reason, message: 'text' in content ? content.text.slice(0, 500) : '' },
  });
  return ticket.number;
}
