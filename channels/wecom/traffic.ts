import { Lru } from '../../src/channel/lru.ts';

/** Sends whose time is remembered for each conversation. */
const MAX_SENDS = 5;
const MAX_KEPT = 10_000;
/** WeCom tells the time of a message in whole seconds: what went out in the same one may have been before it. */
const SECOND = 1000;

/** What went to and fro in each conversation of one account, since the process began. Pure memory. */
export interface Traffic {
  /**
   * The customer wrote this.
   * @param at when, in ms, by WeCom
   * @returns how many messages of ours went out after it, before it was pulled: WeCom counts them on it
   */
  wrote(conversation: string, id: string, at: number): number;
  /** A message of ours went out. */
  sent(conversation: string, at: number): void;
  /** Changes with every message of the customer. */
  round(conversation: string): number;
  /** Whether the newest message of the customer is still to be answered after replies to these. */
  waits(conversation: string, answered: readonly string[]): boolean;
}

interface Known {
  readonly round: number;
  readonly newest?: string;
  readonly sends: readonly number[];
}

const NOTHING: Known = { round: 0, sends: [] };

/** Begins with nothing known. */
export function createTraffic(): Traffic {
  const all = new Lru<Known>(MAX_KEPT);
  const of = (conversation: string): Known => all.get(conversation) ?? NOTHING;
  return {
    wrote: (conversation, newest, at) => {
      const { round, sends } = of(conversation);
      all.set(conversation, { round: round + 1, newest, sends: [] });
      return sends.filter((time) => time >= at + SECOND).length;
    },
    sent: (conversation, at) => {
      const known = of(conversation);
      all.set(conversation, { ...known, sends: [...known.sends, at].slice(-MAX_SENDS) });
    },
    round: (conversation) => of(conversation).round,
    waits: (conversation, answered) => {
      const { newest, ...rest } = of(conversation);
      if (newest === undefined) return false;
      if (!answered.includes(newest)) return true;
      all.set(conversation, rest);
      return false;
    },
  };
}
