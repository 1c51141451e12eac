import { StateConflict } from '../errors.ts';
import { SessionCache, type StoredSession } from './session-cache.ts';
import type { SqliteFile } from './sqlite.ts';

function sessionStatements(file: SqliteFile) {
  return {
    find: file.prepare((sql, p: { key: string }) =>
      sql.selectFrom('session').select(['doc', 'version']).where('key', '=', p.key),
    ),
    insert: file.prepare((sql, p: { key: string; doc: string }) =>
      sql
        .insertInto('session')
        .values({ key: p.key, doc: p.doc, version: 1 })
        .onConflict((c) => c.column('key').doNothing()),
    ),
    update: file.prepare((sql, p: { key: string; doc: string; version: number }) =>
      sql
        .updateTable('session')
        .set((eb) => ({ doc: p.doc, version: eb('version', '+', 1) }))
        .where('key', '=', p.key)
        .where('version', '=', p.version),
    ),
  };
}

/** Sessions by conversation. One process writes them, so what it wrote last is what is there. */
export class SessionRows {
  readonly #sql: ReturnType<typeof sessionStatements>;
  readonly #cache: SessionCache;

  constructor(file: SqliteFile, cacheLimit?: number) {
    this.#sql = sessionStatements(file);
    this.#cache = new SessionCache(cacheLimit);
  }

  find(key: string): StoredSession {
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    const row = this.#sql.find.get({ key });
    const session =
      row === undefined ? { text: '', version: 0 } : { text: row.doc, version: row.version };
    if (session.version > 0) this.#cache.set(key, session);
    return session;
  }

  /**
   * Part of a transaction.
   * @param version the one the turn began with; 0 for a new conversation
   * @throws StateConflict when another is stored
   */
  write(key: string, doc: string, version: number): void {
    const changed =
      version === 0
        ? this.#sql.insert.run({ key, doc })
        : this.#sql.update.run({ key, doc, version });
    if (changed === 0) throw new StateConflict(key);
  }

  /** After the commit of {@link write}. */
  keep(key: string, text: string, version: number): void {
    this.#cache.set(key, { text, version: version + 1 });
  }

  /** After a write that failed: what is stored is not what was thought. */
  forget(key: string): void {
    this.#cache.drop(key);
  }
}
