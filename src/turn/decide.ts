/** Stage "decide": one decision for a message. The conversation is only read; nothing is done yet. */
import {
  correction,
  looseAnswer,
  restates,
  secondAnswer,
  silentCorrection,
  type Move,
} from '../dialog/interpret.ts';
import type { Said, Waiting } from '../dialog/read-slot.ts';
import type { Lang } from '../message.ts';
import { FAQ_INTENT } from '../knowledge/types.ts';
import { asksFor, inquires } from '../understanding/wish.ts';
import { languageWish } from '../understanding/language-wish.ts';
import { findOrderNumbers } from '../text/entities/order-number.ts';
import { readYesNo } from '../text/entities/yes-no.ts';
import { taskOfBareNumber } from './bare-value.ts';
import { tellsDanger } from './danger.ts';
import { isCode } from './code-text.ts';
import { isForLater, isHedged } from './condition.ts';
import type { Decision } from './decision.ts';
import { isShort, takesAnyText } from './free-text.ts';
import { ordersIn } from './orders.ts';
import type { Situation } from './situation.ts';
import { start } from './start.ts';
import { tapped } from './taps.ts';
import {
  commandOf,
  isPlain,
  knowledgeOf,
  prefersKnowledge,
  refusedTask,
  SURE,
  taskByEntity,
  taskOf,
} from './weigh.ts';

const SMALL_TALK = ['greeting', 'thanks', 'bye'];

export function decide(s: Situation): Decision {
  const { content } = s.inbound;
  if (content.kind === 'agent') {
    return content.action === 'close'
      ? { kind: 'agent-closes' }
      : { kind: 'agent', agent: content.agent, text: content.text };
  }
  const owner = s.session.handoff?.owner;
  if (content.kind === 'event') {
    const greets = content.name === 'join' || content.name === 'subscribe';
    return greets && s.session.welcomed !== true && owner === undefined
      ? { kind: 'welcome' }
      : { kind: 'quiet' };
  }
  if (owner === 'agent') return { kind: 'quiet' };
  if (s.said.tapped === undefined && tellsDanger(s.said.text)) return { kind: 'care' };
  if (owner === 'queue') {
    return commandOf(s, SURE.start) === 'cancel' ? { kind: 'withdraw' } : { kind: 'pass-on' };
  }
  const tap = tapped(s);
  if (tap !== undefined) return tap;
  const wish = wishedLanguage(s);
  if (wish !== undefined) return { kind: 'language', lang: wish };
  return s.active === undefined ? decideIdle(s) : decideInside(s, s.active);
}

function wishedLanguage({ understood, active, said }: Situation): Lang | undefined {
  if (understood.direct !== undefined || said.tapped !== undefined) return undefined;
  return languageWish(said.text, !takesAnyText(active?.waiting));
}

function decideIdle(s: Situation): Decision {
  const plain = plainFault(s);
  if (plain !== undefined) return plain;
  const bare = taskOfBareNumber(s);
  if (bare !== undefined) return start(s, bare);
  const command = commandOf(s, SURE.start);
  if (s.understood.goOn === true) return { kind: 'say', key: 'dialog.not-cancelled' };
  const refused = refusedTask(s);
  // "No return, I'll keep it": the second half says the same again.
  if (command === 'cancel' && refused === undefined) {
    return { kind: 'say', key: 'dialog.nothing-to-cancel' };
  }
  if (command === 'help') return { kind: 'say', key: 'help' };
  if (command === 'repeat') return { kind: 'repeat' };
  if (command === 'wait') return { kind: 'say', key: 'wait' };
  if (command === 'abuse') return { kind: 'abuse' };
  if (command !== undefined && SMALL_TALK.includes(command)) return smallTalk(command);
  const { text } = s.said;
  const waits = isForLater(text, s.understood.lang) && !isHedged(text);
  const later = s.understood.exact === undefined && waits;
  const named = later ? undefined : taskByEntity(s);
  const task = later ? undefined : (taskOf(s, SURE.start) ?? named);
  if (refused !== undefined && (task === undefined || (task === refused && !isPlain(s)))) {
    if (wantsOther(s, refused)) return start(s, refused);
    return besideRefusal(s) ?? { kind: 'refused-task', dialog: refused };
  }
  if (named !== undefined && named === task) return start(s, named);
  const known = knowledgeOf(s);
  if (task !== undefined && !prefersKnowledge(s, known)) return start(s, task);
  if (known !== undefined) return known;
  return { kind: 'miss', miss: s.session.misses + 1 };
}

