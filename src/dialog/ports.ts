/** What dialogs need from the rest of the system, declared here so that imports point one way. */
import type { Lang } from '../message.ts';

/** One line of an order. Prices are in the order's currency, in major units. */
export interface OrderItem {
  readonly sku: string;
  readonly title: string;
  readonly titleEn: string;
  readonly qty: number;
  readonly price: number;
  readonly returnable: boolean;
}

/** An order as the order system knows it. Times are ISO 8601 with offset, `eta` is a date. */
export interface Order {
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
  readonly items: readonly OrderItem[];
  readonly amount: number;
  readonly currency: string;
  readonly address: string;
}

/**
 * The order system. Every call has a time limit, bounded retries and a circuit breaker;
 * calls that change something take the turn's idempotency key by themselves.
 * @throws OutsideError when the system can't be reached: the customer is told so and may try again
 */
export interface Orders {
  find(id: string): Promise<Order | undefined>;
  /** Newest first; empty where the phone placed none. */
  byPhone(phone: string): Promise<readonly Order[]>;
  updateAddress(id: string, address: string): Promise<void>;
}

/** Connected systems, by name. */
export interface Connectors {
  readonly orders: Orders;
}

/** What a dialog may say of a new ticket. */
export interface NewTicket {
  readonly kind: string;
  /** One line for the support team; default: the dialog's name and what was collected. */
  readonly subject?: string;
  readonly priority?: 'low' | 'normal' | 'high' | 'urgent';
  readonly fields?: Readonly<Record<string, string | number | boolean | null | undefined>>;
}

/** A ticket as a dialog sees it. */
export interface TicketView {
  readonly number: string;
  readonly kind: string;
  readonly subject: string;
  readonly state: string;
  /** The state in the customer's words. */
  readonly stateText: string;
  readonly openedAt: number;
}

/** Tickets of this customer. What is opened here is written with the turn, or not at all. */
export interface TicketDesk {
  open(ticket: NewTicket): Promise<TicketView>;
  /** Only the customer's own; `undefined` for anybody else's. */
  find(number: string): Promise<TicketView | undefined>;
  /** The customer's tickets, newest first. */
  mine(): Promise<readonly TicketView[]>;
  /** Adds the customer's words. A solved ticket opens again; answers `false` where it is closed. */
  add(number: string, text: string): Promise<boolean>;
}

/** Wording from `knowledge/`, filled in. */
export interface Wording {
  /**
   * @param key `return-order.say.opened`, or a system key such as `resume.offer`
   * @param vary picks among several variants, so that a repeated question reads differently
   */
  text(key: string, lang: Lang, vars?: Readonly<Record<string, string>>, vary?: number): string;
  has(key: string): boolean;
}

/** Parts of a dialog's knowledge file that reading answers needs, for both languages. */
export interface DialogWording {
  /** Choices by slot, value and language. */
  readonly choices: Readonly<
    Record<
      string,
      Readonly<Record<string, Readonly<Record<Lang, { title: string; alike: readonly string[] }>>>>
    >
  >;
  /** Names of a slot that a correction may use ("订单号改成…"), by slot and language. */
  readonly labels: Readonly<Record<string, Readonly<Record<Lang, readonly string[]>>>>;
}
