import type { Kysely, Migration } from 'kysely';
import { sql } from '../kysely.ts';

/** Small values of channels, and quick ways to the replies that were not delivered. */
export function channelState(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('channel_state')
        .addColumn('channel', 'text', (c) => c.notNull())
        .addColumn('key', 'text', (c) => c.notNull())
        .addColumn('value', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('channel_state_pk', ['channel', 'key'])
        .execute();
      await db.schema
        .createIndex('outbox_unknown')
        .on('outbox')
        .columns(['conversation', 'id'])
        .where(sql.ref('state'), '=', sql.lit('unknown'))
        .execute();
      for (const state of ['unknown', 'dead']) {
        await db.schema
          .createIndex(`outbox_${state}_at`)
          .on('outbox')
          .columns(['updated_at', 'id'])
          .where(sql.ref('state'), '=', sql.lit(state))
          .execute();
      }
    },
  };
}
