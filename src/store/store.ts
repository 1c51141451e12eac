/**
 * What the rest of the system may ask of storage. Two engines stand behind it: the embedded one
 * (a SQLite file, one process) and, later, PostgreSQL (many processes). SQL lives in this folder only.
 *
 * The promises, whichever engine serves:
 * - {@link Inbox.accept} resolves after the row is on disk. The same message id never makes a second turn.
 * - One turn at a time for each conversation, in arrival order; conversations run side by side.
 * - {@link Claim.commit} writes everything of the turn or nothing.
 */
import type { Address, Inbound, Lang, Line, Reply } from '../message.ts';

/** Plain JSON data. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Key of a conversation: `channel:account:conversation`. */
export function conversationKey(
  address: Pick<Address, 'channel' | 'account' | 'conversation'>,
): string {
  return `${address.channel}:${address.account}:${address.conversation}`;
}

/** What became of an accepted message. */
export interface Accepted {
  /** Its place in the conversation's log. */
  readonly seq: number;
  /** It was here before: nothing new was stored and no turn will run for it. */
  readonly seen: boolean;
}

/** A running loop of work that can be ended. */
export interface Worker {
  /** Takes no new work and resolves when what is in hand has ended. */
  stop(): Promise<void>;
}

/** A message in hand, with the state of its conversation. Exactly one of the two methods must be called. */
export interface Claim {
  readonly inbound: Inbound;
  readonly seq: number;
  /** Runs that were begun before this one and did not commit. */
  readonly attempts: number;
  /** `undefined` for a new conversation. A fresh copy each time: ask once and keep what you got. */
  readonly session: JsonObject | undefined;
  /**
   * Writes the whole turn in one transaction and ends the message.
   * @throws StateConflict when the session changed since it was claimed; nothing was written
   */
  commit(unit: Unit): Promise<void>;
  /** Puts the message back at the head of its conversation, to run again not before `at` (ms). */
  release(at: number, error: string): Promise<void>;
}

/** Everything one turn wants written. */
export interface Unit {
  readonly session: JsonObject;
  /** Appended to the log in this order. */
  readonly replies: readonly Reply[];
  /** Whether each reply also gets an outbox row, for channels that must be called to deliver. */
  readonly push: boolean;
  readonly tickets: readonly TicketWrite[];
  /** Labelled pairs that the turn brought. Default none. */
  readonly labels?: readonly LabelWrite[];
  /** Writes of Bot Framework state (dropped-in dialogs), by key; `null` deletes. */
  readonly botState?: Readonly<Record<string, JsonObject | null>>;
  /** Why the message is set aside as dead; absent for a turn that went well. */
  readonly dead?: string;
}

/** Accepts messages and hands them out. */
export interface Inbox {
  /**
   * Stores a message and its line in the log, once for each `(channel, account, id)`.
   * @throws RequestError 503 when too many messages wait already
   */
  accept(inbound: Inbound): Promise<Accepted>;
  /**
   * The same for several, in order, with a value of {@link ChannelState} set in the same transaction.
   * All of them must be of one channel, whose state it is.
   */
  acceptAll(
    channel: string,
    inbounds: readonly Inbound[],
    state?: { readonly key: string; readonly value: Json },
  ): Promise<readonly Accepted[]>;
  /** Runs `handle` for each open message; at most `concurrency` at once. Call it once in a process. */
  work(handle: (claim: Claim) => Promise<void>, options?: { concurrency?: number }): Worker;
  /** Messages that wait for their turn to end, and the age in ms of the oldest. */
  backlog(): { open: number; oldestMs: number };
}

/** A reply on its way out. Exactly one of the methods must be called. */
export interface Delivery {
  readonly id: number;
  readonly address: Address;
  readonly line: Line;
  /** The same for every try of this reply: pass it on where the provider takes one. */
  readonly idempotencyKey: string;
  readonly attempts: number;
  sent(providerId?: string): Promise<void>;
  retry(at: number, error: string): Promise<void>;
  /** The provider may or may not have it: never sent again by itself. */
  unknown(error: string): Promise<void>;
  dead(error: string): Promise<void>;
}

/** A reply that was not delivered, for an operator to look at. */
export interface Undelivered {
  readonly id: number;
  readonly address: Address;
  readonly reply: Reply;
  readonly state: 'unknown' | 'dead';
  readonly error: string;
  readonly at: number;
}

/** Replies that a channel must be called to deliver, in order for each conversation. */
export interface Outbox {
  /**
   * Runs `handle` with the replies that are due for one conversation, oldest first: at least one, at
   * most `batch(channel)` (default 1). Those that it does not end go back to the queue; where it ends
   * none of several, all of them are unknown.
   */
  work(
    handle: (deliveries: readonly Delivery[]) => Promise<void>,
    options?: { concurrency?: number; batch?: (channel: string) => number },
  ): Worker;
  /** Puts replies to this message whose sending the end of a process interrupted back in the queue. @returns how many */
  resume(conversation: string, inboundId: string): Promise<number>;
  /** Newest first, at most `limit` (default 100). */
  undelivered(limit?: number): Promise<readonly Undelivered[]>;
  /** Replies that wait or are being sent. */
  backlog(): Promise<number>;
  /** Sends a dead or unknown reply once more, on an operator's word. */
  resend(id: number): Promise<void>;
}

