import {
  choice,
  creditCode,
  defineDialog,
  done,
  email,
  orderNumber,
  stop,
  text,
} from '../src/dialog/index.ts';

export default defineDialog({
  id: 'invoice',
  intents: ['order.invoice'],
  slots: {
    orderId: orderNumber(),
    invoiceType: choice(['personal', 'company']),
    title: text({ min: 1, max: 100, names: true }),
    taxId: creditCode(),
    email: email(),
  },
  when: { taxId: (v) => v.invoiceType === 'company' },
  dependsOn: { title: ['invoiceType'] },
  check: {
    async orderId({ value, connectors }) {
      const order = await connectors.orders.find(value);
      return order?.status === 'cancelled' ? stop('cancelled', { id: value }) : undefined;
    },
  },
  async complete({ values, tickets }) {
    const { orderId, invoiceType, title, taxId, email: to } = values;
    const ticket = await tickets.open({
      kind: 'invoice',
      fields: { orderId, invoiceType, title, taxId, email: to },
    });
    return done('opened', { number: ticket.number, email: to });
  },
});