/** "20261101001 不退了，退 20261101002": refused for one order, wanted for another. */
function wantsOther(s: Situation, refused: string): boolean {
  if (ordersIn(s.said.text).length !== 1) return false;
  if (findOrderNumbers(s.said.text).length < 2) return false;
  const task = s.understood.intents.find((i) => s.dialogOf.has(i.intent));
  return task !== undefined && task.score >= SURE.hint && s.dialogOf.get(task.intent) === refused;
}

/** How sure an entry must be that is neither asked for nor asked about ("不是退货，是换货"). */
const BESIDE_SURE = 0.6;

/** What the rest of a message is answered with that refuses a task: it asks, or names an entry plainly. */
function besideRefusal(s: Situation): Decision | undefined {
  const { rest = '', lang, question, intents } = s.understood;
  const known = rest === '' ? undefined : knowledgeOf(s);
  if (known === undefined) return undefined;
  const asks = question || inquires(rest, lang);
  if (known.kind === 'suggest') return asks ? known : undefined;
  const [top] = intents;
  const sure = top?.intent.startsWith(FAQ_INTENT) === true && top.score >= BESIDE_SURE;
  return asks || sure ? known : undefined;
}

function smallTalk(command: string): Decision {
  return { kind: 'say', key: command === 'greeting' ? 'hello' : command };
}

function decideInside(
  s: Situation,
  active: { readonly id: string; readonly waiting?: Waiting },
): Decision {
  const { understood: u, said } = s;
  if (u.direct !== undefined) return { kind: 'continue', move: u.direct };
  if (u.goOn === true) return { kind: 'already-in' };
  const { waiting } = active;
  const free = takesAnyText(waiting);
  const bar = barFor(s, free);
  const answered = waiting !== undefined && !free && fills(waiting, said);
  const mended = waiting === undefined ? undefined : secondAnswer(waiting, said);
  if (mended !== undefined && u.exact === undefined) return { kind: 'continue', move: mended };
  const command = answered && u.exact === undefined ? undefined : commandOf(s, bar);
  const refused = refusedTask(s);
  const ends = command === 'cancel' && refused === undefined;
  if (ends || refused === active.id)
    return { kind: 'cancel', all: ALL.test(said.text.slice(0, 100)) };
  // "如果不能退我就开发票": nothing is wished yet.
  const later = u.exact === undefined && !free && isForLater(said.text, u.lang);
  const silent = later || (u.exact === undefined && !saysMuch(said.text));
  const task = silent ? undefined : taskOf(s, Math.max(bar, SURE.change));
  if (task !== undefined && task !== active.id && asksNothing(s, task)) return start(s, task);
  if (waiting !== undefined) {
    const mend = correction(waiting, said);
    if (mend !== undefined && task !== undefined && wantsInstead(s, active, mend)) {
      return start(s, task);
    }
    if (mend !== undefined && !(free && !isShort(said.text, u.lang)))
      return { kind: 'continue', move: mend };
    if (command === 'correct') {
      const slot = waiting.frame.last;
      if (slot !== undefined) return { kind: 'continue', move: { kind: 'correct', slot } };
    }
    const slot = waiting.frame.slot;
    if (command === 'refuse' && slot !== undefined && waiting.spec.slots[slot]?.optional === true) {
      return { kind: 'continue', move: { kind: 'fill', values: { [slot]: null } } };
    }
    if (
      command === 'refuse' &&
      slot !== undefined &&
      waiting.spec.slots[slot]?.type === 'confirm'
    ) {
      return { kind: 'continue', move: { kind: 'fill', values: { [slot]: false } } };
    }
    const name = ASIDE.find((n) => n === command);
    if (name !== undefined) return { kind: 'continue', move: { kind: 'command', name } };
  } else if (command === 'repeat') return { kind: 'repeat' };
  const open = !free && !answered && refused === undefined ? waiting : undefined;
  if (open !== undefined && readYesNo(said.text) !== undefined) {
    return { kind: 'continue', move: looseAnswer(open, said) };
  }
  if (command === 'abuse' && !free) return { kind: 'abuse' };
  if (command !== undefined && SMALL_TALK.includes(command)) return smallTalk(command);
  const wished = task !== undefined && task !== active.id && (task !== refused || isPlain(s));
  if (refused !== undefined && !wished) {
    return besideRefusal(s) ?? { kind: 'refused-task', dialog: refused };
  }
  const known = saysMuch(u.text) || u.exact !== undefined ? knowledgeOf(s) : undefined;
  const answers = known?.kind === 'answer' && (u.question || !free);
  if (task !== undefined && task !== active.id && !(answers && prefersKnowledge(s, known))) {
    if (!answersHere(waiting, said, s)) return start(s, task);
  }
  const unsaid = waiting === undefined || free ? undefined : silentCorrection(waiting, said);
  if (unsaid !== undefined && !answers) return { kind: 'continue', move: unsaid };
  if (answers && !(answered && !u.question)) return known;
  const move: Move | undefined = waiting === undefined ? undefined : looseAnswer(waiting, said);
  if (move === undefined) return { kind: 'continue', move: { kind: 'miss' } };
  const heard = move.kind === 'miss' && waiting !== undefined && restates(waiting, said);
  if (move.kind === 'miss' && (later || heard)) return { kind: 'already-in' };
  if (move.kind === 'miss' && task === active.id) {
    return { kind: 'continue', move: { kind: 'command', name: 'noun' } };
  }
  if (move.kind === 'miss' && known !== undefined && u.question) return known;
  return { kind: 'continue', move };
}

