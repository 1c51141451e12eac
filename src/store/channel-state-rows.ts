import type { GroupCommit } from './group-commit.ts';
import type { SqliteFile } from './sqlite.ts';
import type { ChannelState, Json } from './store.ts';

function channelStateStatements(file: SqliteFile) {
  return {
    get: file.prepare((sql, p: { channel: string; key: string }) =>
      sql
        .selectFrom('channel_state')
        .select('value')
        .where('channel', '=', p.channel)
        .where('key', '=', p.key),
    ),
    set: file.prepare((sql, p: { channel: string; key: string; value: string }) =>
      sql
        .insertInto('channel_state')
        .values({ channel: p.channel, key: p.key, value: p.value })
        .onConflict((c) =>
          c.columns(['channel', 'key']).doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })),
        ),
    ),
    delete: file.prepare((sql, p: { channel: string; key: string }) =>
      sql.deleteFrom('channel_state').where('channel', '=', p.channel).where('key', '=', p.key),
    ),
  };
}

/** Small values that channels keep. */
export class ChannelStateRows {
  readonly #group: GroupCommit;
  readonly #sql: ReturnType<typeof channelStateStatements>;

  constructor(file: SqliteFile, group: GroupCommit) {
    this.#group = group;
    this.#sql = channelStateStatements(file);
  }

  /** Those of one channel. */
  of(channel: string): ChannelState {
    return {
      get: (key) => {
        const row = this.#sql.get.get({ channel, key });
        return Promise.resolve(row === undefined ? undefined : (JSON.parse(row.value) as Json));
      },
      set: (key, value) => {
        const text = JSON.stringify(value);
        return this.#group.run(() => this.set(channel, key, text));
      },
      delete: (key) =>
        this.#group.run(() => {
          this.#sql.delete.run({ channel, key });
        }),
    };
  }

  /** Part of a transaction. @param value as JSON */
  set(channel: string, key: string, value: string): void {
    this.#sql.set.run({ channel, key, value });
  }
}
