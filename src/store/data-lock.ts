import Database from 'libsql';
import { join } from 'node:path';
import { ConfigError, messageOf } from '../errors.ts';

/**
 * Keeps a second process out of a data folder. The operating system holds the lock and drops it
 * when the process ends, however it ends, so no stale lock can stop a restart.
 */
export class DataLock {
  readonly #held: Database.Database;

  /** @throws ConfigError when another store, of this or another process, is open on the folder */
  constructor(dataDir: string) {
    let held: Database.Database | undefined;
    try {
      held = new Database(join(dataDir, 'yingda.lock'));
      held.exec('PRAGMA busy_timeout = 500');
      held.exec('BEGIN EXCLUSIVE');
      this.#held = held;
    } catch (cause) {
      held?.close();
      const taken = cause instanceof Database.SqliteError && cause.code === 'SQLITE_BUSY';
      const fault = taken
        ? `${dataDir} is in use by another running process; stop that one or use another folder`
        : `${dataDir} can't be locked: ${messageOf(cause)}`;
      throw Object.assign(new ConfigError([{ name: 'DATA_DIR', fault }]), { cause });
    }
  }

  release(): void {
    this.#held.close();
  }
}
