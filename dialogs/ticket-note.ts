import { defineDialog, done, retry, text, ticketNumber } from '../src/dialog/index.ts';

export default defineDialog({
  id: 'ticket-note',
  intents: ['ticket.note'],
  slots: { number: ticketNumber(), note: text({ min: 2, max: 1000 }) },
  check: {
    async number({ value, tickets }) {
      const ticket = await tickets.find(value);
      return ticket === undefined ? retry('unknown', { number: value }) : undefined;
    },
  },
  async complete({ values, tickets }) {
    const { number, note } = values;
    return done((await tickets.add(number, note)) ? 'added' : 'closed', { number });
  },
});
