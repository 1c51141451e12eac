/** Several wishes in one message: which clauses wish something, and what is done first. */
import { looseAnswer, type Move } from '../dialog/interpret.ts';
import type { Waiting } from '../dialog/read-slot.ts';
import type { Lang } from '../message.ts';
import { findOrderNumbers } from '../text/entities/order-number.ts';
import { referenceOf } from '../understanding/reference.ts';
import { clausesOf, type Clause, type Joint } from '../understanding/clauses.ts';
import { asksFor, holdsBack } from '../understanding/wish.ts';
import { withCarried, type Carry } from './carry.ts';
import { isBareNumber } from './bare-value.ts';
import { isForLater } from './condition.ts';
import type { Decision } from './decision.ts';
import { takesAnyText } from './free-text.ts';
import { asPending, ordersIn, startEach } from './orders.ts';
import { THING } from './pointing.ts';
import type { Read, Reader } from './read.ts';
import { start } from './start.ts';
import { readIn } from './understand.ts';

type Answer = Decision & { readonly kind: 'answer' };

/** A clause with what it wishes, if anything. */
interface Part {
  readonly clause: Clause;
  readonly task?: string;
  readonly answer?: Answer;
  /** It asks for the task in so many words, or is joined by words that announce another wish. */
  readonly plainly?: boolean;
  readonly question?: boolean;
  /** It is a training line word for word. */
  readonly exact?: boolean;
}

/** Words that only say which comes first. */
const ORDER = /^(?:首先|先|再|最后|也|first[, ]+|finally[, ]+)(?=.{2})/iu;

/** How sure a clause must be to start a task, by what joins it; an exact training line is 1. */
const BARS: Readonly<Record<Joint, number>> = {
  start: 0.7,
  and: 0.75,
  comma: 0.7,
  sentence: 0.65,
  also: 0.5,
};
/** A clause that asks for nothing in so many words must be as sure as this. */
const UNASKED = 0.9;
/** "can you check 20261101001": the number says as much as the words. */
const NUMBERED = 0.3;
/** "发货没", "到了没有": the negation asks. */
const ASKS_WHETHER = /(?:没有?|不)[啊呀呢吗]?[?？]*$/u;
/** "No. 1 Example Road". */
const NUMBER_SIGN = /\bno\.? ?(?=\d)/giu;
/** Answers given for one message at most. */
const MOST_ANSWERS = 3;

/**
 * The wishes of the message, where it has more than one, or one that was overheard beside courtesies;
 * `undefined` otherwise.
 */
export function severalIn(reader: Reader, plain: Read, seq: number): Read | undefined {
  const { content } = reader.inbound;
  if (content.kind !== 'text' || !mayBeSeveral(plain)) return undefined;
  const { situation } = plain;
  if (isForLater(content.text, situation.understood.lang)) return undefined;
  const clauses = clausesOf(content.text);
  if (clauses.length < 2) return undefined;
  const script = readIn(content.text, situation.understood.lang);
  const parts = withoutTopics(clauses.map((c, i) => partOf(reader, c, clauses[i + 1], script)));
  const inside = situation.active !== undefined;
  // Inside a dialog "the order is …" mends an answer: only what is asked for in so many words counts.
  const counted = parts.filter((p) => !inside || p.plainly === true || p.exact === true);
  const { decision } = plain;
  const refused = decision.kind === 'refused-task' ? decision.dialog : undefined;
  const tasks = [...new Set(counted.flatMap((p) => p.task ?? []))].filter((t) => t !== refused);
  const answers = distinct(parts.flatMap((p) => p.answer ?? [])).slice(0, MOST_ANSWERS);
  const waiting = situation.active?.waiting;
  if (inside) return insideOf(reader, plain, parts, tasks, waiting, seq);
  const wishes = tasks.length + answers.length;
  // "您好，麻烦退一下货，谢谢": one wish among courtesies that the whole was taken for.
  const missed = ['say', 'miss', 'suggest', 'refused-task'].includes(decision.kind);
  if (wishes < (missed ? 1 : 2)) return undefined;
  const starts = startsOf(reader, plain, parts, tasks, seq);
  const [single] = [...answers, ...starts];
  if (wishes === 1 && single !== undefined) return { situation, decision: single };
  return planned(plain, answers, starts[0], starts.slice(1), reader.now);
}

