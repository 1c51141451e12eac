import { conversationKey, type JsonObject } from '../../src/channel/channel.ts';
import type { Outgoing } from '../../src/channel/channel.ts';
import type { Kf } from './kf.ts';
import { Lru } from '../../src/channel/lru.ts';
import type { Density } from './render.ts';

/** How a group of replies goes out: decided and paid for once, whatever happens to its sending. */
export interface Plan {
  readonly density: Density;
  /** Messages that were paid for. */
  most: number;
  /** The customer's message that paid, as `Traffic.round` tells it. */
  readonly round: number;
}

/**
 * Plans of groups in hand. They are on disk before the first message of a group goes out: a process
 * that begins after this one ended puts the interrupted replies back in the queue and sends them in
 * the same form under the same `msgid`s, so that WeCom refuses what it has already.
 */
export interface Plans {
  /** By the first of the replies. */
  find(replies: readonly Outgoing[]): Plan | undefined;
  /** On disk when it resolves. @returns what is to be called when the group is not in hand any more */
  keep(conversation: string, replies: readonly Outgoing[], plan: Plan): Promise<() => void>;
  done(replies: readonly Outgoing[]): void;
  /** Puts back what an earlier process was sending. @returns how many replies */
  resume(): Promise<number>;
}

/** Groups in hand at once that can be resumed. */
const SLOTS = 256;
const MAX_KEPT = 10_000;

/** Opens the plans of one account. */
export function createPlans(kf: Kf): Plans {
  const { state } = kf.context;
  const plans = new Lru<Plan>(MAX_KEPT);
  const busy = new Set<number>();
  const slotKey = (slot: number): string => `sending:${kf.account.name}:${slot}`;

  return {
    find: ([first]) => (first ? plans.get(first.idempotencyKey) : undefined),
    keep: async (conversation, replies, plan) => {
      const keys = replies.map((reply) => reply.idempotencyKey);
      for (const key of keys) plans.set(key, plan);
      let slot = 0;
      while (busy.has(slot)) slot += 1;
      if (slot >= SLOTS) return () => undefined;
      busy.add(slot);
      const inbounds = [...new Set(replies.map((reply) => reply.line.inbound))];
      const { density, most } = plan;
      await state.set(slotKey(slot), { conversation, inbounds, keys, density, most });
      return () => busy.delete(slot);
    },
    done: (replies) => {
      for (const { idempotencyKey } of replies) plans.delete(idempotencyKey);
    },
    resume: async () => {
      let count = 0;
      for (let slot = 0; slot < SLOTS; slot += 1) {
        const kept = (await state.get(slotKey(slot))) as JsonObject | undefined;
        if (kept === undefined) break;
        const { conversation, inbounds, keys, density, most } = kept;
        if (typeof conversation !== 'string' || !Array.isArray(inbounds)) continue;
        const plan: Plan = {
          density: Number(density) as Density,
          most: Number(most),
          round: kf.traffic.round(conversation),
        };
        for (const key of Array.isArray(keys) ? keys : []) plans.set(String(key), plan);
        const key = conversationKey(kf.address(conversation, ''));
        for (const inbound of inbounds) count += await kf.context.resume(key, String(inbound));
      }
      return count;
    },
  };
}
