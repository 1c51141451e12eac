import { FAQ_INTENT } from '../../knowledge/types.ts';
import { taskOfBareNumber } from '../../turn/bare-value.ts';
import type { Decision } from '../../turn/decision.ts';
import type { Situation } from '../../turn/situation.ts';
import { SURE, taskByEntity, taskOf } from '../../turn/weigh.ts';

const two = (value: number): string => value.toFixed(2);

/** Why this was decided: the figures that were compared, in words for authors. */
export function reasonOf(s: Situation, decision: Decision): string {
  const { exact } = s.understood;
  const wordForWord =
    exact === undefined ? undefined : `a training line of ${exact}, word for word`;
  switch (decision.kind) {
    case 'start':
      return wordForWord ?? started(s, decision.dialog);
    case 'answer':
      return wordForWord ?? answered(s, decision);
    case 'suggest':
      return `the best entry has ${two(decision.hits[0]?.score ?? 0)}: at least ${two(s.thresholds.suggest)} to be offered, but not clearly ${two(s.thresholds.answer)} and ${two(SURE.margin)} ahead of the next`;
    case 'refused-task':
      return `the message refuses ${s.understood.negated ?? 'it'}`;
    case 'say':
      return wordForWord ?? said(s);
    case 'miss':
      return missed(s);
    case 'several':
      return several(s, decision);
    case 'language':
      return 'the message asks for that language';
    case 'care':
      return 'the message tells of danger to somebody';
    case 'abuse':
      return 'the message swears';
    default:
      return wordForWord ?? 'the state of the conversation decides';
  }
}

function started(s: Situation, dialog: string): string {
  if (taskOfBareNumber(s) === dialog) {
    return 'the message is a number and nothing else: the last task or the first, of those that only look things up';
  }
  const task = s.understood.intents.find(({ intent }) => s.dialogOf.get(intent) === dialog);
  const score = task === undefined ? '' : `${task.intent} has ${two(task.score)}`;
  if (taskOf(s, SURE.start) === dialog) {
    return `${score}: at least ${two(SURE.start)} to start a task${beside(s)}`;
  }
  if (taskByEntity(s) === dialog) {
    return `${score}: at least ${two(SURE.hint)}, with the value that the task asks for first`;
  }
  return score === '' ? 'the words name it' : score;
}

/** The best entry that the task was preferred to. */
function beside({ understood: { intents, question } }: Situation): string {
  const entry = intents.find(({ intent }) => intent.startsWith(FAQ_INTENT));
  if (entry === undefined || entry.score < 0.1) return '';
  const kind = question ? 'a question' : 'not a question';
  return `; ${entry.intent} has ${two(entry.score)}, and the message is ${kind}`;
}

function answered(s: Situation, { hit, runnerUp }: Decision & { kind: 'answer' }): string {
  const lead = hit.score - (runnerUp?.score ?? 0);
  const entry = s.understood.intents.find(({ intent }) => intent === `${FAQ_INTENT}${hit.entry}`);
  return hit.score >= s.thresholds.answer && lead >= SURE.margin
    ? `${hit.entry} has ${two(hit.score)}: at least ${two(s.thresholds.answer)} to be the answer, and ${two(lead)} ahead of the next`
    : `search (${two(hit.score)}) and classifier (${two(entry?.score ?? 0)}) agree on ${hit.entry}`;
}

function said({ understood: { intents } }: Situation): string {
  const [top] = intents;
  return top === undefined
    ? 'there are no words to read'
    : `${top.intent} has ${two(top.score)}: at least ${two(SURE.start)}`;
}

/** Each wish is decided by its own clause. */
function several(s: Situation, { answers, first, later }: Decision & { kind: 'several' }): string {
  const wishes = answers.length + later.length + (first === undefined ? 0 : 1);
  const why = first?.kind === 'start' ? `; the first task: ${started(s, first.dialog)}` : '';
  return `its clauses hold ${wishes} ${wishes === 1 ? 'wish' : 'wishes'}${why}`;
}

function missed({ understood: { intents, hits }, thresholds }: Situation): string {
  const [top] = intents;
  const [hit] = hits;
  return [
    top === undefined
      ? 'no intent'
      : `the best intent, ${top.intent}, has ${two(top.score)}: less than ${two(SURE.start)}, or not ahead`,
    hit === undefined
      ? 'no entry'
      : `the best entry, ${hit.entry}, has ${two(hit.score)}: less than ${two(thresholds.suggest)}`,
  ].join('; ');
}
