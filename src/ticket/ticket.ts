/** The rules of tickets: states, moves and numbers. No I/O: what changes is returned as writes. */
import type { Address, Lang } from '../message.ts';
import type {
  JsonObject,
  Ticket,
  TicketPriority,
  TicketState,
  TicketWrite,
} from '../store/store.ts';

/** What can happen to a ticket. */
export type TicketAction = 'take' | 'ask-customer' | 'customer-adds' | 'solve' | 'close';

/** The declared state machine; a move that is not listed is impossible. */
export const TICKET_MOVES: Readonly<
  Record<TicketState, Readonly<Partial<Record<TicketAction, TicketState>>>>
> = {
  new: {
    take: 'open',
    'ask-customer': 'pending-customer',
    'customer-adds': 'new',
    solve: 'solved',
    close: 'closed',
  },
  open: {
    take: 'open',
    'ask-customer': 'pending-customer',
    'customer-adds': 'open',
    solve: 'solved',
    close: 'closed',
  },
  'pending-customer': {
    take: 'open',
    'customer-adds': 'open',
    solve: 'solved',
    close: 'closed',
  },
  solved: { take: 'open', 'customer-adds': 'open', close: 'closed' },
  closed: {},
};

/** The state after an action; `undefined` where it is not allowed. */
export function moveTicket(state: TicketState, action: TicketAction): TicketState | undefined {
  return TICKET_MOVES[state][action];
}

/** What a new ticket is made of. */
export interface TicketDraft {
  readonly number: string;
  readonly kind: string;
  readonly subject: string;
  readonly priority?: TicketPriority;
  readonly fields?: JsonObject;
  readonly address: Address;
  readonly lang: Lang;
  readonly now: number;
}

const SUBJECT_LENGTH = 120;

function cut(text: string, most: number): string {
  const graphemes = new Intl.Segmenter().segment(text);
  return Array.from(graphemes, (g) => g.segment)
    .slice(0, most)
    .join('');
}

/** A new ticket with its first history entry. Priority defaults to `normal`. */
export function openTicket(draft: TicketDraft): { ticket: Ticket; write: TicketWrite } {
  const ticket: Ticket = {
    number: draft.number,
    kind: draft.kind,
    subject: cut(draft.subject, SUBJECT_LENGTH),
    priority: draft.priority ?? 'normal',
    state: 'new',
    address: draft.address,
    lang: draft.lang,
    fields: draft.fields ?? {},
    openedAt: draft.now,
    updatedAt: draft.now,
  };
  return {
    ticket,
    write: {
      kind: 'open',
      ticket,
      event: { at: draft.now, by: 'bot', kind: 'opened', text: ticket.subject },
    },
  };
}

/** The customer adds words; `undefined` where the ticket is closed for good. */
export function addToTicket(ticket: Ticket, text: string, now: number): TicketWrite | undefined {
  const state = moveTicket(ticket.state, 'customer-adds');
  if (state === undefined) return undefined;
  return {
    kind: 'change',
    number: ticket.number,
    state,
    event: { at: now, by: 'customer', kind: 'note', text },
  };
}
