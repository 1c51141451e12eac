import { defineDialog, done, orderNumber, phone, text } from '../src/dialog/index.ts';

export default defineDialog({
  id: 'complaint',
  intents: ['complaint'],
  opening: 'topic',
  slots: {
    topic: text({ min: 2, max: 1000 }),
    orderId: orderNumber({ optional: true }),
    phone: phone(),
  },
  async complete({ values, tickets }) {
    const ticket = await tickets.open({
      kind: 'complaint',
      priority: 'high',
      subject: values.topic,
      fields: { topic: values.topic, orderId: values.orderId, phone: values.phone },
    });
    return done('opened', { number: ticket.number, phone: values.phone });
  },
});
