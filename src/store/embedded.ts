import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import { BotStates } from './bot-state.ts';
import { ChannelStateRows } from './channel-state-rows.ts';
import { ConversationRows } from './conversation-rows.ts';
import { DataLock } from './data-lock.ts';
import { GroupCommit } from './group-commit.ts';
import { EmbeddedInbox, type InboxLimits } from './inbox.ts';
import { LabelRows, LABELS_KEPT } from './label-rows.ts';
import { LineLog } from './line-log.ts';
import { MetaRows } from './meta-rows.ts';
import { NumberBlocks } from './number-blocks.ts';
import { EmbeddedOutbox } from './outbox.ts';
import { SessionRows } from './session-rows.ts';
import { SqliteFile } from './sqlite.ts';
import type { Clock, Store } from './store.ts';
import { TicketRows } from './ticket-rows.ts';

/** Bounds of what the embedded store keeps in memory. */
export interface EmbeddedLimits extends InboxLimits {
  /** Characters of sessions kept. */
  readonly sessionCharacters: number;
  /** Conversations with replies on their way out. */
  readonly outboxConversations: number;
  /** Labelled pairs that are kept. */
  readonly labels: number;
}

const LIMITS: EmbeddedLimits = {
  openRows: 20_000,
  bodies: 2_000,
  bodiesOfOne: 8,
  sessionCharacters: 16_000_000,
  outboxConversations: 10_000,
  labels: LABELS_KEPT,
};

/** 1 while the store is open; 0 after it was closed with nothing in hand. */
const IN_USE = 'in-use';

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const fault = `${dataDir} can't be made: ${messageOf(cause)}`;
    throw Object.assign(new ConfigError([{ name: 'DATA_DIR', fault }]), { cause });
  }
}

/**
 * Opens the store that needs no service: a SQLite file `yingda.db` in `dataDir`, which is made where
 * it is missing. One process at a time; a process killed in any way does not stop the next.
 * Stop the workers of inbox and outbox before `close`, so that nothing in hand counts as interrupted.
 *
 * @throws ConfigError when the folder is in use by another process or can't be opened
 */
export async function openEmbeddedStore(parts: {
  dataDir: string;
  clock: Clock;
  logger: Logger;
  limits?: Partial<EmbeddedLimits>;
}): Promise<Store> {
  const { dataDir, clock, logger } = parts;
  const limits = { ...LIMITS, ...parts.limits };
  makeFolder(dataDir);
  const lock = new DataLock(dataDir);
  let file: SqliteFile;
  try {
    file = await SqliteFile.open(join(dataDir, 'yingda.db'));
  } catch (error) {
    lock.release();
    throw error;
  }
  const group = new GroupCommit(file);
  const meta = new MetaRows(file);
  const log = new LineLog(file, logger);
  const conversations = new ConversationRows(file, group, clock);
  const ticketNumbers = new NumberBlocks(group, meta, {
    name: 'ticket',
    first: 100_001,
    block: 20,
  });
  const tickets = new TicketRows(file, ticketNumbers);
  const botStates = new BotStates(file, group, clock);
  const labels = new LabelRows(file, limits.labels);
  const channelStates = new ChannelStateRows(file, group);
  const sessions = new SessionRows(file, limits.sessionCharacters);
  const outbox = new EmbeddedOutbox(
    { file, group, clock, logger, log },
    limits.outboxConversations,
  );
  const suspicious = meta.get(IN_USE) === 1;
  const interrupted = await group.run(() => {
    meta.set(IN_USE, 1);
    return outbox.setInterruptedAside();
  });
  if (interrupted > 0) logger.warn({ interrupted }, 'replies whose sending was interrupted');
  const tables = {
    clock,
    conversations,
    log,
    sessions,
    outbox,
    tickets,
    botStates,
    labels,
    channelStates,
  };
  const inbox = new EmbeddedInbox({ file, group, logger, tables }, limits, suspicious);
  let closing: Promise<void> | undefined;
  return {
    inbox,
    outbox,
    log,
    conversations,
    tickets,
    botState: botStates,
    labels,
    channelState: (channel) => channelStates.of(channel),
    probe: () => group.run(() => meta.set('probe', clock.now())),
    close: () =>
      (closing ??= (async () => {
        const idle = [inbox.halt(), outbox.halt()].every(Boolean);
        if (idle) await group.run(() => meta.set(IN_USE, 0));
        group.close();
        file.close();
        lock.release();
      })()),
  };
}