function mayBeSeveral({ situation, decision }: Read): boolean {
  const { understood, session, active } = situation;
  if (session.handoff !== undefined || understood.exact !== undefined) return false;
  if (understood.direct !== undefined || understood.goOn === true) return false;
  if (active !== undefined && (active.waiting === undefined || takesAnyText(active.waiting))) {
    return false;
  }
  const not: readonly Decision['kind'][] = [
    'quiet',
    'welcome',
    'person',
    'cancel',
    'language',
    'care',
    'abuse',
  ];
  return !not.includes(decision.kind);
}

/** What one clause wishes, read by itself. */
function partOf(reader: Reader, clause: Clause, next: Clause | undefined, script: Lang): Part {
  // A number is told for a wish of its neighbour.
  if (isBareNumber(clause.text)) return { clause };
  const lang = readIn(clause.text, script);
  const { situation, decision } = readClause(reader, clause.text.replace(ORDER, ''), lang);
  const { understood: u } = situation;
  const joint = clause.by === 'start' && next?.by === 'also' ? 'also' : clause.by;
  if (decision.kind === 'answer') {
    const sure = u.exact !== undefined || u.question;
    return sure ? { clause, answer: decision } : { clause };
  }
  const said = clause.text.replace(ASKS_WHETHER, '').replace(NUMBER_SIGN, '');
  if (decision.kind !== 'start' || holdsBack(said, lang)) return { clause };
  const score = u.intents.find((i) => situation.dialogOf.get(i.intent) === decision.dialog)?.score;
  const numbers = findOrderNumbers(clause.text).length > 0;
  // "has order 20261101003 shipped" asks for the look-up.
  const asks = asksFor(clause.text, lang) || (numbers && u.question);
  const plainly = asks || joint === 'also';
  const numbered = asks && numbers;
  const bar = numbered ? NUMBERED : plainly || u.exact !== undefined ? BARS[joint] : UNASKED;
  if ((score ?? 0) < bar) return { clause };
  const { question } = u;
  return { clause, task: decision.dialog, plainly, exact: u.exact !== undefined, question };
}

/** A clause by itself; "track it" is read as of the order that another clause is about. */
function readClause(reader: Reader, text: string, lang: Lang): Read {
  const read = reader.text(text);
  if (read.decision.kind === 'start' || read.decision.kind === 'answer') return read;
  const reference = referenceOf(text, lang);
  if (reference?.kind !== 'thing') return read;
  const { before, after } = reference;
  const named = reader.text(`${before}${THING[lang]} ${after.trimStart()}`.trim());
  const exact = named.situation.understood.exact !== undefined;
  return exact && named.decision.kind === 'start' ? named : read;
}

/** "退货，运费谁出": a bare noun in front of a question is what the question is about. */
function withoutTopics(parts: readonly Part[]): readonly Part[] {
  return parts.map((part, i) => {
    const next = parts[i + 1];
    const about =
      next?.answer !== undefined && next.clause.by !== 'also' && next.clause.by !== 'sentence';
    const bare = part.plainly !== true && part.question !== true;
    return about && part.task !== undefined && bare ? { clause: part.clause } : part;
  });
}

function distinct(answers: readonly Answer[]): readonly Answer[] {
  return answers.filter((a, i) => answers.findIndex((b) => b.hit.entry === a.hit.entry) === i);
}

