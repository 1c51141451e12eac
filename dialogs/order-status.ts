import { defineDialog, done, orderNumber, titleOf } from '../src/dialog/index.ts';

export default defineDialog({
  id: 'order-status',
  intents: ['order.status'],
  readOnly: true,
  slots: { orderId: orderNumber() },
  async complete({ values, connectors, lang }) {
    const order = await connectors.orders.find(values.orderId);
    const { id, status } = order ?? { id: values.orderId, status: 'cancelled' as const };
    const day = (at: string | undefined): string => at?.slice(0, 10) ?? '-';
    const parcel = {
      id,
      carrier: (lang === 'zh' ? order?.carrier : order?.carrierEn) ?? '-',
      tracking: order?.tracking ?? '-',
    };
    switch (status) {
      case 'paid':
        return done('paid', { id, items: order === undefined ? '-' : titleOf(order, lang) });
      case 'shipped':
        return done('shipped', { ...parcel, eta: order?.eta ?? '-' });
      case 'delivered':
        return done('delivered', { ...parcel, date: day(order?.deliveredAt) });
      case 'cancelled':
        return done('cancelled', { id, date: day(order?.cancelledAt) });
    }
  },
});
