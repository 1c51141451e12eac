/** Messages that point back at earlier turns: what they mean with what was talked about put in. */
import { choice } from '../dialog/slots/index.ts';
import type { OfferedChoice } from '../dialog/slots/slot.ts';
import { FAQ_INTENT } from '../knowledge/types.ts';
import type { Carried, Hit, Lang } from '../message.ts';
import { referenceOf, type Reference } from '../understanding/reference.ts';
import { carriable, withCarried, type Carry } from './carry.ts';
import type { Decision } from './decision.ts';
import { takesAnyText } from './free-text.ts';
import type { Read, Reader } from './read.ts';
import type { Recall } from './recall.ts';
import { readIn } from './understand.ts';
import { SURE } from './weigh.ts';

type Start = Decision & { readonly kind: 'start' };

/** What to call the thing talked about, so that the recognizer reads the sentence as a whole one. */
export const THING = { zh: '我的订单', en: 'my order' } as const;

/**
 * The message with what it points at, and where that was taken from; `undefined` where it stands by
 * itself, or points at nothing that is known.
 * @param plain the message read by itself
 */
export function pointed(reader: Reader, recall: Recall, plain: Read): Read | undefined {
  const { content } = reader.inbound;
  if (content.kind !== 'text' || !mayPoint(plain)) return undefined;
  const script = readIn(content.text, plain.situation.understood.lang);
  const reference = referenceOf(content.text, script);
  if (reference === undefined) return undefined;
  switch (reference.kind) {
    case 'place':
      return placed(reader, recall, reference, script) ?? unplaced(reference, plain);
    case 'matter':
      return matter(reader, recall, reference.matter, plain);
    case 'thing':
    case 'left-out':
      return thing(reader, recall, reference, plain, script);
  }
}

/** A tap, an answer to the open question or an exact question points at nothing. */
function mayPoint({ situation, decision }: Read): boolean {
  const { active, session, understood } = situation;
  if (session.handoff !== undefined || understood.direct !== undefined) return false;
  if (takesAnyText(active?.waiting) || understood.exact?.startsWith(FAQ_INTENT) === true) {
    return false;
  }
  if (active !== undefined && decision.kind === 'continue') {
    const { kind } = decision.move;
    return kind === 'miss' || (kind === 'command' && understood.exact === undefined);
  }
  return (
    OPEN.includes(decision.kind) ||
    (understood.exact === undefined && GUESSED.includes(decision.kind))
  );
}

const OPEN: readonly Decision['kind'][] = ['start', 'answer', 'suggest', 'miss', 'refused-task'];
/** What a classifier may take "the second one" for. */
const GUESSED: readonly Decision['kind'][] = ['say', 'repeat'];

function placed(
  reader: Reader,
  recall: Recall,
  { place, rest }: Reference & { kind: 'place' },
  script: Lang,
): Read | undefined {
  const list = recall.orders;
  const picked = list === undefined ? undefined : pick(list.value, place, recall.order?.value);
  if (list === undefined || picked === undefined) return undefined;
  const carry: Carry = { what: 'order', value: picked.value, from: list.seq };
  const listed: Carried = { what: 'orders', value: `#${place}`, from: list.seq };
  return rest === ''
    ? lastTask(reader, recall, [carry], [listed])
    : asked(
        reader,
        [rest, `${THING[script]}${script === 'en' ? ' ' : ''}${rest}`],
        [carry],
        [listed],
      );
}

/** "the second one" where nothing was listed: not what a classifier takes these words for ("one second"). */
function unplaced({ rest }: Reference & { kind: 'place' }, plain: Read): Read | undefined {
  const { decision, situation } = plain;
  if (rest !== '' || !GUESSED.includes(decision.kind)) return undefined;
  return { situation, decision: { kind: 'miss', miss: situation.session.misses + 1 } };
}

/** The choice at a place, or the one of two that was not talked about last. */
function pick(
  list: readonly OfferedChoice[],
  place: number | 'other',
  last: string | undefined,
): OfferedChoice | undefined {
  if (place !== 'other') return list.at(place > 0 ? place - 1 : place);
  const others = list.filter((o) => o.value !== last);
  return others.length === 1 ? others[0] : undefined;
}

/** The task that ran last, with another order: "那第二个呢". */
function lastTask(
  reader: Reader,
  recall: Recall,
  carries: readonly Carry[],
  more: readonly Carried[],
): Read | undefined {
  const { task } = recall;
  if (task === undefined || !reader.parts.dialogs.has(task.value)) return undefined;
  const read = reader.message();
  const bare: Start = { kind: 'start', dialog: task.value, options: {} };
  const start = withCarried(read.situation, bare, carries);
  if (start.carried === undefined) return undefined;
  return traced({ ...read, decision: start }, [
    ...more,
    { what: 'task', value: task.value, from: task.seq },
  ]);
}

/** The first of these texts that asks for a task which takes what is carried. */
function asked(
  reader: Reader,
  texts: readonly string[],
  carries: readonly Carry[],
  more: readonly Carried[] = [],
): Read | undefined {
  for (const text of texts) {
    const read = reader.text(text);
    if (read.decision.kind !== 'start') continue;
    const start = withCarried(read.situation, read.decision, carries);
    if (start.carried !== undefined) return traced({ ...read, decision: start }, more);
  }
  return undefined;
}

