import { createHash } from 'node:crypto';
import type { ChannelState, Clock } from '../../store/store.ts';

/** WeChat and WeCom keep uploads for 3 days; one that is about to go is not used any more. In ms. */
const KEPT_MS = (3 * 24 - 1) * 3_600_000;

/** Media ids of what was uploaded, by its address. */
export interface Uploads {
  /** @returns `undefined` where it was not uploaded in the last 3 days */
  find(address: string): Promise<string | undefined>;
  keep(address: string, mediaId: string): Promise<void>;
  /** The provider does not know it any more. */
  forget(address: string): Promise<void>;
}

/** Opens the uploads of one account. Keys: `media:<account>:<hash of the address>`. */
export function createUploads(parts: {
  readonly state: ChannelState;
  readonly clock: Clock;
  readonly account: string;
}): Uploads {
  const { state, clock, account } = parts;
  const keyOf = (address: string): string =>
    `media:${account}:${createHash('sha256').update(address).digest('hex').slice(0, 32)}`;
  return {
    async find(address) {
      const kept = (await state.get(keyOf(address))) as
        { readonly id?: unknown; readonly until?: unknown } | undefined;
      return typeof kept?.id === 'string' && Number(kept.until) > clock.now() ? kept.id : undefined;
    },
    keep: (address, id) => state.set(keyOf(address), { id, until: clock.now() + KEPT_MS }),
    forget: (address) => state.delete(keyOf(address)),
  };
}
