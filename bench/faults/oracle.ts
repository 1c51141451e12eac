import type { Activity } from '../direct-line.ts';

/** A message as its customer remembers it. */
export interface Sent {
  /** The client's own id of it, the same for every try. */
  readonly id: string;
  readonly text: string;
  /** What the one answer to it must look like. */
  readonly answer: RegExp;
  /** The server said that it has it. */
  readonly acknowledged: boolean;
}

/** What is wrong with a conversation: the ids of its messages, by what happened to them. */
export interface Verdict {
  /** Acknowledged, and not in the log. */
  readonly lost: readonly string[];
  /** In the log more than once. */
  readonly doubled: readonly string[];
  readonly unanswered: readonly string[];
  readonly answeredTwice: readonly string[];
  /** In the log, or answered, before a message that was sent earlier. */
  readonly disordered: readonly string[];
  /** Answered with something else than what was due. */
  readonly wrong: readonly string[];
  /** Lines of the bot that answer no message, and of users that nobody sent. */
  readonly strange: readonly string[];
}

/**
 * Compares what a customer sent, in order, with the conversation's log from its beginning.
 * Each message's answer is one line. A message without acknowledgement may be there or not.
 */
export function judge(sent: readonly Sent[], log: readonly Activity[]): Verdict {
  const place = new Map(sent.map(({ id }, i) => [id, i] as const));
  const lines = new Map<string, Activity[]>();
  const strange: string[] = [];
  const order: number[] = [];
  for (const line of log.filter((a) => a.from.role === 'user')) {
    const id = line.channelData?.clientActivityID ?? '';
    const at = place.get(id);
    if (at === undefined) strange.push(line.id);
    else {
      order.push(at);
      lines.set(id, [...(lines.get(id) ?? []), line]);
    }
  }
  const senderOf = new Map([...lines].flatMap(([id, all]) => all.map((a) => [a.id, id] as const)));
  const answers = new Map<string, Activity[]>();
  const answerOrder: number[] = [];
  for (const line of log.filter((a) => a.from.role === 'bot')) {
    const id = senderOf.get(line.replyToId ?? '');
    if (id === undefined) strange.push(line.id);
    else {
      answerOrder.push(place.get(id) ?? -1);
      answers.set(id, [...(answers.get(id) ?? []), line]);
    }
  }
  const count = (of: ReadonlyMap<string, readonly Activity[]>, id: string): number =>
    of.get(id)?.length ?? 0;
  const ids = (broken: (message: Sent) => boolean): string[] =>
    sent.filter(broken).map((m) => m.id);
  const late = [...fallingBack(order), ...fallingBack(answerOrder)];
  return {
    lost: ids((m) => m.acknowledged && count(lines, m.id) === 0),
    doubled: ids((m) => count(lines, m.id) > 1),
    unanswered: ids((m) => count(lines, m.id) > 0 && count(answers, m.id) === 0),
    answeredTwice: ids((m) => count(answers, m.id) > 1),
    disordered: [...new Set(late)].map((at) => sent[at]?.id ?? ''),
    wrong: ids((m) => answers.get(m.id)?.some((a) => !m.answer.test(a.text ?? '')) ?? false),
    strange,
  };
}

/** Places that come after a higher one. */
function fallingBack(places: readonly number[]): number[] {
  let highest = -1;
  return places.filter((place) => {
    const late = place < highest;
    highest = Math.max(highest, place);
    return late;
  });
}

/** All verdicts as one. */
export function together(verdicts: readonly Verdict[]): Verdict {
  const all = (of: keyof Verdict): string[] => verdicts.flatMap((v) => v[of]);
  return {
    lost: all('lost'),
    doubled: all('doubled'),
    unanswered: all('unanswered'),
    answeredTwice: all('answeredTwice'),
    disordered: all('disordered'),
    wrong: all('wrong'),
    strange: all('strange'),
  };
}

/** Whether nothing is wrong. */
export function isClean(verdict: Verdict): boolean {
  return Object.values(verdict).every((list: readonly string[]) => list.length === 0);
}
