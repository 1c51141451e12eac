import type { Kysely, Migration } from 'kysely';
import { sql } from '../kysely.ts';

/** `integer` counts up by itself as the primary key of SQLite, `bigserial` in PostgreSQL. */
export type IdentityType = 'integer' | 'bigserial';

async function conversationTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('conversation')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('last_seq', 'integer', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('line')
    .addColumn('conversation', 'text', (c) => c.notNull())
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('inbound', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('answers', 'integer', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('line_pk', ['conversation', 'seq'])
    .execute();
  await db.schema
    .createTable('session')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('doc', 'text', (c) => c.notNull())
    .addColumn('version', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('bot_state')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('doc', 'text', (c) => c.notNull())
    .addColumn('version', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('meta')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'bigint', (c) => c.notNull())
    .execute();
}

async function queueTables(db: Kysely<unknown>, identity: IdentityType): Promise<void> {
  await db.schema
    .createTable('inbox')
    .addColumn('id', identity, (c) => c.primaryKey())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('message_id', 'text', (c) => c.notNull())
    .addColumn('conversation', 'text', (c) => c.notNull())
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('not_before', 'bigint', (c) => c.notNull())
    .addColumn('received_at', 'bigint', (c) => c.notNull())
    .addColumn('error', 'text')
    .addUniqueConstraint('inbox_message', ['channel', 'account', 'message_id'])
    .execute();
  await db.schema
    .createIndex('inbox_open')
    .on('inbox')
    .columns(['conversation', 'id'])
    .where(sql.ref('status'), '=', sql.lit('new'))
    .execute();
  await db.schema
    .createTable('outbox')
    .addColumn('id', identity, (c) => c.primaryKey())
    .addColumn('conversation', 'text', (c) => c.notNull())
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('not_before', 'bigint', (c) => c.notNull())
    .addColumn('error', 'text')
    .addColumn('provider_id', 'text')
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .execute();
  for (const state of ['pending', 'sending']) {
    await db.schema
      .createIndex(`outbox_${state}`)
      .on('outbox')
      .columns(['conversation', 'id'])
      .where(sql.ref('state'), '=', sql.lit(state))
      .execute();
  }
}

async function ticketTables(db: Kysely<unknown>, identity: IdentityType): Promise<void> {
  await db.schema
    .createTable('ticket')
    .addColumn('number', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('priority', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('conversation', 'text', (c) => c.notNull())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('conversation_id', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('lang', 'text', (c) => c.notNull())
    .addColumn('fields', 'text', (c) => c.notNull())
    .addColumn('opened_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('ticket_customer')
    .on('ticket')
    .columns(['channel', 'account', 'user_id', 'opened_at'])
    .execute();
  await db.schema
    .createIndex('ticket_conversation')
    .on('ticket')
    .columns(['conversation', 'opened_at'])
    .execute();
  await db.schema
    .createTable('ticket_event')
    .addColumn('id', identity, (c) => c.primaryKey())
    .addColumn('ticket', 'text', (c) => c.notNull().references('ticket.number'))
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('author', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('ticket_event_ticket')
    .on('ticket_event')
    .columns(['ticket', 'id'])
    .execute();
}

/** Everything of version 1. */
export function firstTables(identity: IdentityType): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await conversationTables(db);
      await queueTables(db, identity);
      await ticketTables(db, identity);
    },
  };
}