/** "都不要了", "cancel everything": the tasks that wait are meant too. */
const ALL = /全部|全都|都|所有|统统|\b(?:all|everything|both)\b/iu;
const ASIDE = ['help', 'repeat', 'wait', 'why', 'refuse', 'unknown'] as const;

function barFor(s: Situation, free: boolean): number {
  if (s.understood.exact !== undefined) return 0;
  if (!free) return SURE.command;
  return isShort(s.said.text, s.understood.lang) ? SURE.overText : Number.POSITIVE_INFINITY;
}

/** A dialog without slots acts at once: nothing in the message can be meant for the open question. */
function asksNothing(s: Situation, dialog: string): boolean {
  const spec = s.specOf(dialog)?.spec;
  return spec !== undefined && Object.keys(spec.slots).length === 0;
}

/** "wait no, I want to return 20261101002 instead" mends nothing of the task at hand. */
function wantsInstead(
  s: Situation,
  { id, waiting }: { readonly id: string; readonly waiting?: Waiting },
  mend: Move,
): boolean {
  const slots = waiting?.spec.slots ?? {};
  const free = takesAnyText(waiting);
  if (mend.kind !== 'correct' || slots[mend.slot]?.type !== 'order-number' || free) return false;
  return asksFor(s.said.text, s.understood.lang) && taskOf(s, SURE.change) !== id;
}

/** A number or a single character asks nothing: it is an answer that did not fit. */
function saysMuch(text: string): boolean {
  return (text.match(/\p{L}/gu) ?? []).length > 1;
}

/** The sentence holds an answer to the open question beside what else it says. */
function fills(waiting: Waiting, said: Said): boolean {
  return looseAnswer(waiting, said).kind !== 'miss';
}

/** Whether a value for the open question outweighs the wish for another task that the words suggest. */
function answersHere(waiting: Waiting | undefined, said: Said, s: Situation): boolean {
  if (waiting === undefined || s.understood.exact !== undefined) return false;
  const slot = waiting.frame.slot;
  const move = looseAnswer(waiting, said);
  if (slot === undefined || move.kind !== 'fill' || s.understood.question) return false;
  // An order number goes with any task; with another answer beside it, it is meant for this one.
  const more = Object.keys(move.values).length > 1;
  return more || waiting.spec.slots[slot]?.type !== 'order-number';
}

/** "???" and "。。。" ask, and are no picture; a zero-width space is nothing seen. */
const ONLY_MARKS = /^[?？!！.。…,，、~～\s\u200b-\u200d\ufeff]+$/u;

/** Messages that no task or entry can be read from. */
function plainFault(s: Situation): Decision | undefined {
  const { content } = s.inbound;
  if (content.kind === 'attachment' && s.said.text.trim() === '') {
    return { kind: 'say', key: 'fallback.media' };
  }
  if (s.said.text.trim() === '') return { kind: 'say', key: 'fallback.empty' };
  if (ONLY_MARKS.test(s.said.text) || isCode(s.said.text))
    return { kind: 'miss', miss: s.session.misses + 1 };
  if (!/[\p{L}\p{N}]/u.test(s.said.text)) return { kind: 'say', key: 'fallback.emoji' };
  const nothing = s.understood.intents.length === 0 && s.understood.hits.length === 0;
  const long = s.said.text.length > 1000;
  return long && nothing ? { kind: 'say', key: 'fallback.long' } : undefined;
}
