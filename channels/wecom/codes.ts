import type { ChannelState, JsonObject } from '../../src/channel/channel.ts';
import { Lru } from '../../src/channel/lru.ts';

/** What a code of an event is for. */
export type CodeKind = 'welcome' | 'end';

/** A code that allows one message. */
export interface Code {
  readonly code: string;
  /** `msgid` of the event that brought it. */
  readonly event: string;
}

/**
 * Codes that allow one message each within 20 s of an event
 * (https://developer.work.weixin.qq.com/document/path/95122), on disk until they are used.
 */
export interface Codes {
  put(conversation: string, kind: CodeKind, code: Code, at: number): Promise<void>;
  /** The fresh code of an event, which is used up by this; without `event` that of any. */
  take(conversation: string, kind: CodeKind, event?: string): Promise<Code | undefined>;
  /** Whether a fresh one of an event is there; without `event` that of any. */
  has(conversation: string, kind: CodeKind, event?: string): Promise<boolean>;
}

const LASTS_MS = 20_000;

/** Opens the codes of one account. */
export function createCodes(parts: {
  readonly state: ChannelState;
  readonly clock: { now(): number };
  readonly account: string;
}): Codes {
  const { state, clock, account } = parts;
  /** A second caller, who read the code before it was deleted, must not use it too. */
  const taken = new Lru<true>(1000);
  const keyOf = (conversation: string, kind: CodeKind): string =>
    `${kind}-code:${account}:${conversation}`;

  async function fresh(key: string): Promise<Code | undefined> {
    const kept = (await state.get(key)) as JsonObject | undefined;
    if (kept === undefined || Number(kept.until) < clock.now()) return undefined;
    const { code, event } = kept;
    if (typeof code !== 'string' || typeof event !== 'string') return undefined;
    return taken.get(code) ? undefined : { code, event };
  }

  return {
    put: (conversation, kind, { code, event }, at) =>
      state.set(keyOf(conversation, kind), { code, event, until: at + LASTS_MS }),
    has: async (conversation, kind, event) => {
      const code = await fresh(keyOf(conversation, kind));
      return code !== undefined && (event === undefined || code.event === event);
    },
    take: async (conversation, kind, event) => {
      const key = keyOf(conversation, kind);
      const code = await fresh(key);
      if (code === undefined || (event !== undefined && code.event !== event)) return undefined;
      if (taken.get(code.code)) return undefined;
      taken.set(code.code, true);
      await state.delete(key);
      return code;
    },
  };
}
