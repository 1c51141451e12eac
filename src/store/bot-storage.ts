import type { Storage, StoreItem, StoreItems } from 'botbuilder-core';
import { StateConflict } from '../errors.ts';
import type { BotStateRows, Json, JsonObject } from './store.ts';

/** An eTag of ours is a version in digits; anything else can't be the one stored. */
function versionOf(key: string, eTag: unknown): number | '*' {
  if (eTag === undefined || eTag === null || eTag === '' || eTag === '*') return '*';
  if (typeof eTag !== 'string' || !/^\d{1,16}$/.test(eTag)) throw new StateConflict(key);
  return Number(eTag);
}

function valueOf(item: StoreItem): JsonObject {
  const value: Record<string, Json> = { ...item };
  delete value.eTag;
  return value;
}

/**
 * Bot Framework's `Storage` over this store. Give it to `ConversationState` or `UserState` of dialogs
 * that are dropped in. Every read is a fresh copy. An item's `eTag` guards its write; absent, empty
 * or `*` it writes whatever is there now, as Bot Framework's own storages do.
 *
 * Trap: `BotState.saveChanges` always writes with `*`, so only the engine's one turn at a time for
 * each conversation keeps two turns apart.
 */
export class BotStorage implements Storage {
  readonly #rows: BotStateRows;

  constructor(rows: BotStateRows) {
    this.#rows = rows;
  }

  /** @throws ReferenceError without keys: what Bot Framework's own storages throw */
  async read(keys: string[]): Promise<StoreItems> {
    if (!(keys as unknown)) throw new ReferenceError('Keys are required when reading.');
    const rows = await this.#rows.read(keys);
    return Object.fromEntries(
      Object.entries(rows).map(([key, row]) => [key, { ...row.value, eTag: String(row.version) }]),
    );
  }

  /**
   * Writes all of `changes` or nothing.
   * @throws ReferenceError without changes
   * @throws StateConflict when an eTag is not the one stored
   */
  async write(changes: StoreItems): Promise<void> {
    if (!(changes as unknown)) throw new ReferenceError('Changes are required when writing.');
    const entries = Object.entries<StoreItem>(changes);
    if (entries.length === 0) return;
    await this.#rows.write(
      Object.fromEntries(
        entries.map(([key, item]) => [
          key,
          { value: valueOf(item), version: versionOf(key, item.eTag) },
        ]),
      ),
    );
  }

  async delete(keys: string[]): Promise<void> {
    if (keys.length > 0) await this.#rows.delete(keys);
  }
}
