/** Who owns a conversation: the bot, the queue, or one person. A table, and nothing else decides it. */

/** Absent while the bot owns the conversation. */
export type Handoff =
  | {
      readonly owner: 'queue';
      readonly since: number;
      readonly reason: string;
      /** The customer was told that the message was passed on. */
      readonly told?: boolean;
    }
  | {
      readonly owner: 'agent';
      readonly since: number;
      readonly agent: string;
      readonly lastAt: number;
    };

/** What can happen to the ownership. */
export type HandoffEvent =
  | { readonly kind: 'request'; readonly reason: string }
  | { readonly kind: 'agent-writes'; readonly agent: string }
  | { readonly kind: 'agent-closes' }
  | { readonly kind: 'withdraw' }
  /** Time has passed; sent before anything else of a turn. */
  | { readonly kind: 'tick' };

/** After this long without a word of the person, the bot takes the conversation back. */
export const AGENT_IDLE_MS = 30 * 60_000;

/** The owner after an event. A request while somebody owns it already, or a late close, changes nothing. */
export function nextOwner(
  now: number,
  current: Handoff | undefined,
  event: HandoffEvent,
): Handoff | undefined {
  switch (event.kind) {
    case 'request':
      return current ?? { owner: 'queue', since: now, reason: event.reason };
    case 'agent-writes':
      return {
        owner: 'agent',
        since: current?.owner === 'agent' ? current.since : now,
        agent: event.agent,
        lastAt: now,
      };
    case 'agent-closes':
      return undefined;
    case 'withdraw':
      return current?.owner === 'queue' ? undefined : current;
    case 'tick':
      return current?.owner === 'agent' && now - current.lastAt >= AGENT_IDLE_MS
        ? undefined
        : current;
  }
}
