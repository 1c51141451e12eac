/** The statements of the inbox. */
import { sql as raw } from './kysely.ts';
import type { SqliteFile } from './sqlite.ts';

/** Arguments of {@link inboxStatements}`.insert`. */
interface InsertArgs {
  channel: string;
  account: string;
  message: string;
  conversation: string;
  seq: number;
  at: number;
}

/** Compiles them. `open` lists what a process before this one has left. */
export function inboxStatements(file: SqliteFile) {
  return {
    seen: file.prepare((sql, p: { channel: string; account: string; message: string }) =>
      sql
        .selectFrom('inbox')
        .select('seq')
        .where('channel', '=', p.channel)
        .where('account', '=', p.account)
        .where('message_id', '=', p.message),
    ),
    insert: file.prepare((sql, p: InsertArgs) =>
      sql
        .insertInto('inbox')
        .values({
          channel: p.channel,
          account: p.account,
          message_id: p.message,
          conversation: p.conversation,
          seq: p.seq,
          status: 'new',
          attempts: 0,
          not_before: 0,
          received_at: p.at,
        })
        .returning('id'),
    ),
    open: file.prepare((sql) =>
      sql
        .selectFrom('inbox')
        .select(['id', 'conversation', 'seq', 'attempts', 'not_before', 'received_at'])
        .where('status', '=', raw.lit('new'))
        .orderBy('id'),
    ),
    begun: file.prepare((sql, p: { id: number; attempts: number }) =>
      sql.updateTable('inbox').set({ attempts: p.attempts }).where('id', '=', p.id),
    ),
    release: file.prepare(
      (sql, p: { id: number; attempts: number; notBefore: number; error: string }) =>
        sql
          .updateTable('inbox')
          .set({ attempts: p.attempts, not_before: p.notBefore, error: p.error })
          .where('id', '=', p.id),
    ),
    end: file.prepare((sql, p: { id: number; status: 'done' | 'dead'; error: string | null }) =>
      sql
        .updateTable('inbox')
        .set({ status: p.status, error: p.error })
        .where('id', '=', p.id)
        .where('status', '=', raw.lit('new')),
    ),
  };
}

/** What {@link inboxStatements} makes. */
export type InboxStatements = ReturnType<typeof inboxStatements>;
