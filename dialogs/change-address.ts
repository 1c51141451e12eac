import { address, confirm, defineDialog, done, orderNumber, stop } from '../src/dialog/index.ts';

export default defineDialog({
  id: 'change-address',
  intents: ['order.change-address'],
  slots: { orderId: orderNumber(), address: address(), sure: confirm() },
  check: {
    async orderId({ value, connectors }) {
      const order = await connectors.orders.find(value);
      if (order?.status === 'cancelled') return stop('cancelled', { id: value });
      return order?.status === 'paid' ? undefined : stop('too-late', { id: value });
    },
  },
  async complete({ values, connectors }) {
    if (!values.sure) return done('declined');
    await connectors.orders.updateAddress(values.orderId, values.address);
    return done('changed', { id: values.orderId, address: values.address });
  },
});
