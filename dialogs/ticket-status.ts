import { defineDialog, done, retry, ticketNumber } from '../src/dialog/index.ts';

export default defineDialog({
  id: 'ticket-status',
  intents: ['ticket.status'],
  readOnly: true,
  slots: { number: ticketNumber() },
  check: {
    async number({ value, tickets }) {
      const ticket = await tickets.find(value);
      return ticket === undefined ? retry('unknown', { number: value }) : undefined;
    },
  },
  async complete({ values, tickets }) {
    const ticket = await tickets.find(values.number);
    if (ticket === undefined) return done('unknown', { number: values.number });
    return done('state', {
      number: ticket.number,
      subject: ticket.subject,
      state: ticket.stateText,
      date: new Date(ticket.openedAt + 8 * 3_600_000).toISOString().slice(0, 10),
    });
  },
});
