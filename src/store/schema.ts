/** The tables, as kysely types. The same for every engine; `migrations/` makes them. */
import type { Generated } from 'kysely';

interface ConversationTable {
  key: string;
  channel: string;
  account: string;
  id: string;
  user_id: string | null;
  created_at: number;
  last_seq: number;
}

/** `body` of an `in` line is the whole `Inbound`, of an `out` line the `Reply`. */
interface LineTable {
  conversation: string;
  seq: number;
  at: number;
  inbound: string;
  kind: 'in' | 'out';
  /** The line that a reply answers, or 0; the own seq of what came in. */
  answers: number;
  body: string;
}

/** What was accepted. The message itself is in its line: `(conversation, seq)`. */
interface InboxTable {
  id: Generated<number>;
  channel: string;
  account: string;
  message_id: string;
  conversation: string;
  seq: number;
  status: 'new' | 'done' | 'dead';
  attempts: number;
  not_before: number;
  received_at: number;
  error: string | null;
}

interface SessionTable {
  key: string;
  doc: string;
  version: number;
}

/** What a reply on its way out can be in. */
export type OutboxState = 'pending' | 'sending' | 'sent' | 'unknown' | 'dead';

/** The reply itself is in its line: `(conversation, seq)`. */
interface OutboxTable {
  id: Generated<number>;
  conversation: string;
  seq: number;
  user_id: string;
  state: OutboxState;
  attempts: number;
  not_before: number;
  error: string | null;
  provider_id: string | null;
  updated_at: number;
}

interface TicketTable {
  number: string;
  kind: string;
  subject: string;
  priority: string;
  state: string;
  conversation: string;
  channel: string;
  account: string;
  conversation_id: string;
  user_id: string;
  lang: string;
  fields: string;
  opened_at: number;
  updated_at: number;
}

interface TicketEventTable {
  id: Generated<number>;
  ticket: string;
  at: number;
  author: string;
  kind: string;
  text: string;
}

interface BotStateTable {
  key: string;
  doc: string;
  version: number;
}

interface LabelPairTable {
  id: Generated<number>;
  at: number;
  lang: string;
  text: string;
  entry: string;
  /** Ids of entries as a JSON list. */
  offered: string;
}

/** `value` is JSON. */
interface ChannelStateTable {
  channel: string;
  key: string;
  value: string;
}

/** Single numbers of the store itself. */
interface MetaTable {
  name: string;
  value: number;
}

/** All tables by name. */
export interface Schema {
  conversation: ConversationTable;
  line: LineTable;
  inbox: InboxTable;
  session: SessionTable;
  outbox: OutboxTable;
  ticket: TicketTable;
  ticket_event: TicketEventTable;
  bot_state: BotStateTable;
  label_pair: LabelPairTable;
  channel_state: ChannelStateTable;
  meta: MetaTable;
}
