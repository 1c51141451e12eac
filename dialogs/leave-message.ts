import { defineDialog, done, text } from '../src/dialog/index.ts';

export default defineDialog({
  id: 'leave-message',
  intents: ['ticket.new'],
  slots: { message: text({ min: 2, max: 1000 }) },
  async complete({ values, tickets }) {
    const ticket = await tickets.open({
      kind: 'message',
      subject: values.message,
      fields: { message: values.message },
    });
    return done('opened', { number: ticket.number });
  },
});