/** The starts of the tasks, each with what its own clauses and those behind them tell. */
function startsOf(
  reader: Reader,
  { situation }: Read,
  parts: readonly Part[],
  tasks: readonly string[],
  seq: number,
): readonly (Decision & { kind: 'start' })[] {
  const numbers = new Set(findOrderNumbers(situation.said.text).map((n) => n.value));
  const [number, another] = numbers;
  const carries: readonly Carry[] =
    number === undefined || another !== undefined
      ? []
      : [{ what: 'order', value: number, from: seq }];
  return tasks.flatMap((task) => {
    const text = toldFor(reader, parts, task);
    const began = start({ ...situation, said: { ...situation.said, text } }, task);
    if (began.kind !== 'start') return [];
    return startEach(situation, withCarried(situation, began, carries), ordersIn(text));
  });
}

/** The clauses of a task and those after it that wish nothing; those before the first wish are its. */
function toldFor(reader: Reader, parts: readonly Part[], task: string): string {
  const { content } = reader.inbound;
  const text = content.kind === 'text' ? content.text : '';
  const wishes = (p: Part): boolean => p.task !== undefined || p.answer !== undefined;
  const first = parts.findIndex(wishes);
  const owned = parts.filter((_, i) => {
    const owner = i < first ? parts[first] : parts.slice(0, i + 1).findLast(wishes);
    return owner?.task === task;
  });
  return asWritten(text, parts, owned);
}

/** These parts as they were written: neighbours with what stands between them. */
function asWritten(text: string, parts: readonly Part[], some: readonly Part[]): string {
  const runs: { start: number; end: number; last: number }[] = [];
  for (const part of some) {
    const at = parts.indexOf(part);
    const run = runs.at(-1);
    if (run?.last === at - 1) Object.assign(run, { end: part.clause.end, last: at });
    else runs.push({ start: part.clause.start, end: part.clause.end, last: at });
  }
  return runs.map((run) => text.slice(run.start, run.end)).join('，');
}

/** Inside a dialog: an answer to its question may stand beside wishes for other tasks. */
function insideOf(
  reader: Reader,
  plain: Read,
  parts: readonly Part[],
  tasks: readonly string[],
  waiting: Waiting | undefined,
  seq: number,
): Read | undefined {
  const active = plain.situation.active?.id;
  const others = tasks.filter((t) => t !== active);
  if (waiting === undefined || others.length === 0) return undefined;
  const move = answerBeside(plain, parts, waiting);
  // What answers the open question is not told for the other tasks.
  const wishing = parts.filter((p) => move === undefined || p.task !== undefined);
  const starts = startsOf(reader, plain, wishing, others, seq);
  if (move !== undefined) {
    return planned(plain, [], { kind: 'continue', move }, starts, reader.now);
  }
  if (others.length < tasks.length) {
    return planned(plain, [], { kind: 'already-in' }, starts, reader.now);
  }
  return others.length > 1 ? planned(plain, [], starts[0], starts.slice(1), reader.now) : undefined;
}

/** The answer to the open question in the clauses that wish nothing else. */
function answerBeside(
  { situation }: Read,
  parts: readonly Part[],
  waiting: Waiting,
): Move | undefined {
  const own = parts.filter((p) => p.task === undefined && p.answer === undefined);
  const text = asWritten(situation.said.text, parts, own);
  if (text === '') return undefined;
  const move = looseAnswer(waiting, { ...situation.said, text });
  return move.kind === 'fill' || move.kind === 'phone' ? move : undefined;
}

function planned(
  { situation }: Read,
  answers: readonly Answer[],
  first: (Decision & { kind: 'several' })['first'],
  later: readonly (Decision & { kind: 'start' })[],
  at: number,
): Read {
  const pending = later.map((start) => asPending(start, at));
  const carried = [first, ...later].flatMap((d) => (d?.kind === 'start' ? (d.carried ?? []) : []));
  const decision: Decision = {
    kind: 'several',
    answers,
    later: pending,
    ...(first === undefined ? {} : { first }),
  };
  if (carried.length === 0) return { situation, decision };
  return {
    situation: { ...situation, understood: { ...situation.understood, carried } },
    decision,
  };
}
