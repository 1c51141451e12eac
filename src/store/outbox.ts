import { createHash } from 'node:crypto';
import { Defect, messageOf, RequestError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Address, Reply } from '../message.ts';
import type { GroupCommit } from './group-commit.ts';
import { KeyRounds } from './key-rounds.ts';
import { lineOf, type LineLog } from './line-log.ts';
import { outboxStatements } from './outbox-rows.ts';
import { ReplyDelivery } from './reply-delivery.ts';
import type { SqliteFile } from './sqlite.ts';
import type { Clock, Delivery, Outbox, Undelivered, Worker } from './store.ts';

const DELIVERIES_AT_ONCE = 256;
/** Why a reply is unknown whose sending the end of a process interrupted. */
const INTERRUPTED = 'the process ended while this was being sent';

interface PendingRow {
  readonly id: number;
  readonly seq: number;
  readonly attempts: number;
  readonly channel: string;
  readonly account: string;
  readonly conversation_id: string;
  readonly user_id: string;
}

function addressOf(row: Omit<PendingRow, 'id' | 'seq' | 'attempts'>): Address {
  const { channel, account, conversation_id: conversation, user_id: user } = row;
  return { channel, account, conversation, user };
}

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
  #handle: ((deliveries: readonly Delivery[]) => Promise<void>) | undefined;
  #batch: (channel: string) => number = () => 1;
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
    return this.#sql.interrupted.run({ error: INTERRUPTED, at: this.#clock.now() });
  }

  work(
    handle: (deliveries: readonly Delivery[]) => Promise<void>,
    options: { concurrency?: number; batch?: (channel: string) => number } = {},
  ): Worker {
    const worker = this.#rounds.start(options.concurrency ?? DELIVERIES_AT_ONCE);
    this.#handle = handle;
    this.#batch = options.batch ?? (() => 1);
    return worker;
  }

  resume(conversation: string, inbound: string): Promise<number> {
    return this.#group.run(
      () =>
        this.#sql.resume.run({
          conversation,
          inbound,
          error: INTERRUPTED,
          at: this.#clock.now(),
        }),
      (rows) => {
        if (rows > 0) this.wake(conversation, { early: true });
      },
    );
  }

  undelivered(limit = 100): Promise<readonly Undelivered[]> {
    const of = (state: 'dead' | 'unknown') =>
      this.#sql[state].all({ limit }).map((row): Undelivered => ({
        id: row.id,
        address: addressOf(row),
        reply: JSON.parse(row.body) as Reply,
        state,
        error: row.error ?? '',
        at: row.updated_at,
      }));
    const all = [...of('dead'), ...of('unknown')].sort((a, b) => b.at - a.at || b.id - a.id);
    return Promise.resolve(all.slice(0, limit));
  }

  backlog(): Promise<number> {
    const counts = this.#sql.backlog.all({});
    return Promise.resolve(counts.reduce((sum, { rows }) => sum + rows, 0));
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
      () => this.wake(conversation, { early: true }),
    );
  }

  /** Part of a transaction. */
  append(conversation: string, seq: number, user: string): void {
    this.#sql.insert.run({ conversation, seq, user, at: this.#clock.now() });
  }

  /** After the commit of {@link append}. @param how `early`: also where an earlier try waits for its time */
  wake(conversation: string, how: { early?: boolean } = {}): void {
    if (this.#rounds.has(conversation) || this.#rounds.size < this.#limit) {
      this.#rounds.add(conversation, how);
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
    const [channel = ''] = conversation.split(':', 1);
    const limit = Math.max(1, this.#batch(channel));
    const rows = this.#sql.heads.all({ conversation, limit });
    const [head] = rows;
    if (head === undefined) {
      // This conversation is still among them.
      if (this.#more && (this.#rounds.size - 1) * 2 <= this.#limit) this.#fill();
      return undefined;
    }
    const now = this.#clock.now();
    if (head.not_before > now) return head.not_before;
    const end = rows.findIndex((row) => row.not_before > now || row.user_id !== head.user_id);
    const due = end === -1 ? rows : rows.slice(0, end);
    const deliveries = due.map((row) => this.#delivery(conversation, row));
    await this.#group.run(() => {
      for (const { id } of due) this.#sql.sending.run({ id, at: now });
    });
    await this.#deliver(deliveries, conversation);
    return 0;
  }

  #delivery(conversation: string, row: PendingRow): ReplyDelivery {
    const { id, seq, attempts } = row;
    const line = this.#log.find(conversation, seq);
    if (line === undefined) throw new Defect(`Line ${seq} of ${conversation} is missing`);
    return new ReplyDelivery({
      id,
      address: addressOf(row),
      line: lineOf(line),
      idempotencyKey: idempotencyKey(conversation, seq),
      attempts,
      settle: (end) =>
        this.#group.run(() => {
          this.#sql.settle.run({ id, at: this.#clock.now(), ...end });
        }),
    });
  }

  async #deliver(deliveries: readonly ReplyDelivery[], conversation: string): Promise<void> {
    let error: string | undefined;
    try {
      await this.#handle?.(deliveries);
    } catch (thrown) {
      error = messageOf(thrown);
    }
    const left: ReplyDelivery[] = [];
    for (const delivery of deliveries) if (!(await delivery.settled())) left.push(delivery);
    if (left.length === 0) return;
    // One that ended nothing would be called with the same replies for ever.
    if (error === undefined && left.length < deliveries.length) {
      const at = this.#clock.now();
      await this.#group.run(() => {
        for (const { id } of left) this.#sql.putBack.run({ id, at });
      });
      return;
    }
    error ??= 'The handler ended without saying what became of the reply';
    const ids = left.map((delivery) => delivery.id);
    this.#logger.error({ conversation, ids, error }, 'deliveries were not ended');
    for (const delivery of left) await delivery.unknown(error);
  }
}
