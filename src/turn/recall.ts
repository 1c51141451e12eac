/**
 * What a conversation has talked about, so that "那退货呢" and "the second one" can be understood.
 * Scope: one conversation and one customer in it. Lifetime: {@link RECALL_MS} or {@link RECALL_TURNS}
 * messages of the customer, whichever ends first. It is dropped when a person hands the conversation
 * back: what was said to a person is not the bot's to go on with.
 */
import type { Noted } from '../dialog/box.ts';
import type { OfferedChoice } from '../dialog/slots/slot.ts';
import type { Carried, Inbound, Lang, Reply } from '../message.ts';
import type { TicketWrite } from '../store/store.ts';

/** 30 minutes, in ms. */
export const RECALL_MS = 30 * 60_000;
/** Messages of the customer for which something stays known. */
export const RECALL_TURNS = 10;

/** One thing that was talked about, and where. */
export interface Kept<T> {
  readonly value: T;
  /** Line of the conversation's log that it comes from. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Which message of the customer that was, counted from 1. */
  readonly turn: number;
}

/** Everything that may be pointed at. All of it is plain JSON. */
export interface Recall {
  /** Whose it is. Another user in the same conversation starts with nothing. */
  user: string;
  /** Messages of the customer so far. */
  turn: number;
  /** The order that was told or shown last. */
  order?: Kept<string>;
  /** What is in that order, where it is one thing. */
  product?: Kept<Readonly<Record<Lang, string>>>;
  /** The list of orders that was shown last. */
  orders?: Kept<readonly OfferedChoice[]>;
  ticket?: Kept<string>;
  /** The dialog that ran last. */
  task?: Kept<string>;
  /** The entry that was answered last, and the question it answered, at most 100 characters. */
  entry?: Kept<{ readonly id: string; readonly asked: string }>;
}

const KEYS: readonly Carried['what'][] = ['order', 'product', 'orders', 'ticket', 'task', 'entry'];

/** The recall as a new message finds it: counted on, without what is too old or another user's. */
export function recallAt(
  before: Recall | undefined,
  now: { readonly user: string; readonly at: number; readonly counts: boolean },
): Recall {
  const mine = before?.user === now.user ? before : undefined;
  const next: Recall = { user: now.user, turn: (mine?.turn ?? 0) + (now.counts ? 1 : 0) };
  for (const key of KEYS) {
    const kept = mine?.[key];
    if (kept === undefined || now.at - kept.at > RECALL_MS) continue;
    if (next.turn - kept.turn > RECALL_TURNS) continue;
    Object.assign(next, { [key]: kept });
  }
  return next;
}

/** Orders of one list that are remembered. */
const MOST_LISTED = 8;

/** Longest question that is remembered, in UTF-16 units. */
const LONGEST_ASKED = 100;

/** What of a turn is remembered. */
export interface Happened {
  readonly seq: number;
  readonly now: number;
  readonly inbound: Inbound;
  readonly noted: readonly Noted[];
  readonly begun: readonly string[];
  readonly replies: readonly Reply[];
  readonly tickets: { readonly writes: readonly TicketWrite[] };
}

/** Takes into the recall what a turn was about. */
export function recollect(recall: Recall, turn: Happened): void {
  const keep = <T>(value: T): Kept<T> => ({
    value,
    seq: turn.seq,
    at: turn.now,
    turn: recall.turn,
  });
  const seen = turn.noted.flatMap((noted) => (noted.kind === 'order' ? [noted.id] : []));
  const before = recall.order?.turn === recall.turn - 1 ? [recall.order.value] : [];
  const orders = [...new Set([...before, ...seen])];
  // Orders seen one after the other are a list too, where none was shown that they are of.
  const known = new Set(recall.orders?.value.map((o) => o.value));
  if (orders.length > 1 && orders.some((id) => !known.has(id))) {
    recall.orders = keep(orders.map((value) => ({ value, title: value, alike: [] })));
  }
  for (const noted of turn.noted) {
    if (noted.kind === 'orders') {
      recall.orders = keep(noted.list.slice(0, MOST_LISTED));
      continue;
    }
    recall.order = keep(noted.id);
    const [item, more] = noted.items;
    if (item === undefined || more !== undefined) delete recall.product;
    else recall.product = keep(item);
  }
  const task = turn.begun.at(-1);
  if (task !== undefined) recall.task = keep(task);
  const opened = turn.tickets.writes.findLast((w) => w.kind === 'open');
  if (opened !== undefined) recall.ticket = keep(opened.ticket.number);
  const entry = turn.replies.findLast((r) => r.source !== undefined)?.source?.entry;
  const { content } = turn.inbound;
  if (entry === undefined || !('text' in content)) return;
  recall.entry = keep({ id: entry, asked: content.text.slice(0, LONGEST_ASKED) });
}
