import { Defect } from '../errors.ts';
import type { Address, Lang } from '../message.ts';
import type { NumberBlocks } from './number-blocks.ts';
import type { SqliteFile } from './sqlite.ts';
import {
  conversationKey,
  type JsonObject,
  type Ticket,
  type TicketEvent,
  type TicketPriority,
  type Tickets,
  type TicketState,
  type TicketWrite,
} from './store.ts';

interface TicketRow {
  readonly number: string;
  readonly kind: string;
  readonly subject: string;
  readonly priority: string;
  readonly state: string;
  readonly conversation: string;
  readonly channel: string;
  readonly account: string;
  readonly conversation_id: string;
  readonly user_id: string;
  readonly lang: string;
  readonly fields: string;
  readonly opened_at: number;
  readonly updated_at: number;
}

function ticketStatements(file: SqliteFile) {
  return {
    insert: file.prepare((sql, p: TicketRow) =>
      sql.insertInto('ticket').values({
        number: p.number,
        kind: p.kind,
        subject: p.subject,
        priority: p.priority,
        state: p.state,
        conversation: p.conversation,
        channel: p.channel,
        account: p.account,
        conversation_id: p.conversation_id,
        user_id: p.user_id,
        lang: p.lang,
        fields: p.fields,
        opened_at: p.opened_at,
        updated_at: p.updated_at,
      }),
    ),
    change: file.prepare((sql, p: { number: string; state: string; at: number }) =>
      sql
        .updateTable('ticket')
        .set({ state: p.state, updated_at: p.at })
        .where('number', '=', p.number),
    ),
    event: file.prepare((sql, p: TicketEvent & { ticket: string }) =>
      sql
        .insertInto('ticket_event')
        .values({ ticket: p.ticket, at: p.at, author: p.by, kind: p.kind, text: p.text }),
    ),
    find: file.prepare((sql, p: { number: string }) =>
      sql.selectFrom('ticket').selectAll().where('number', '=', p.number),
    ),
    ofCustomer: file.prepare(
      (sql, p: { channel: string; account: string; user: string; limit: number }) =>
        sql
          .selectFrom('ticket')
          .selectAll()
          .where('channel', '=', p.channel)
          .where('account', '=', p.account)
          .where('user_id', '=', p.user)
          .orderBy('opened_at', 'desc')
          .orderBy('number', 'desc')
          .limit(p.limit),
    ),
    ofConversation: file.prepare((sql, p: { conversation: string }) =>
      sql
        .selectFrom('ticket')
        .selectAll()
        .where('conversation', '=', p.conversation)
        .orderBy('opened_at')
        .orderBy('number'),
    ),
    history: file.prepare((sql, p: { ticket: string }) =>
      sql
        .selectFrom('ticket_event')
        .select(['at', 'author', 'kind', 'text'])
        .where('ticket', '=', p.ticket)
        .orderBy('id'),
    ),
  };
}

function ticketOf(row: TicketRow): Ticket {
  return {
    number: row.number,
    kind: row.kind,
    subject: row.subject,
    priority: row.priority as TicketPriority,
    state: row.state as TicketState,
    address: {
      channel: row.channel,
      account: row.account,
      conversation: row.conversation_id,
      user: row.user_id,
    },
    lang: row.lang as Lang,
    fields: JSON.parse(row.fields) as JsonObject,
    openedAt: row.opened_at,
    updatedAt: row.updated_at,
  };
}

function rowOf(ticket: Ticket): TicketRow {
  const { address } = ticket;
  return {
    number: ticket.number,
    kind: ticket.kind,
    subject: ticket.subject,
    priority: ticket.priority,
    state: ticket.state,
    conversation: conversationKey(address),
    channel: address.channel,
    account: address.account,
    conversation_id: address.conversation,
    user_id: address.user,
    lang: ticket.lang,
    fields: JSON.stringify(ticket.fields),
    opened_at: ticket.openedAt,
    updated_at: ticket.updatedAt,
  };
}

/** Tickets and their history. */
export class TicketRows implements Tickets {
  readonly #numbers: NumberBlocks;
  readonly #sql: ReturnType<typeof ticketStatements>;

  constructor(file: SqliteFile, numbers: NumberBlocks) {
    this.#numbers = numbers;
    this.#sql = ticketStatements(file);
  }

  async nextNumber(): Promise<string> {
    return String(await this.#numbers.next());
  }

  find(number: string): Promise<Ticket | undefined> {
    const row = this.#sql.find.get({ number });
    return Promise.resolve(row === undefined ? undefined : ticketOf(row));
  }

  ofCustomer(address: Address, limit: number): Promise<readonly Ticket[]> {
    const { channel, account, user } = address;
    return Promise.resolve(
      this.#sql.ofCustomer.all({ channel, account, user, limit }).map(ticketOf),
    );
  }

  ofConversation(conversation: string): Promise<readonly Ticket[]> {
    return Promise.resolve(this.#sql.ofConversation.all({ conversation }).map(ticketOf));
  }

  history(number: string): Promise<readonly TicketEvent[]> {
    const events = this.#sql.history.all({ ticket: number }).map((row) => ({
      at: row.at,
      by: row.author,
      kind: row.kind as TicketEvent['kind'],
      text: row.text,
    }));
    return Promise.resolve(events);
  }

  /**
   * Part of a transaction.
   * @throws Defect when a ticket that does not exist is to change
   */
  write(change: TicketWrite): void {
    const number = change.kind === 'open' ? change.ticket.number : change.number;
    if (change.kind === 'open') {
      this.#sql.insert.run(rowOf(change.ticket));
    } else if (this.#sql.change.run({ number, state: change.state, at: change.event.at }) === 0) {
      throw new Defect(`There is no ticket ${number} to change`);
    }
    this.#sql.event.run({ ticket: number, ...change.event });
  }
}
