import type { SqliteFile } from './sqlite.ts';

function metaStatements(file: SqliteFile) {
  return {
    get: file.prepare((sql, p: { name: string }) =>
      sql.selectFrom('meta').select('value').where('name', '=', p.name),
    ),
    set: file.prepare((sql, p: { name: string; value: number }) =>
      sql
        .insertInto('meta')
        .values({ name: p.name, value: p.value })
        .onConflict((c) =>
          c.column('name').doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })),
        ),
    ),
  };
}

/** Numbers that the store keeps for itself, by name. */
export class MetaRows {
  readonly #sql: ReturnType<typeof metaStatements>;

  constructor(file: SqliteFile) {
    this.#sql = metaStatements(file);
  }

  get(name: string): number | undefined {
    return this.#sql.get.get({ name })?.value;
  }

  /** Part of a transaction. */
  set(name: string, value: number): void {
    this.#sql.set.run({ name, value });
  }
}
