import { StateConflict } from '../errors.ts';
import type { GroupCommit } from './group-commit.ts';
import type { SqliteFile } from './sqlite.ts';
import type { BotStateRows, Clock, JsonObject } from './store.ts';

function botStateStatements(file: SqliteFile) {
  return {
    find: file.prepare((sql, p: { key: string }) =>
      sql.selectFrom('bot_state').select(['doc', 'version']).where('key', '=', p.key),
    ),
    put: file.prepare((sql, p: { key: string; doc: string; version: number }) =>
      sql
        .insertInto('bot_state')
        .values({ key: p.key, doc: p.doc, version: p.version })
        .onConflict((c) =>
          c.column('key').doUpdateSet((eb) => ({
            doc: eb.ref('excluded.doc'),
            version: eb('bot_state.version', '+', 1),
          })),
        ),
    ),
    replace: file.prepare((sql, p: { key: string; doc: string; version: number }) =>
      sql
        .updateTable('bot_state')
        .set((eb) => ({ doc: p.doc, version: eb('version', '+', 1) }))
        .where('key', '=', p.key)
        .where('version', '=', p.version),
    ),
    delete: file.prepare((sql, p: { key: string }) =>
      sql.deleteFrom('bot_state').where('key', '=', p.key),
    ),
  };
}

/** Bot Framework state by key. */
export class BotStates implements BotStateRows {
  readonly #group: GroupCommit;
  readonly #clock: Clock;
  readonly #sql: ReturnType<typeof botStateStatements>;
  #lastFirst = 0;

  constructor(file: SqliteFile, group: GroupCommit, clock: Clock) {
    this.#group = group;
    this.#clock = clock;
    this.#sql = botStateStatements(file);
  }

  read(keys: readonly string[]): ReturnType<BotStateRows['read']> {
    const found = keys.flatMap((key) => {
      const row = this.#sql.find.get({ key });
      if (row === undefined) return [];
      return [[key, { value: JSON.parse(row.doc) as JsonObject, version: row.version }] as const];
    });
    // fromEntries makes own properties of any key, `__proto__` too.
    return Promise.resolve(Object.fromEntries(found));
  }

  write(changes: Parameters<BotStateRows['write']>[0]): Promise<void> {
    const docs = Object.entries(changes).map(([key, { value, version }]) => ({
      key,
      doc: JSON.stringify(value),
      version,
    }));
    return this.#group.run(() => {
      for (const { key, doc, version } of docs) {
        if (version === undefined || version === '*') this.#put(key, doc);
        else if (this.#sql.replace.run({ key, doc, version }) === 0) throw new StateConflict(key);
      }
    });
  }

  delete(keys: readonly string[]): Promise<void> {
    return this.#group.run(() => {
      for (const key of keys) this.#sql.delete.run({ key });
    });
  }

  /** Part of a transaction: writes or, with `null`, deletes whatever is there now. */
  set(key: string, value: JsonObject | null): void {
    if (value === null) this.#sql.delete.run({ key });
    else this.#put(key, JSON.stringify(value));
  }

  /** A key that was deleted does not begin again at a version it had: versions start at the time. */
  #put(key: string, doc: string): void {
    this.#lastFirst = Math.max(this.#lastFirst + 1, this.#clock.now());
    this.#sql.put.run({ key, doc, version: this.#lastFirst });
  }
}
