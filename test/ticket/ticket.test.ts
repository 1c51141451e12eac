import { expect } from 'chai';
import fc from 'fast-check';
import type { TicketState } from '../../src/store/store.ts';
import {
  addToTicket,
  moveTicket,
  openTicket,
  TICKET_MOVES,
  type TicketAction,
} from '../../src/ticket/ticket.ts';
import { NOW } from '../support/content.ts';

const ACTIONS: TicketAction[] = ['take', 'ask-customer', 'customer-adds', 'solve', 'close'];
const STATES = Object.keys(TICKET_MOVES) as TicketState[];
const address = { channel: 'web', account: 'default', conversation: 'c', user: 'u' };

function ticket(subject = 'x') {
  return openTicket({ number: '100001', kind: 'return', subject, address, lang: 'zh', now: NOW });
}

describe('ticket', () => {
  it('starts new, with its first history entry and normal priority', () => {
    const made = ticket();
    expect(made.ticket).to.include({ state: 'new', priority: 'normal', number: '100001' });
    expect(made.write).to.deep.include({ kind: 'open', ticket: made.ticket });
  });

  it('never leaves the declared states, and never leaves closed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...STATES),
        fc.array(fc.constantFrom(...ACTIONS)),
        (from, acts) => {
          let state: TicketState = from;
          for (const action of acts) {
            const next = moveTicket(state, action);
            if (state === 'closed') expect(next).to.equal(undefined);
            if (next === undefined) continue;
            expect(STATES).to.include(next);
            state = next;
          }
        },
      ),
    );
  });

  it('opens again when the customer adds to a solved one, and refuses a closed one', () => {
    const { ticket: made } = ticket();
    const added = addToTicket({ ...made, state: 'solved' }, '还没好', NOW);
    expect(added).to.deep.include({ kind: 'change', state: 'open' });
    expect(addToTicket({ ...made, state: 'closed' }, '还没好', NOW)).to.equal(undefined);
  });

  it('cuts a long subject between graphemes', () => {
    const { subject } = ticket('👩‍👩‍👧‍👦'.repeat(300)).ticket;
    expect([...new Intl.Segmenter().segment(subject)]).to.have.length(120);
  });
});