/** The lines of conversations, in order: what web chat shows and audits read. */
export interface Log {
  /** Lines with `seq > after`, oldest first, at most `limit` (default 500). */
  read(conversation: string, after: number, limit?: number): Promise<readonly Line[]>;
  /**
   * Calls `listener` with new lines after each commit, in order and without gaps, from now on.
   * Returns what ends it. To lose nothing: watch first, then read, then drop what you have by `seq`.
   */
  watch(conversation: string, listener: (lines: readonly Line[]) => void): () => void;
}

/** A conversation as a channel knows it. */
export interface Conversation {
  readonly key: string;
  readonly channel: string;
  readonly account: string;
  readonly id: string;
  /** Unset until somebody is bound to it. */
  readonly user?: string;
  readonly createdAt: number;
}

/** Conversations that must exist before their first message (web chat). */
export interface Conversations {
  /** Does nothing where it exists. */
  open(c: Omit<Conversation, 'key'>): Promise<Conversation>;
  get(key: string): Promise<Conversation | undefined>;
  /** Binds the first user that asks; answers the user that holds it now. */
  bind(key: string, user: string): Promise<string>;
}

export type TicketState = 'new' | 'open' | 'pending-customer' | 'solved' | 'closed';
export type TicketPriority = 'low' | 'normal' | 'high' | 'urgent';

/** A ticket as stored. */
export interface Ticket {
  /** Digits only, so that it can be said aloud and typed on a phone. */
  readonly number: string;
  readonly kind: string;
  readonly subject: string;
  readonly priority: TicketPriority;
  readonly state: TicketState;
  readonly address: Address;
  readonly lang: Lang;
  /** What the dialog collected. */
  readonly fields: JsonObject;
  readonly openedAt: number;
  readonly updatedAt: number;
}

/** One entry of a ticket's history. */
export interface TicketEvent {
  readonly at: number;
  readonly by: string;
  readonly kind: 'opened' | 'note' | 'state';
  readonly text: string;
}

/** A change to tickets, part of a {@link Unit}. */
export type TicketWrite =
  | { readonly kind: 'open'; readonly ticket: Ticket; readonly event: TicketEvent }
  | {
      readonly kind: 'change';
      readonly number: string;
      readonly state: TicketState;
      readonly event: TicketEvent;
    };

/** Reads tickets. They are written only as part of a turn. */
export interface Tickets {
  /** A number that no ticket has and none will get. Numbers may be skipped, never reused. */
  nextNumber(): Promise<string>;
  find(number: string): Promise<Ticket | undefined>;
  /** Of one customer on one channel, newest first. */
  ofCustomer(address: Address, limit: number): Promise<readonly Ticket[]>;
  ofConversation(conversation: string): Promise<readonly Ticket[]>;
  history(number: string): Promise<readonly TicketEvent[]>;
}

/** A customer's words with the entry they picked for them among those offered. */
export interface LabelWrite {
  /** As written, with private numbers masked. */
  readonly text: string;
  readonly lang: Lang;
  /** Id of the knowledge entry that was picked. */
  readonly entry: string;
  /** Entries that were offered, in the order they were shown. */
  readonly offered: readonly string[];
  /** When it was picked, in ms since 1970. */
  readonly at: number;
}

/** Labelled pairs. They are written only as part of a turn; the oldest go when there are too many. */
export interface Labels {
  /** Oldest first, at most `limit` (default 1,000), those behind the pair with id `after` (default all). */
  read(after?: number, limit?: number): Promise<readonly (LabelWrite & { readonly id: number })[]>;
}

/** Bot Framework state by key, with the version that guards a write. */
export interface BotStateRows {
  read(
    keys: readonly string[],
  ): Promise<Readonly<Record<string, { readonly value: JsonObject; readonly version: number }>>>;
  /**
   * `version` absent or `*` writes whatever is there now.
   * @throws StateConflict when the version given is not the one stored; nothing was written
   */
  write(
    changes: Readonly<Record<string, { value: JsonObject; version?: number | '*' }>>,
  ): Promise<void>;
  delete(keys: readonly string[]): Promise<void>;
}

/** Small values that a channel keeps, by key. */
export interface ChannelState {
  get(key: string): Promise<Json | undefined>;
  /** On disk when it resolves. The last one wins. */
  set(key: string, value: Json): Promise<void>;
  delete(key: string): Promise<void>;
}

/** All of storage. */
export interface Store {
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly log: Log;
  readonly conversations: Conversations;
  readonly tickets: Tickets;
  readonly botState: BotStateRows;
  readonly labels: Labels;
  channelState(channel: string): ChannelState;
  /** Throws where the store can't be written now; used by `/readyz`. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

/** Time and ids, passed in so that tests can hold them. */
export interface Clock {
  now(): number;
}
