/** Reads a message, or a part of it, as if that were all that was said: stages 3 and 4 together. */
import type { Waiting } from '../dialog/read-slot.ts';
import type { Knowledge } from '../knowledge/types.ts';
import type { Inbound } from '../message.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Parts } from './parts.ts';
import { saidFrom } from './said.ts';
import type { Session } from './session.ts';
import type { Situation } from './situation.ts';
import { typedTap } from './typed-tap.ts';
import { understand, type Understood } from './understand.ts';

/** What was understood and what would be done. */
export interface Read {
  readonly situation: Situation;
  readonly decision: Decision;
}

/** Reads texts in one conversation at one moment. Changes nothing. */
export interface Reader {
  readonly parts: Parts;
  readonly knowledge: Knowledge;
  readonly inbound: Inbound;
  readonly session: Session;
  readonly now: number;
  /** The message as it came. */
  message(): Read;
  /** A text in its place, as if no dialog were open and nothing offered. */
  text(text: string): Read;
}

export function readerOf(
  parts: Parts,
  knowledge: Knowledge,
  inbound: Inbound,
  session: Session,
  now: number,
): Reader {
  const active = activeDialog(parts, knowledge, session);
  const read = (message: Inbound, from: Session, open: Situation['active']): Read => {
    const understood = understand(parts, knowledge, message, from, open);
    const situation = situationOf(parts, knowledge, message, from, understood, open, now);
    return { situation, decision: decide(situation) };
  };
  return {
    parts,
    knowledge,
    inbound,
    session,
    now,
    message: () => read(typedTap(inbound, session, active, now), session, active),
    text(text) {
      const message: Inbound = { ...inbound, content: { kind: 'text', text } };
      const fresh: Session = { ...session, stack: [] };
      delete fresh.offered;
      return read(message, fresh, undefined);
    },
  };
}

function activeDialog(
  parts: Parts,
  knowledge: Knowledge,
  session: Session,
): { id: string; waiting?: Waiting } | undefined {
  const active = parts.dialogs.active(session.stack);
  if (active === undefined) return undefined;
  const { id, spec, frame } = active;
  if (spec === undefined || frame === undefined) return { id };
  return { id, waiting: { spec, frame, wording: parts.wordingOf(knowledge, id) } };
}

function situationOf(
  parts: Parts,
  knowledge: Knowledge,
  inbound: Inbound,
  session: Session,
  understood: Understood,
  active: Situation['active'],
  now: number,
): Situation {
  return {
    inbound,
    said: saidFrom(inbound, understood.lang, now),
    session,
    understood,
    ...(active === undefined ? {} : { active }),
    dialogs: parts.dialogs,
    dialogOf: parts.dialogOf,
    specOf(dialog) {
      const spec = parts.dialogs.specOf(dialog);
      return spec === undefined ? undefined : { spec, wording: parts.wordingOf(knowledge, dialog) };
    },
    lexicon: knowledge.named,
    namesOf(dialog) {
      const key = `${dialog}.name`;
      return knowledge.hasText(key)
        ? (['zh', 'en'] as const).map((lang) => knowledge.text(key, lang))
        : [];
    },
    thresholds: knowledge.thresholds(understood.lang),
  };
}
