/** The one file that knows how libsql is spoken to: opening, statements, transactions. */
import Database from 'libsql';
import type { Compilable, Kysely as Queries } from 'kysely';
import { Kysely, Migrator, SqliteDialect } from './kysely.ts';
import { chmodSync } from 'node:fs';
import { ConfigError, Defect, messageOf, OutsideError } from '../errors.ts';
import type { GroupTransaction } from './group-commit.ts';
import { migrations } from './migrations/index.ts';
import type { Schema } from './schema.ts';

/** What a column can hold. libsql ends the process on a boolean and cuts a text at NUL: see `binder`. */
type Value = string | number | null;

/** A query compiled once, to be run with new arguments. */
export interface Statement<A, R> {
  get(args: A): R | undefined;
  all(args: A): R[];
  /** @returns how many rows changed */
  run(args: A): number;
}

/** Stands for an argument while kysely compiles a query. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

type Bind = (args: Readonly<Record<string, Value | undefined>>) => Value;

function binder(parameter: unknown): Bind {
  if (parameter instanceof Placeholder) {
    const { name } = parameter;
    return (args) => {
      const value = args[name];
      if (typeof value === 'string')
        return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
      if (typeof value === 'number' || value === null) return value;
      throw new Defect(`Argument ${name} of a query is ${typeof value}`);
    };
  }
  return () => parameter as Value;
}

function storageError(cause: unknown): OutsideError {
  return new OutsideError('storage', `The store failed: ${messageOf(cause)}`, {
    retryable: true,
    cause,
  });
}

class PreparedStatement<A, R> implements Statement<A, R> {
  readonly #file: SqliteFile;
  readonly #text: string;
  readonly #binds: readonly Bind[];
  #statement: Database.Statement | undefined;

  constructor(file: SqliteFile, text: string, parameters: readonly unknown[]) {
    this.#file = file;
    this.#text = text;
    this.#binds = parameters.map(binder);
    this.#statement = file.raw(text);
  }

  get(args: A): R | undefined {
    return this.#do(args, (statement, values) => statement.get(values)) as R | undefined;
  }

  all(args: A): R[] {
    return this.#do(args, (statement, values) => statement.all(values)) as R[];
  }

  run(args: A): number {
    return this.#do(args, (statement, values) => statement.run(values).changes);
  }

  #do<T>(args: A, act: (statement: Database.Statement, values: Value[]) => T): T {
    const values = this.#binds.map((bind) => bind(args as Readonly<Record<string, Value>>));
    this.#file.mustBeOpen();
    try {
      this.#statement ??= this.#file.raw(this.#text);
      return act(this.#statement, values);
    } catch (cause) {
      // libsql answers every later run of a statement that failed with the same failure.
      this.#statement = undefined;
      throw storageError(cause);
    }
  }
}

/** A SQLite file with this project's tables. Everything but the opening is synchronous. */
export class SqliteFile implements GroupTransaction {
  readonly #db: Database.Database;
  readonly #sql: Queries<Schema>;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  #open = true;

  private constructor(db: Database.Database, sql: Queries<Schema>) {
    this.#db = db;
    this.#sql = sql;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
  }

  /**
   * Opens or makes the file and brings its tables up to date.
   * @throws ConfigError when the file can't be opened or was written by a newer version
   */
  static async open(file: string): Promise<SqliteFile> {
    try {
      const db = new Database(file);
      chmodSync(file, 0o600);
      db.exec('PRAGMA busy_timeout = 5000');
      db.exec('PRAGMA journal_mode = WAL');
      db.exec('PRAGMA synchronous = FULL');
      db.exec('PRAGMA foreign_keys = ON');
      const sql = new Kysely<Schema>({ dialect: new SqliteDialect({ database: db }) });
      const { error } = await new Migrator({
        db: sql,
        provider: { getMigrations: () => Promise.resolve(migrations('integer')) },
      }).migrateToLatest();
      if (error !== undefined) throw storageError(error);
      return new SqliteFile(db, sql);
    } catch (cause) {
      throw Object.assign(
        new ConfigError([
          { name: 'DATA_DIR', fault: `${file} can't be opened: ${messageOf(cause)}` },
        ]),
        { cause },
      );
    }
  }

  /**
   * Compiles a query. Its arguments are the properties that `build` reads of `p`:
   * `file.prepare((sql, p: { key: string }) => sql.selectFrom('session').where('key', '=', p.key)…)`.
   */
  prepare<A extends object, R>(
    build: (sql: Queries<Schema>, p: A) => Compilable<R>,
  ): Statement<A, R> {
    const placeholders = new Proxy({}, { get: (_, name) => new Placeholder(String(name)) }) as A;
    const { sql, parameters } = build(this.#sql, placeholders).compile();
    return new PreparedStatement<A, R>(this, sql, parameters);
  }

  /** A statement of libsql itself. */
  raw(text: string): Database.Statement {
    return this.#db.prepare(text);
  }

  /** @throws Defect after {@link close}: libsql itself would go on writing */
  mustBeOpen(): void {
    if (!this.#open) throw new Defect('The store was used after it was closed');
  }

  begin(): void {
    this.mustBeOpen();
    this.#storing(() => this.#begin.run());
  }

  commit(): void {
    this.#storing(() => this.#commit.run());
  }

  rollback(): void {
    if (this.#db.inTransaction) this.#storing(() => this.#db.exec('ROLLBACK'));
  }

  nested<T>(work: () => T): T {
    // The engine ends the transaction by itself at a full disk; a savepoint would then open another.
    if (!this.#db.inTransaction) throw storageError('the transaction was undone by the engine');
    this.#storing(() => this.#db.exec('SAVEPOINT one'));
    try {
      const result = work();
      this.#storing(() => this.#db.exec('RELEASE one'));
      return result;
    } catch (error) {
      this.#storing(() => this.#db.exec('ROLLBACK TO one; RELEASE one'));
      throw error;
    }
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
    this.#db.close();
  }

  #storing(act: () => unknown): void {
    try {
      act();
    } catch (cause) {
      throw storageError(cause);
    }
  }
}
