/** The statements of the outbox. */
import { sql as raw } from './kysely.ts';
import type { OutboxState } from './schema.ts';
import type { SqliteFile } from './sqlite.ts';

/** Arguments of {@link outboxStatements}`.settle`. */
interface SettleArgs {
  id: number;
  state: OutboxState;
  notBefore: number;
  error: string | null;
  providerId: string | null;
  at: number;
}

/** Compiles them. */
export function outboxStatements(file: SqliteFile) {
  return {
    insert: file.prepare(
      (sql, p: { conversation: string; seq: number; user: string; at: number }) =>
        sql.insertInto('outbox').values({
          conversation: p.conversation,
          seq: p.seq,
          user_id: p.user,
          state: 'pending',
          attempts: 0,
          not_before: 0,
          updated_at: p.at,
        }),
    ),
    head: file.prepare((sql, p: { conversation: string }) =>
      sql
        .selectFrom('outbox as o')
        .innerJoin('conversation as c', 'c.key', 'o.conversation')
        .select(['o.id', 'o.seq', 'o.user_id', 'o.attempts', 'o.not_before'])
        .select(['c.channel', 'c.account', 'c.id as conversation_id'])
        .where('o.conversation', '=', p.conversation)
        .where('o.state', '=', raw.lit('pending'))
        .orderBy('o.id')
        .limit(1),
    ),
    waiting: file.prepare((sql, p: { limit: number }) =>
      sql
        .selectFrom('outbox')
        .select('conversation')
        .distinct()
        .where('state', '=', raw.lit('pending'))
        .limit(p.limit),
    ),
    sending: file.prepare((sql, p: { id: number; at: number }) =>
      sql
        .updateTable('outbox')
        .set((eb) => ({
          state: 'sending' as const,
          attempts: eb('attempts', '+', 1),
          updated_at: p.at,
        }))
        .where('id', '=', p.id)
        .where('state', '=', raw.lit('pending')),
    ),
    settle: file.prepare((sql, p: SettleArgs) =>
      sql
        .updateTable('outbox')
        .set({
          state: p.state,
          not_before: p.notBefore,
          error: p.error,
          provider_id: p.providerId,
          updated_at: p.at,
        })
        .where('id', '=', p.id)
        .where('state', '=', raw.lit('sending')),
    ),
    interrupted: file.prepare((sql, p: { error: string; at: number }) =>
      sql
        .updateTable('outbox')
        .set({ state: 'unknown', error: p.error, updated_at: p.at })
        .where('state', '=', raw.lit('sending')),
    ),
    find: file.prepare((sql, p: { id: number }) =>
      sql.selectFrom('outbox').select(['conversation', 'state']).where('id', '=', p.id),
    ),
    resend: file.prepare((sql, p: { id: number; at: number }) =>
      sql
        .updateTable('outbox')
        .set({ state: 'pending', attempts: 0, not_before: 0, updated_at: p.at })
        .where('id', '=', p.id)
        .where('state', 'in', ['dead', 'unknown']),
    ),
  };
}
