/** Stage "deliver": calls the channel for each reply of the outbox, within bounded tries. */
import type { OpenChannel } from '../channel/channel.ts';
import { messageOf, OutsideError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Clock, Delivery, Store, Worker } from '../store/store.ts';

/** Waits between tries, in ms, before jitter; after the last one the reply is dead until re-sent. */
const WAITS = [1000, 5000, 30_000, 120_000, 600_000];
/** One call of a channel, in ms. */
const TIMEOUT_MS = 15_000;

/** Delivers for as long as the process lives. */
export function startDelivery(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly open: ReadonlyMap<string, OpenChannel>;
}): Worker {
  return parts.store.outbox.work(async (delivery) => {
    const channel = parts.open.get(delivery.address.channel);
    if (channel?.deliver === undefined) {
      await delivery.dead(`channel ${delivery.address.channel} is not on`);
      return;
    }
    if (delivery.line.kind !== 'out') {
      await delivery.dead('not a reply');
      return;
    }
    let id: string | undefined;
    try {
      id = await inTime(channel.deliver(delivery.line, delivery.address, delivery.idempotencyKey));
    } catch (error) {
      parts.logger.warn({ error, outbox: delivery.id, tries: delivery.attempts }, 'not delivered');
      return afterFailure(delivery, error, parts.clock.now());
    }
    await delivery.sent(id);
  });
}

/** Only what the provider surely has not got is sent again; what it may have is left to an operator. */
async function afterFailure(delivery: Delivery, error: unknown, now: number): Promise<void> {
  const why = messageOf(error);
  if (!(error instanceof OutsideError) || error.unknownOutcome) return delivery.unknown(why);
  const wait = WAITS[delivery.attempts];
  if (wait === undefined || !error.retryable) return delivery.dead(why);
  return delivery.retry(now + wait * (1 + Math.random() * 0.3), why);
}

async function inTime<T>(call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new OutsideError('delivery-timeout', `no answer in ${TIMEOUT_MS} ms`, {
          retryable: false,
          unknownOutcome: true,
        }),
      );
    }, TIMEOUT_MS);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
