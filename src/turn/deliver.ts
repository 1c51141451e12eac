/** Stage "deliver": calls the channel for the replies of the outbox, within bounded tries. */
import type { Capabilities, OpenChannel, Outgoing, OutLine } from '../channel/channel.ts';
import { messageOf, OutsideError, YingdaError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Clock, Delivery, Store, Worker } from '../store/store.ts';

/** Waits between tries, in ms, before jitter; after the last one the reply is dead until re-sent. */
const WAITS = [1000, 5000, 30_000, 120_000, 600_000];
/** One call of `deliver`, in ms. */
const ONE_MS = 15_000;
/** One call of `deliverAll`, in ms. */
const ALL_MS = 60_000;

/** Where replies that were not delivered are counted. */
export interface DeliveryMetrics {
  /** @param reason code of the error */
  undelivered(channel: string, reason: string): void;
}

/** What delivering stands on. */
export interface DeliveryParts {
  readonly store: Pick<Store, 'outbox'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The channels that are on, by name. */
  readonly open: ReadonlyMap<string, OpenChannel>;
  /** What each of them takes at once. */
  readonly channels: ReadonlyMap<string, { readonly capabilities: Capabilities }>;
  readonly metrics?: DeliveryMetrics;
}

/** Delivers for as long as the process lives. */
export function startDelivery(parts: DeliveryParts): Worker {
  const batch = (name: string): number =>
    parts.open.get(name)?.deliverAll === undefined
      ? 1
      : (parts.channels.get(name)?.capabilities.batch ?? 1);
  return parts.store.outbox.work((deliveries) => new Round(parts, deliveries).run(), { batch });
}

type Known = Delivery & { readonly line: OutLine };

/** The replies of one conversation that are due. */
class Round {
  readonly #parts: DeliveryParts;
  readonly #deliveries: readonly Delivery[];
  /** Those that were ended, or are being ended. */
  readonly #ended = new Set<Delivery>();
  /** Those whose end could not be written. */
  readonly #unmarked = new Set<Delivery>();

  constructor(parts: DeliveryParts, deliveries: readonly Delivery[]) {
    this.#parts = parts;
    this.#deliveries = deliveries;
  }

  async run(): Promise<void> {
    const replies = this.#deliveries.filter(isReply);
    const [first] = replies;
    if (first === undefined) return;
    const { channel: name } = first.address;
    const channel = this.#parts.open.get(name);
    if (channel?.deliver === undefined && channel?.deliverAll === undefined) {
      const off = new OutsideError('channel-off', `channel ${name} is not on`, {
        retryable: false,
      });
      return this.#failLeft(off);
    }
    try {
      if (channel.deliverAll !== undefined) {
        const outgoing = replies.map((reply) => this.#outgoing(reply));
        await inTime(channel.deliverAll(outgoing, first.address), ALL_MS);
        if (this.#ended.size > 0) return await this.#markUnmarked();
        throw new OutsideError('unsaid', 'the channel did not say what became of the reply', {
          retryable: false,
          unknownOutcome: true,
        });
      }
      for (const reply of replies) await this.#one(channel, reply);
    } catch (error) {
      await this.#failLeft(error);
    }
  }

  async #one(channel: OpenChannel, reply: Known): Promise<void> {
    const { line, address, idempotencyKey } = reply;
    const call = channel.deliver?.(line, address, idempotencyKey);
    await this.#sent(reply, await inTime(call ?? Promise.resolve(undefined), ONE_MS));
  }

  #outgoing(reply: Known): Outgoing {
    const { line, idempotencyKey, attempts } = reply;
    return {
      line,
      idempotencyKey,
      attempts,
      sent: (id) => this.#sent(reply, id),
      failed: (error) => this.#failed(reply, error, Math.random()),
    };
  }

  #sent(delivery: Delivery, id?: string): Promise<void> {
    return this.#end(delivery, () => delivery.sent(id));
  }

  async #end(delivery: Delivery, mark: () => Promise<void>): Promise<void> {
    this.#ended.add(delivery);
    try {
      await mark();
    } catch (error) {
      this.#unmarked.add(delivery);
      throw error;
    }
  }

  /** What is left of them after an error. They get the same time, so that they stay together. */
  async #failLeft(error: unknown): Promise<void> {
    const left = this.#deliveries.filter((delivery) => !this.#ended.has(delivery));
    // Several may have gone out as one, of which the first could not be marked.
    const known = this.#unmarked.size === 0 ? error : unmarked(error);
    const jitter = Math.random();
    const now = this.#parts.clock.now();
    for (const delivery of left) await this.#failed(delivery, known, jitter, now);
    await this.#markUnmarked();
  }

  async #markUnmarked(): Promise<void> {
    for (const delivery of this.#unmarked) {
      const error = unmarked(undefined);
      this.#tell(delivery, 'unknown', error);
      await delivery.unknown(error.message);
    }
  }

  /** Only what the provider surely has not got is sent again; what it may have is left to an operator. */
  async #failed(
    delivery: Delivery,
    error: unknown,
    jitter: number,
    now = this.#parts.clock.now(),
  ): Promise<void> {
    const { logger } = this.#parts;
    if (!(error instanceof OutsideError) || error.unknownOutcome) {
      return this.#set(delivery, 'unknown', error);
    }
    const wait = WAITS[delivery.attempts];
    if (wait === undefined || !error.retryable) return this.#set(delivery, 'dead', error);
    const { id: outbox, attempts: tries } = delivery;
    logger.info({ outbox, tries, reason: error.code, error: error.message }, 'tried again later');
    const at = now + wait * (1 + jitter * 0.3);
    return this.#end(delivery, () => delivery.retry(at, error.message));
  }

  #set(delivery: Delivery, state: 'unknown' | 'dead', error: unknown): Promise<void> {
    this.#tell(delivery, state, error);
    return this.#end(delivery, () => delivery[state](messageOf(error)));
  }

  #tell(delivery: Delivery, state: 'unknown' | 'dead', error: unknown): void {
    const { logger, metrics } = this.#parts;
    const { channel } = delivery.address;
    const reason = error instanceof YingdaError ? error.code : 'unexpected';
    const { id: outbox, attempts: tries } = delivery;
    const what = { channel, outbox, tries, state, reason, error: messageOf(error) };
    logger.warn(what, 'not delivered');
    metrics?.undelivered(channel, reason);
  }
}

function isReply(delivery: Delivery): delivery is Known {
  return delivery.line.kind === 'out';
}

function unmarked(cause: unknown): OutsideError {
  return new OutsideError('not-marked', 'what became of it could not be written', {
    retryable: false,
    unknownOutcome: true,
    cause,
  });
}

async function inTime<T>(call: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new OutsideError('delivery-timeout', `no answer in ${ms} ms`, {
          retryable: false,
          unknownOutcome: true,
        }),
      );
    }, ms);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
