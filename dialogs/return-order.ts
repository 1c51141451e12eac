import {
  choice,
  confirm,
  defineDialog,
  done,
  image,
  orderNumber,
  stop,
  titleOf,
} from '../src/dialog/index.ts';

const DAY = 86_400_000;
/** Days after delivery within which an item may come back, by reason. */
const DAYS = { quality: 30, 'wrong-item': 30, 'changed-mind': 7 } as const;

export default defineDialog({
  id: 'return-order',
  intents: ['order.return'],
  slots: {
    orderId: orderNumber(),
    reason: choice(['quality', 'wrong-item', 'changed-mind']),
    photo: image({ optional: true }),
    sure: confirm(),
  },
  when: { photo: (v) => v.reason === 'quality' || v.reason === 'wrong-item' },
  check: {
    async orderId({ value, connectors }) {
      const order = await connectors.orders.find(value);
      if (order?.status === 'cancelled') return stop('cancelled', { id: value });
      return order?.deliveredAt === undefined ? stop('not-delivered', { id: value }) : undefined;
    },
    async reason({ value, values, connectors, now, lang }) {
      const order = await connectors.orders.find(values.orderId ?? '');
      if (order?.deliveredAt === undefined) return undefined;
      const days = DAYS[value];
      const until = Date.parse(order.deliveredAt) + days * DAY;
      if (now > until) {
        return stop('too-late', { id: order.id, days, date: order.deliveredAt.slice(0, 10) });
      }
      const fixed = order.items.filter((i) => !i.returnable);
      return value === 'changed-mind' && fixed.length === order.items.length
        ? stop('not-returnable', { items: titleOf({ ...order, items: fixed }, lang) })
        : undefined;
    },
  },
  async vars({ values, connectors, lang }) {
    if (values.orderId === undefined) return {};
    const order = await connectors.orders.find(values.orderId);
    return order === undefined ? {} : { items: titleOf(order, lang) };
  },
  async complete({ values, tickets }) {
    if (!values.sure) return done('declined');
    const ticket = await tickets.open({
      kind: 'return',
      fields: { orderId: values.orderId, reason: values.reason, photo: values.photo },
    });
    return done('opened', { number: ticket.number });
  },
});
