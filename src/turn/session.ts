import type { Handoff } from '../handoff/handoff.ts';
import type { OfferedChoice } from '../dialog/slots/slot.ts';
import type { Stack } from '../dialog/run.ts';
import type { Inbound, Lang, Reply } from '../message.ts';
import type { JsonObject } from '../store/store.ts';
import { isCode } from './code-text.ts';
import type { Suggested } from './labels.ts';
import type { Pending } from './pending.ts';
import type { Recall } from './recall.ts';
import { detectLang } from '../text/analyzer.ts';
import { fold } from '../text/fold.ts';

/** What a conversation remembers between turns. Small: it is rewritten with every turn. */
export interface Session {
  /** The language the customer is answered in. */
  lang?: Lang;
  welcomed?: boolean;
  /** Running dialogs, the active one last. */
  stack: Stack;
  /** Choices shown last, outside a dialog, so that "1" and a typed title can be read. */
  offered?: OfferedChoice[];
  /** Messages in a row that were not understood. */
  misses: number;
  handoff?: Handoff;
  /** The ticket that stands for a person while nobody is on duty. */
  personTicket?: string;
  /** The bubbles of the last turn, for "say that again". */
  last?: Pick<Reply, 'text' | 'choices'>[];
  /** The entry answered last. */
  answered?: string;
  /** The language the customer asked for in so many words; it holds until they ask for the other. */
  wished?: Lang;
  /** What was talked about, for messages that point back. */
  recall?: Recall;
  /** Tasks of one message that wait for the one before them to end. */
  pending?: Pending[];
  /** The similar questions offered last, and the text they were offered for. */
  suggested?: Suggested;
}

/** Longest text kept for "say that again". */
const KEPT_CHARS = 1500;

/** The stored session. A claim's session is the claim's own: the turn may change it in place. */
export function openSession(stored: JsonObject | undefined): Session {
  return stored === undefined ? { stack: [], misses: 0 } : (stored as unknown as Session);
}

/** The session as it is stored. */
export function closeSession(session: Session): JsonObject {
  return session as unknown as JsonObject;
}

/** Remembers what was said, for "say that again" and for choices typed instead of tapped. */
export function remember(session: Session, replies: readonly Reply[], inDialog: boolean): void {
  const said = replies.filter((r) => r.from === 'bot' && r.text !== '');
  if (said.length === 0) return;
  session.last = said
    .slice(-3)
    .filter((r) => r.text.length <= KEPT_CHARS)
    .map(({ text, choices }) => ({ text, ...(choices === undefined ? {} : { choices }) }));
  const choices = said.at(-1)?.choices;
  if (choices === undefined || inDialog) delete session.offered;
  else session.offered = choices.map((c) => ({ ...c, alike: [] }));
}

/** English words of a text; addresses of mail, numbers and codes are none. */
function englishWords(text: string): number {
  return fold(text.slice(0, 400))
    .text.split(' ')
    .filter((word) => /^\p{P}*[a-z'-]{2,}\p{P}*$/u.test(word) && !word.includes('@')).length;
}

/**
 * The language to answer in: that of the message's script, else what it was before. One Latin word
 * ("ok", "iPhone") does not turn a Chinese conversation English, nor does markup.
 */
export function languageOf(text: string, session: Session, inbound: Inbound): Lang {
  const before = session.lang ?? inbound.lang;
  const said = detectLang(text);
  if (said === undefined || isCode(text)) return before ?? said ?? 'zh';
  if (said === 'en' && session.lang === 'zh' && englishWords(text) < 2) return 'zh';
  return said;
}
