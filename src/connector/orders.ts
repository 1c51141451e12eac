/** The order system as the rest of the system calls it: any client behind {@link guard}. */
import { guard, type CallLimits } from './call.ts';

/** An order; the shape dialogs work with (`src/dialog/ports.ts` declares the same). */
export interface OrderRecord {
  readonly id: string;
  readonly phone: string;
  readonly name: string;
  readonly status: 'paid' | 'shipped' | 'delivered' | 'cancelled';
  readonly paidAt: string;
  readonly shippedAt?: string;
  readonly deliveredAt?: string;
  readonly cancelledAt?: string;
  readonly carrier?: string;
  readonly carrierEn?: string;
  readonly tracking?: string;
  readonly eta?: string;
  readonly items: readonly {
    readonly sku: string;
    readonly title: string;
    readonly titleEn: string;
    readonly qty: number;
    readonly price: number;
    readonly returnable: boolean;
  }[];
  readonly amount: number;
  readonly currency: string;
  readonly address: string;
}

/** What a client of an order system implements. Aborted by `signal`; throws OutsideError or anything. */
export interface OrderClient {
  find(id: string, signal: AbortSignal): Promise<OrderRecord | undefined>;
  byPhone(phone: string, signal: AbortSignal): Promise<readonly OrderRecord[]>;
  /** The same `key` twice must change once. */
  updateAddress(id: string, address: string, key: string, signal: AbortSignal): Promise<void>;
}

/** The guarded order system; `forTurn` binds the idempotency key of a turn to it. */
export interface OrderSystem {
  forTurn(key: string): {
    find(id: string): Promise<OrderRecord | undefined>;
    byPhone(phone: string): Promise<readonly OrderRecord[]>;
    updateAddress(id: string, address: string): Promise<void>;
  };
}

/** Puts limits around an order client. Keys are `<turn key>:<step>`: a re-run turn asks for the same. */
export function orderSystem(client: OrderClient, limits?: CallLimits): OrderSystem {
  const call = guard('orders', limits);
  return {
    forTurn(key) {
      return {
        find: (id) => call('find', (signal) => client.find(id, signal)),
        byPhone: (phone) => call('byPhone', (signal) => client.byPhone(phone, signal)),
        updateAddress: (id, address) =>
          call('updateAddress', (signal) =>
            client.updateAddress(id, address, `${key}:update-address:${id}`, signal),
          ),
      };
    },
  };
}
