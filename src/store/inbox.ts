import { Defect, messageOf, RequestError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Inbound } from '../message.ts';
import type { GroupCommit } from './group-commit.ts';
import { inboxStatements, type InboxStatements } from './inbox-rows.ts';
import { KeyRounds } from './key-rounds.ts';
import { inLine } from './line-log.ts';
import { OpenRows, type OpenMessage } from './open-rows.ts';
import type { SqliteFile } from './sqlite.ts';
import {
  conversationKey,
  type Accepted,
  type Claim,
  type Inbox,
  type Json,
  type Unit,
  type Worker,
} from './store.ts';
import { TurnClaim, type ClaimOwner } from './turn-claim.ts';
import { prepareUnit, writeTurn, type TurnTables } from './turn-write.ts';

/** Bounds of what waits. */
export interface InboxLimits {
  /** Open messages above which new ones are refused with 503. */
  readonly openRows: number;
  /** Messages kept in memory while they wait; the others are read again from the file. */
  readonly bodies: number;
  /** The same for one conversation. */
  readonly bodiesOfOne: number;
}

const TURNS_AT_ONCE = 64;
/** Back-off in ms of a turn that ended without saying how. */
const UNSAID_BACK_OFF = 1000;
/** Seconds that a refused caller is told to wait. */
const BUSY_RETRY = 5;
/** What a text column can't keep as it is: NUL ends it and a lone surrogate is replaced. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** A message with its texts made, so that they are made once however often the transaction runs. */
interface Prepared {
  readonly inbound: Inbound;
  readonly key: string;
  readonly body: string;
  readonly row: { readonly channel: string; readonly account: string; readonly message: string };
}

interface Written {
  readonly id: number;
  readonly accepted: Accepted;
}

/** @throws RequestError 400 where an id can not be stored */
function prepare(inbound: Inbound): Prepared {
  const { channel, account, conversation, user } = inbound.address;
  if ([inbound.id, channel, account, conversation, user].some((text) => UNSTORABLE.test(text))) {
    throw new RequestError(400, 'BadArgument', 'An id holds a character that ids can not hold');
  }
  return {
    inbound,
    key: conversationKey(inbound.address),
    body: JSON.stringify(inbound),
    row: { channel, account, message: inbound.id },
  };
}

/**
 * The inbox of one process. What is open is in the file and, as rows without their text, in memory.
 *
 * After a process that did not end well, the oldest open message of each conversation may be the one
 * that ended it. The run that may have been lost is counted before the message runs again, and one
 * that was counted before already runs with nothing beside it: so the count of a message that ends
 * the process goes up by one at each start and that of its neighbours does not. Such a message is
 * still handed out; whoever handles it looks at `attempts` and sets it aside.
 */
export class EmbeddedInbox implements Inbox, ClaimOwner {
  readonly #group: GroupCommit;
  readonly #logger: Logger;
  readonly #limits: InboxLimits;
  readonly #tables: TurnTables;
  readonly #sql: InboxStatements;
  readonly #rounds: KeyRounds;
  readonly #waiting: OpenRows;
  #handle: ((claim: Claim) => Promise<void>) | undefined;
  #accepting = 0;

