import { RequestError } from '../errors.ts';
import type { Address } from '../message.ts';
import type { GroupCommit } from './group-commit.ts';
import type { SqliteFile } from './sqlite.ts';
import { conversationKey, type Clock, type Conversation, type Conversations } from './store.ts';

function conversationStatements(file: SqliteFile) {
  return {
    open: file.prepare(
      (
        sql,
        p: {
          key: string;
          channel: string;
          account: string;
          id: string;
          user: string | null;
          at: number;
        },
      ) =>
        sql
          .insertInto('conversation')
          .values({
            key: p.key,
            channel: p.channel,
            account: p.account,
            id: p.id,
            user_id: p.user,
            created_at: p.at,
            last_seq: 0,
          })
          .onConflict((c) => c.column('key').doNothing()),
    ),
    find: file.prepare((sql, p: { key: string }) =>
      sql.selectFrom('conversation').selectAll().where('key', '=', p.key),
    ),
    bind: file.prepare((sql, p: { key: string; user: string }) =>
      sql
        .updateTable('conversation')
        .set({ user_id: p.user })
        .where('key', '=', p.key)
        .where('user_id', 'is', null),
    ),
    advance: file.prepare((sql, p: { key: string; lines: number }) =>
      sql
        .updateTable('conversation')
        .set((eb) => ({ last_seq: eb('last_seq', '+', p.lines) }))
        .where('key', '=', p.key)
        .returning('last_seq'),
    ),
    advanceOrOpen: file.prepare(
      (
        sql,
        p: {
          key: string;
          channel: string;
          account: string;
          id: string;
          user: string | null;
          at: number;
        },
      ) =>
        sql
          .insertInto('conversation')
          .values({
            key: p.key,
            channel: p.channel,
            account: p.account,
            id: p.id,
            user_id: p.user,
            created_at: p.at,
            last_seq: 1,
          })
          .onConflict((c) =>
            c.column('key').doUpdateSet((eb) => ({
              last_seq: eb('conversation.last_seq', '+', 1),
              user_id: eb.fn.coalesce('conversation.user_id', 'excluded.user_id'),
            })),
          )
          .returning('last_seq'),
    ),
  };
}

/** Conversations and the counter of each one's lines. */
export class ConversationRows implements Conversations {
  readonly #group: GroupCommit;
  readonly #clock: Clock;
  readonly #sql: ReturnType<typeof conversationStatements>;

  constructor(file: SqliteFile, group: GroupCommit, clock: Clock) {
    this.#group = group;
    this.#clock = clock;
    this.#sql = conversationStatements(file);
  }

  open(c: Omit<Conversation, 'key'>): Promise<Conversation> {
    const key = conversationKey({ channel: c.channel, account: c.account, conversation: c.id });
    return this.#group.run(() => {
      const { channel, account, id, user = null, createdAt: at } = c;
      this.#sql.open.run({ key, channel, account, id, user, at });
      return this.#find(key) ?? { key, ...c };
    });
  }

  get(key: string): Promise<Conversation | undefined> {
    return Promise.resolve(this.#find(key));
  }

  bind(key: string, user: string): Promise<string> {
    return this.#group.run(() => {
      this.#sql.bind.run({ key, user });
      const holder = this.#find(key)?.user;
      if (holder === undefined) {
        throw new RequestError(404, 'NotFound', `There is no conversation ${key}`);
      }
      return holder;
    });
  }

  /** Part of a transaction: the seq of one more line; makes the conversation and binds its user. */
  advanceOrOpen(key: string, address: Address): number {
    const { channel, account, conversation: id } = address;
    const user = address.user === '' ? null : address.user;
    const at = this.#clock.now();
    return this.#sql.advanceOrOpen.get({ key, channel, account, id, user, at })?.last_seq ?? 0;
  }

  /** Part of a transaction: the seq of the last of that many more lines. */
  advance(key: string, lines: number): number {
    return this.#sql.advance.get({ key, lines })?.last_seq ?? 0;
  }

  #find(key: string): Conversation | undefined {
    const row = this.#sql.find.get({ key });
    if (row === undefined) return undefined;
    const { channel, account, id, created_at: createdAt, user_id: user } = row;
    return { key, channel, account, id, createdAt, ...(user === null ? {} : { user }) };
  }
}
