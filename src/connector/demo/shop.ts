import type { OrderClient, OrderRecord } from '../orders.ts';
import data from './orders.json' with { type: 'json' };

/** The moment the demo data is told from. */
export const DEMO_NOW = Date.parse('2026-11-22T10:00:00+08:00');

const DAY = 86_400_000;
const KEYS_KEPT = 10_000;

/**
 * The demo shop's order system, in memory: a fresh copy of the demo data, its dates shifted by the
 * whole days between {@link DEMO_NOW} and `now`, so that the story stays the same on any day.
 */
export function demoShop(now: number): OrderClient {
  const days = Math.floor((now - DEMO_NOW) / DAY);
  const orders = new Map(
    (data as readonly OrderRecord[]).map((o) => [o.id, shift(o, days)] as const),
  );
  const done = new Set<string>();
  return {
    find: (id) => Promise.resolve(orders.get(id)),
    byPhone: (phone) =>
      Promise.resolve(
        [...orders.values()]
          .filter((o) => o.phone === phone)
          .sort((a, b) => (a.paidAt < b.paidAt ? 1 : -1)),
      ),
    updateAddress(id, address, key) {
      const order = orders.get(id);
      if (order !== undefined && !done.has(key)) {
        if (done.size >= KEYS_KEPT) done.clear();
        done.add(key);
        orders.set(id, { ...order, address });
      }
      return Promise.resolve();
    },
  };
}

function shift(order: OrderRecord, days: number): OrderRecord {
  const moved: Record<string, unknown> = { ...order };
  for (const [key, value] of Object.entries(order)) {
    if (typeof value !== 'string') continue;
    if (key.endsWith('At')) moved[key] = inShanghai(Date.parse(value) + days * DAY);
    else if (key === 'eta')
      moved[key] = inShanghai(Date.parse(`${value}T12:00:00+08:00`) + days * DAY).slice(0, 10);
  }
  return moved as unknown as OrderRecord;
}

function inShanghai(ms: number): string {
  return `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}