/** "那退货呢": the task of that name with the same order, or its question among the entries. */
function matter(reader: Reader, recall: Recall, said: string, plain: Read): Read | undefined {
  const named = fromList(reader, recall, said);
  if (named !== undefined) return named;
  const carries = carriable(recall);
  const aboutEntry = (recall.entry?.turn ?? 0) > (recall.order?.turn ?? -1);
  if (aboutEntry && plain.decision.kind === 'answer') return undefined;
  const read = reader.text(said);
  if (read.decision.kind === 'start') {
    if (carries.length === 0 && !aboutEntry) return undefined;
    const start = withCarried(read.situation, read.decision, carries);
    return traced({ ...read, decision: start }, []);
  }
  if (read.decision.kind === 'answer') return reader.session.stack.length > 0 ? undefined : read;
  return plain.decision.kind === 'answer' ? undefined : aboutSame(reader, recall, said, read);
}

/** "耳机那个呢": one of the list that was shown, by a word of it. */
function fromList(reader: Reader, recall: Recall, said: string): Read | undefined {
  const list = recall.orders;
  if (list === undefined) return undefined;
  const { situation } = reader.message();
  const parsed = choice(list.value.map((o) => o.value)).parse({
    ...situation.said,
    text: said,
    offered: list.value,
  });
  if (parsed.kind !== 'value' || !parsed.whole) return undefined;
  const carry: Carry = { what: 'order', value: parsed.value, from: list.seq };
  return lastTask(reader, recall, [carry], [{ what: 'orders', value: said, from: list.seq }]);
}

function thing(
  reader: Reader,
  recall: Recall,
  reference: Reference & { kind: 'thing' | 'left-out' },
  plain: Read,
  script: Lang,
): Read | undefined {
  const { decision, situation } = plain;
  if (reference.kind === 'left-out') {
    return aboutOrder(reader, recall, plain, `${THING[script]} ${situation.said.text}`);
  }
  const { before, after, whereabouts } = reference;
  const rest = `${before.trimEnd()} ${after.trimStart()}`.trim();
  const listed = fromList(reader, recall, rest.replace(/[呢的?\s]+$/u, ''));
  if (listed !== undefined) return listed;
  const whole = `${before}${THING[script]} ${after.trimStart()}`;
  const found = aboutOrder(reader, recall, plain, whereabouts ? whole : rest);
  if (found !== undefined) return found;
  const open = decision.kind === 'miss' || decision.kind === 'suggest';
  if (!open || situation.active !== undefined) return undefined;
  return aboutProduct(reader, recall, rest, script) ?? aboutSame(reader, recall, rest, plain);
}

/** The task that the message asks for, or the one that `whole` does, of the order talked about. */
function aboutOrder(reader: Reader, recall: Recall, plain: Read, whole: string): Read | undefined {
  const carries = carriable(recall);
  if (carries.length === 0) return undefined;
  const { decision, situation } = plain;
  if (decision.kind === 'start') {
    const start = withCarried(situation, decision, carries);
    return start.carried === undefined ? undefined : traced({ ...plain, decision: start }, []);
  }
  const read = asked(reader, [whole], carries);
  return read !== undefined && sureOf(read) >= SURE.change ? read : undefined;
}

function sureOf({ situation, decision }: Read): number {
  if (decision.kind !== 'start') return 0;
  const { intents } = situation.understood;
  return intents.find((i) => situation.dialogOf.get(i.intent) === decision.dialog)?.score ?? 0;
}

/** "这个能保修多久": asked of the one thing in the order talked about. */
function aboutProduct(
  reader: Reader,
  recall: Recall,
  said: string,
  script: Lang,
): Read | undefined {
  const { product } = recall;
  if (product === undefined || said === '') return undefined;
  const title = product.value[script];
  const read = reader.text(`${title} ${said}`);
  if (read.decision.kind !== 'answer') return undefined;
  // The product's name alone finds entries about it that answer something else.
  const { entry } = read.decision.hit;
  const alone = reader.text(said).situation.understood.hits;
  if (!alone.some((hit) => hit.entry === entry)) return undefined;
  return traced(read, [{ what: 'product', value: title, from: product.seq }]);
}

/** "那运费呢" behind an answer: asked once more in the words of the question before it. */
function aboutSame(reader: Reader, recall: Recall, said: string, alone: Read): Read | undefined {
  const { entry } = recall;
  if (entry === undefined || said === '') return undefined;
  const read = reader.text(`${entry.value.asked} ${said}`);
  const { thresholds, understood } = read.situation;
  const hits = understood.hits.filter((h) => h.entry !== entry.value.id);
  const [hit] = hits;
  if (hit === undefined || hit.score < thresholds.suggest) return undefined;
  const found = hits.filter((h) => h.score >= thresholds.suggest).slice(0, MOST_OFFERED);
  if (alone.decision.kind === 'suggest' && hit.score < thresholds.answer) return undefined;
  return traced({ ...read, decision: answerOrOffer(found, thresholds) }, [
    { what: 'entry', value: entry.value.id, from: entry.seq },
  ]);
}

const MOST_OFFERED = 3;

function answerOrOffer(found: readonly Hit[], { answer }: { readonly answer: number }): Decision {
  const [hit, runnerUp] = found;
  const clear =
    hit !== undefined && hit.score >= answer && hit.score - (runnerUp?.score ?? 0) >= SURE.margin;
  if (!clear) return { kind: 'suggest', hits: found };
  return { kind: 'answer', hit, ...(runnerUp === undefined ? {} : { runnerUp }) };
}

/** Notes what was carried where the trace shows it. */
function traced({ situation, decision }: Read, more: readonly Carried[]): Read {
  const carried = [...more, ...(decision.kind === 'start' ? (decision.carried ?? []) : [])];
  if (carried.length === 0) return { situation, decision };
  return {
    situation: { ...situation, understood: { ...situation.understood, carried } },
    decision,
  };
}
