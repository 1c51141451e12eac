/** Every migration in the order it was written. One that has been released is never edited. */
import type { Migration } from 'kysely';
import { firstTables, type IdentityType } from './0001-first-tables.ts';
import { labelPairs } from './0002-label-pairs.ts';
import { channelState } from './0003-channel-state.ts';

/** @param identity column type of the engine for ids that it counts up by itself */
export function migrations(identity: IdentityType): Record<string, Migration> {
  return {
    '0001-first-tables': firstTables(identity),
    '0002-label-pairs': labelPairs(identity),
    '0003-channel-state': channelState(),
  };
}
