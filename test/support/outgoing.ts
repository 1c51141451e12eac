/** Replies on their way to a channel, with what the channel says became of them. */
import type { Outgoing, OutLine } from '../../src/channel/channel.ts';
import type { OutsideError } from '../../src/errors.ts';
import type { Reply } from '../../src/message.ts';

/** What became of a reply; `nothing` where the channel did not say. */
export type Settled =
  | { readonly state: 'sent'; readonly id?: string }
  | { readonly state: 'failed'; readonly error: OutsideError }
  | { readonly state: 'nothing' };

/** A reply that can be given to `deliverAll`. */
export interface Watched {
  readonly outgoing: Outgoing;
  /** @throws where the channel said it more than once */
  settled(): Settled;
}

/**
 * Makes one.
 * @param inbound id of the message that it answers
 */
export function watched(
  reply: Reply,
  { inbound = 'm1', seq = 2, to = 1 }: { inbound?: string; seq?: number; to?: number } = {},
): Watched {
  const said: Settled[] = [];
  const line: OutLine = { kind: 'out', seq, at: 0, inbound, to, reply };
  const settle = (settled: Settled): Promise<void> => {
    said.push(settled);
    return Promise.resolve();
  };
  return {
    outgoing: {
      line,
      idempotencyKey: seq.toString(16).padStart(32, '0'),
      attempts: 0,
      sent: (id) => settle({ state: 'sent', ...(id === undefined ? {} : { id }) }),
      failed: (error) => settle({ state: 'failed', error }),
    },
    settled: () => {
      if (said.length > 1) throw new Error(`said ${said.length} times what became of a reply`);
      return said[0] ?? { state: 'nothing' };
    },
  };
}