  /** @param suspicious the process before this one did not end well */
  constructor(
    parts: { file: SqliteFile; group: GroupCommit; logger: Logger; tables: TurnTables },
    limits: InboxLimits,
    suspicious: boolean,
  ) {
    this.#group = parts.group;
    this.#logger = parts.logger;
    this.#tables = parts.tables;
    this.#limits = limits;
    this.#waiting = new OpenRows(limits);
    this.#sql = inboxStatements(parts.file);
    const { logger } = parts;
    this.#rounds = new KeyRounds({
      clock: parts.tables.clock,
      logger,
      run: (key) => this.#run(key),
    });
    this.#recover(suspicious);
  }

  async accept(inbound: Inbound): Promise<Accepted> {
    const [accepted] = await this.#accept([prepare(inbound)]);
    if (accepted === undefined) throw new Defect(`Message ${inbound.id} was not answered`);
    return accepted;
  }

  async acceptAll(
    channel: string,
    inbounds: readonly Inbound[],
    state?: { readonly key: string; readonly value: Json },
  ): Promise<readonly Accepted[]> {
    const stray = inbounds.find(({ address }) => address.channel !== channel);
    if (stray !== undefined) {
      throw new Defect(`A message of ${stray.address.channel} came with those of ${channel}`);
    }
    const text = state === undefined ? undefined : JSON.stringify(state.value);
    return this.#accept(inbounds.map(prepare), () => {
      if (state === undefined || text === undefined) return;
      this.#tables.channelStates.set(channel, state.key, text);
    });
  }

  work(handle: (claim: Claim) => Promise<void>, options: { concurrency?: number } = {}): Worker {
    const worker = this.#rounds.start(options.concurrency ?? TURNS_AT_ONCE);
    this.#handle = handle;
    return worker;
  }

  /** Looks at each conversation that has open messages: ask now and then, not at each message. */
  backlog(): { open: number; oldestMs: number } {
    const now = this.#tables.clock.now();
    const oldest = this.#waiting.oldest() ?? now;
    return { open: this.#waiting.size, oldestMs: Math.max(0, now - oldest) };
  }

  /** Begins nothing more. @returns whether nothing was in hand */
  halt(): boolean {
    return this.#rounds.halt();
  }

  async commit(claim: TurnClaim, unit: Unit): Promise<void> {
    const { key } = claim;
    const prepared = prepareUnit(unit);
    try {
      await this.#group.run(
        () => writeTurn(this.#tables, this.#sql, claim, prepared),
        (lines) => {
          this.#tables.sessions.keep(key, prepared.session, claim.version);
          this.#waiting.shift(key);
          if (unit.push && lines.length > 0) this.#tables.outbox.wake(key);
          this.#tables.log.publish(key, () => lines);
        },
      );
    } catch (error) {
      this.#tables.sessions.forget(key);
      throw error;
    }
  }

  async release(claim: TurnClaim, at: number, error: string): Promise<void> {
    const attempts = claim.attempts + 1;
    const row = this.#waiting.head(claim.key);
    if (row !== undefined) {
      row.attempts = attempts;
      row.notBefore = at;
    }
    this.#tables.sessions.forget(claim.key);
    await this.#group.run(() =>
      this.#sql.release.run({ id: claim.row, attempts, notBefore: at, error }),
    );
  }

  /** @param also part of the same transaction */
  async #accept(messages: readonly Prepared[], also?: () => void): Promise<readonly Accepted[]> {
    this.#mustFit(messages);
    const at = this.#tables.clock.now();
    this.#accepting += messages.length;
    try {
      const rows = await this.#group.run(
        () => {
          also?.();
          return messages.map((message) => this.#write(message, at));
        },
        (written) => {
          written.forEach(({ id, accepted }, i) => {
            const message = messages[i];
            if (!accepted.seen && message) this.#begin(message, id, accepted.seq, at);
          });
        },
      );
      return rows.map((row) => row.accepted);
    } finally {
      this.#accepting -= messages.length;
    }
  }

  /** Part of a transaction. */
  #write({ key, inbound, body, row: named }: Prepared, at: number): Written {
    const seen = this.#sql.seen.get(named);
    if (seen !== undefined) return { id: 0, accepted: { seq: seen.seq, seen: true } };
    const { id: message } = inbound;
    const seq = this.#tables.conversations.advanceOrOpen(key, inbound.address);
    const row = this.#sql.insert.get({ ...named, conversation: key, seq, at });
    if (row === undefined) throw new Defect(`Message ${message} got no row`);
    const line = { seq, at: inbound.at, inbound: message, kind: 'in', answers: seq, body } as const;
    this.#tables.log.append(key, line);
    return { id: row.id, accepted: { seq, seen: false } };
  }

  /** After the commit of {@link #write}. */
  #begin({ key, inbound }: Prepared, id: number, seq: number, at: number): void {
    const open = { id, seq, receivedAt: at, attempts: 0, notBefore: 0, suspect: false };
    this.#waiting.push(key, { ...open, inbound });
    this.#rounds.add(key);
    this.#tables.log.publish(key, () => [inLine(seq, inbound)]);
  }

  /** All of them or none. Those seen before take no place. */
  #mustFit(messages: readonly Prepared[]): void {
    const room = this.#limits.openRows - this.#waiting.size - this.#accepting;
    if (messages.length <= room) return;
    const fresh = messages.filter(({ row }) => this.#sql.seen.get(row) === undefined);
    if (fresh.length === 0 || fresh.length <= room) return;
    throw new RequestError(503, 'Busy', 'Too many messages wait already', BUSY_RETRY);
  }

  #recover(suspicious: boolean): void {
    for (const open of this.#sql.open.all({})) {
      const key = open.conversation;
      const suspect = suspicious && this.#waiting.head(key) === undefined;
      const isHead = this.#waiting.push(key, {
        id: open.id,
        seq: open.seq,
        receivedAt: open.received_at,
        attempts: open.attempts,
        notBefore: open.not_before,
        suspect,
        inbound: undefined,
      });
      if (isHead) this.#rounds.add(key, { alone: suspect && open.attempts > 0 });
    }
    const open = this.#waiting.size;
    if (open > 0)
      this.#logger.info({ open, suspicious }, 'messages of the process before this one');
  }

  async #run(key: string): Promise<number | undefined> {
    const row = this.#waiting.head(key);
    if (row === undefined) return undefined;
    if (row.notBefore > this.#tables.clock.now()) return row.notBefore;
    if (row.suspect) {
      await this.#group.run(() => this.#sql.begun.run({ id: row.id, attempts: row.attempts + 1 }));
      row.attempts += 1;
      row.suspect = false;
    }
    await this.#turn(this.#claim(key, row));
    const head = this.#waiting.head(key);
    return head?.notBefore;
  }

  async #turn(claim: TurnClaim): Promise<void> {
    let error = 'The handler ended without a commit or a release';
    try {
      await this.#handle?.(claim);
    } catch (thrown) {
      error = messageOf(thrown);
    }
    if (await claim.settled()) return;
    this.#logger.error({ conversation: claim.key, seq: claim.seq, error }, 'a turn was not ended');
    await claim.release(this.#tables.clock.now() + UNSAID_BACK_OFF, error);
  }

  #claim(key: string, row: OpenMessage): TurnClaim {
    const session = this.#tables.sessions.find(key);
    return new TurnClaim(this, {
      inbound: row.inbound ?? this.#read(key, row.seq),
      seq: row.seq,
      attempts: row.attempts,
      row: row.id,
      key,
      version: session.version,
      sessionText: session.text,
    });
  }

  #read(key: string, seq: number): Inbound {
    const line = this.#tables.log.find(key, seq);
    if (line === undefined) throw new Defect(`Line ${seq} of ${key} is missing`);
    return JSON.parse(line.body) as Inbound;
  }
}
