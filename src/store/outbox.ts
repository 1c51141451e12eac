import { createHash } from 'node:crypto';
import { Defect, messageOf, RequestError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { GroupCommit } from './group-commit.ts';
import { KeyRounds } from './key-rounds.ts';
import { lineOf, type LineLog } from './line-log.ts';
import { outboxStatements } from './outbox-rows.ts';
import { ReplyDelivery } from './reply-delivery.ts';
import type { SqliteFile } from './sqlite.ts';
import type { Clock, Delivery, Outbox, Worker } from './store.ts';

const DELIVERIES_AT_ONCE = 64;

/** 32 hexadecimal digits: the most that every provider with such a key takes. */
function idempotencyKey(conversation: string, seq: number): string {
  return createHash('sha256').update(`${conversation}:${seq}`).digest('hex').slice(0, 32);
}

/**
 * The outbox of one process. Rows stay in the file; memory holds the conversations that have some,
 * up to a limit, and reads more of them from the file when those are through.
 */
export class EmbeddedOutbox implements Outbox {
  readonly #group: GroupCommit;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #log: LineLog;
  readonly #limit: number;
  readonly #sql: ReturnType<typeof outboxStatements>;
  readonly #rounds: KeyRounds;
  #handle: ((delivery: Delivery) => Promise<void>) | undefined;
  #more = false;

  /** @param limit conversations held in memory */
  constructor(
    parts: { file: SqliteFile; group: GroupCommit; clock: Clock; logger: Logger; log: LineLog },
    limit: number,
  ) {
    this.#group = parts.group;
    this.#clock = parts.clock;
    this.#logger = parts.logger;
    this.#log = parts.log;
    this.#limit = limit;
    this.#sql = outboxStatements(parts.file);
    this.#rounds = new KeyRounds({
      clock: parts.clock,
      logger: parts.logger,
      run: (key) => this.#run(key),
    });
    this.#fill();
  }

  /** Part of a transaction: replies that were being sent when the process before this one ended. */
  setInterruptedAside(): number {
    const error = 'the process ended while this was being sent';
    return this.#sql.interrupted.run({ error, at: this.#clock.now() });
  }

  work(
    handle: (delivery: Delivery) => Promise<void>,
    options: { concurrency?: number } = {},
  ): Worker {
    const worker = this.#rounds.start(options.concurrency ?? DELIVERIES_AT_ONCE);
    this.#handle = handle;
    return worker;
  }

  /** Begins nothing more. @returns whether nothing was in hand */
  halt(): boolean {
    return this.#rounds.halt();
  }

  /** @throws RequestError 404 without such a reply, 409 when it is neither dead nor unknown */
  resend(id: number): Promise<void> {
    let conversation = '';
    return this.#group.run(
      () => {
        const row = this.#sql.find.get({ id });
        if (row === undefined) throw new RequestError(404, 'NotFound', `There is no reply ${id}`);
        conversation = row.conversation;
        if (this.#sql.resend.run({ id, at: this.#clock.now() }) === 0) {
          throw new RequestError(409, 'Conflict', `Reply ${id} is ${row.state}`);
        }
      },
      () => this.wake(conversation),
    );
  }

  /** Part of a transaction. */
  append(conversation: string, seq: number, user: string): void {
    this.#sql.insert.run({ conversation, seq, user, at: this.#clock.now() });
  }

  /** After the commit of {@link append}. */
  wake(conversation: string): void {
    if (this.#rounds.has(conversation) || this.#rounds.size < this.#limit) {
      this.#rounds.add(conversation);
    } else {
      this.#more = true;
    }
  }

  #fill(): void {
    const waiting = this.#sql.waiting.all({ limit: this.#limit });
    this.#more = waiting.length === this.#limit;
    for (const { conversation } of waiting) this.#rounds.add(conversation);
  }

  async #run(conversation: string): Promise<number | undefined> {
    const row = this.#sql.head.get({ conversation });
    if (row === undefined) {
      // This conversation is still among them.
      if (this.#more && (this.#rounds.size - 1) * 2 <= this.#limit) this.#fill();
      return undefined;
    }
    if (row.not_before > this.#clock.now()) return row.not_before;
    const { id, seq, attempts } = row;
    const line = this.#log.find(conversation, seq);
    if (line === undefined) throw new Defect(`Line ${seq} of ${conversation} is missing`);
    await this.#group.run(() => this.#sql.sending.run({ id, at: this.#clock.now() }));
    const delivery = new ReplyDelivery({
      id,
      address: {
        channel: row.channel,
        account: row.account,
        conversation: row.conversation_id,
        user: row.user_id,
      },
      line: lineOf(line),
      idempotencyKey: idempotencyKey(conversation, seq),
      attempts,
      settle: (end) =>
        this.#group.run(() => {
          this.#sql.settle.run({ id, at: this.#clock.now(), ...end });
        }),
    });
    await this.#deliver(delivery, conversation);
    return delivery.retryAt ?? 0;
  }

  async #deliver(delivery: ReplyDelivery, conversation: string): Promise<void> {
    let error = 'The handler ended without saying what became of the reply';
    try {
      await this.#handle?.(delivery);
    } catch (thrown) {
      error = messageOf(thrown);
    }
    if (await delivery.settled()) return;
    this.#logger.error({ conversation, id: delivery.id, error }, 'a delivery was not ended');
    await delivery.unknown(error);
  }
}
