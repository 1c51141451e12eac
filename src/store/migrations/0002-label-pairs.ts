import type { Kysely, Migration } from 'kysely';
import type { IdentityType } from './0001-first-tables.ts';

/** What customers picked among similar questions. */
export function labelPairs(identity: IdentityType): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('label_pair')
        .addColumn('id', identity, (c) => c.primaryKey())
        .addColumn('at', 'bigint', (c) => c.notNull())
        .addColumn('lang', 'text', (c) => c.notNull())
        .addColumn('text', 'text', (c) => c.notNull())
        .addColumn('entry', 'text', (c) => c.notNull())
        .addColumn('offered', 'text', (c) => c.notNull())
        .execute();
    },
  };
}
