import { Defect } from '../errors.ts';
import type { Line } from '../message.ts';
import type { BotStates } from './bot-state.ts';
import type { ChannelStateRows } from './channel-state-rows.ts';
import type { ConversationRows } from './conversation-rows.ts';
import type { InboxStatements } from './inbox-rows.ts';
import type { LabelRows } from './label-rows.ts';
import { outLine, type LineLog } from './line-log.ts';
import type { EmbeddedOutbox } from './outbox.ts';
import type { SessionRows } from './session-rows.ts';
import type { Clock, Unit } from './store.ts';
import type { TicketRows } from './ticket-rows.ts';
import type { TurnClaim } from './turn-claim.ts';

/** The tables that a turn writes. */
export interface TurnTables {
  readonly clock: Clock;
  readonly conversations: ConversationRows;
  readonly log: LineLog;
  readonly sessions: SessionRows;
  readonly outbox: EmbeddedOutbox;
  readonly tickets: TicketRows;
  readonly botStates: BotStates;
  readonly labels: LabelRows;
  readonly channelStates: ChannelStateRows;
}

/** A unit with its texts made, so that they are made once however often the transaction runs. */
export interface PreparedUnit {
  readonly unit: Unit;
  readonly session: string;
  readonly replies: readonly string[];
}

/** Makes the texts of a unit. */
export function prepareUnit(unit: Unit): PreparedUnit {
  return {
    unit,
    session: JSON.stringify(unit.session),
    replies: unit.replies.map((reply) => JSON.stringify(reply)),
  };
}

/**
 * Writes everything of a turn; part of a transaction. The version check comes first.
 * @returns the lines written, in order
 * @throws StateConflict when the session changed since it was claimed
 */
export function writeTurn(
  tables: TurnTables,
  inbox: InboxStatements,
  claim: TurnClaim,
  { unit, session, replies }: PreparedUnit,
): readonly Line[] {
  tables.sessions.write(claim.key, session, claim.version);
  const error = unit.dead ?? null;
  const status = error === null ? 'done' : 'dead';
  if (inbox.end.run({ id: claim.row, status, error }) === 0) {
    throw new Defect(`Message ${claim.inbound.id} of ${claim.key} was ended before`);
  }
  for (const ticket of unit.tickets) tables.tickets.write(ticket);
  for (const pair of unit.labels ?? []) tables.labels.write(pair);
  for (const [key, value] of Object.entries(unit.botState ?? {})) tables.botStates.set(key, value);
  return writeReplies(tables, claim, unit, replies);
}

function writeReplies(
  tables: TurnTables,
  claim: TurnClaim,
  unit: Unit,
  bodies: readonly string[],
): readonly Line[] {
  if (bodies.length === 0) return [];
  const inbound = claim.inbound.id;
  const user = claim.inbound.address.user;
  const at = tables.clock.now();
  const { kind } = claim.inbound.content;
  const answers = kind === 'event' || kind === 'agent' ? 0 : claim.seq;
  const first = tables.conversations.advance(claim.key, bodies.length) - bodies.length + 1;
  return unit.replies.map((reply, i) => {
    const seq = first + i;
    tables.log.append(claim.key, { seq, at, inbound, kind: 'out', answers, body: bodies[i] ?? '' });
    if (unit.push) tables.outbox.append(claim.key, seq, user);
    return outLine(seq, at, inbound, answers, reply);
  });
}
