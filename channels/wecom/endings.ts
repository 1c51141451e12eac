import { conversationKey, type Accepted } from '../../src/channel/channel.ts';
import { messageOf } from '../../src/errors.ts';
import type { Inbound } from '../../src/message.ts';
import { ratingBody } from './handoff.ts';
import type { Kf } from './kf.ts';
import { eventMessageId, type Sender } from './send.ts';

/** How long the bot's own last words may take, in ms: they and the question go out as one. */
const TURN_MS = 8000;
const STEP_MS = 250;
const DELIVERY_MS = 1500;
const MAX_WATCHED = 1000;

/** Asks how a person's service was where the bot says nothing at its end. */
export interface Endings {
  watch(inbounds: readonly Inbound[], accepted: readonly Accepted[]): void;
  /** Asks nobody any more, and resolves when nobody is being asked. */
  stop(): Promise<void>;
}

/** @param wait waits, in ms, not longer than until the channel is stopped */
export function createEndings(
  kf: Kf,
  sender: Sender,
  wait: (ms: number) => Promise<void>,
): Endings {
  const asking = new Set<Promise<void>>();
  let stopped = false;

  async function ask({ id, address }: Inbound): Promise<void> {
    const { conversation } = address;
    if (!(await kf.codes.has(conversation, 'end'))) return;
    for (let waited = 0; waited < TURN_MS && !stopped; waited += STEP_MS) {
      if (await kf.context.turnEnded(conversationKey(address), id, STEP_MS)) break;
    }
    await wait(DELIVERY_MS);
    if (stopped) return;
    const code = await kf.codes.take(conversation, 'end', id);
    if (code === undefined) return;
    const body = ratingBody(kf, '', kf.account.lang);
    await sender.sendOnEvent(code.code, body, eventMessageId(code.event));
  }

  return {
    watch: (inbounds, accepted) => {
      inbounds.forEach((inbound, i) => {
        const { content } = inbound;
        const closes = content.kind === 'agent' && content.action === 'close';
        if (!closes || accepted[i]?.seen === true || asking.size >= MAX_WATCHED) return;
        const one = ask(inbound)
          .catch((error: unknown) => {
            const what = { account: kf.account.name, error: messageOf(error) };
            kf.context.logger.warn(what, 'the question how it was could not be asked');
          })
          .finally(() => asking.delete(one));
        asking.add(one);
      });
    },
    stop: async () => {
      stopped = true;
      await Promise.all(asking);
    },
  };
}
