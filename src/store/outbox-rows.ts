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

/** Newest first. A state by name, because the index of each is found by that only. */
function undelivered(file: SqliteFile, state: 'dead' | 'unknown') {
  return file.prepare((sql, p: { limit: number }) =>
    sql
      .selectFrom('outbox as o')
      .innerJoin('conversation as c', 'c.key', 'o.conversation')
      .innerJoin('line as l', (join) =>
        join.onRef('l.conversation', '=', 'o.conversation').onRef('l.seq', '=', 'o.seq'),
      )
      .select(['o.id', 'o.user_id', 'o.error', 'o.updated_at', 'l.body'])
      .select(['c.channel', 'c.account', 'c.id as conversation_id'])
      .where('o.state', '=', raw.lit(state))
      .orderBy('o.updated_at', 'desc')
      .orderBy('o.id', 'desc')
      .limit(p.limit),
  );
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
    heads: file.prepare((sql, p: { conversation: string; limit: number }) =>
      sql
        .selectFrom('outbox as o')
        .innerJoin('conversation as c', 'c.key', 'o.conversation')
        .select(['o.id', 'o.seq', 'o.user_id', 'o.attempts', 'o.not_before'])
        .select(['c.channel', 'c.account', 'c.id as conversation_id'])
        .where('o.conversation', '=', p.conversation)
        .where('o.state', '=', raw.lit('pending'))
        .orderBy('o.id')
        .limit(p.limit),
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
    putBack: file.prepare((sql, p: { id: number; at: number }) =>
      sql
        .updateTable('outbox')
        .set((eb) => ({
          state: 'pending' as const,
          attempts: eb('attempts', '-', 1),
          not_before: 0,
          updated_at: p.at,
        }))
        .where('id', '=', p.id)
        .where('state', '=', raw.lit('sending')),
    ),
    interrupted: file.prepare((sql, p: { error: string; at: number }) =>
      sql
        .updateTable('outbox')
        .set({ state: 'unknown', error: p.error, updated_at: p.at })
        .where('state', '=', raw.lit('sending')),
    ),
    resume: file.prepare(
      (sql, p: { conversation: string; inbound: string; error: string; at: number }) =>
        sql
          .updateTable('outbox')
          .set({ state: 'pending', not_before: 0, updated_at: p.at })
          .where('conversation', '=', p.conversation)
          .where('state', '=', raw.lit('unknown'))
          .where('error', '=', p.error)
          .where((eb) =>
            eb.exists(
              eb
                .selectFrom('line')
                .select('line.seq')
                .whereRef('line.conversation', '=', 'outbox.conversation')
                .whereRef('line.seq', '=', 'outbox.seq')
                .where('line.inbound', '=', p.inbound),
            ),
          ),
    ),
    dead: undelivered(file, 'dead'),
    unknown: undelivered(file, 'unknown'),
    backlog: file.prepare((sql) =>
      sql
        .selectFrom('outbox')
        .select((eb) => eb.fn.countAll<number>().as('rows'))
        .where('state', '=', raw.lit('pending'))
        .unionAll(
          sql
            .selectFrom('outbox')
            .select((eb) => eb.fn.countAll<number>().as('rows'))
            .where('state', '=', raw.lit('sending')),
        ),
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
