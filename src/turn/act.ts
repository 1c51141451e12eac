/** Stage "act": does what was decided. What is said and changed goes into the draft, nowhere else. */
import type { Decision } from './decision.ts';
import { TAP } from './decision.ts';
import { choicesOf, sayText, type Draft } from './draft.ts';
import type { Parts } from './parts.ts';
import { runDialog } from './act-dialog.ts';
import { begin, lostNames, nextPending, sayPlan } from './act-several.ts';
import { labelOf, suggested } from './labels.ts';
import { enqueue, MOST_PENDING, type Pending } from './pending.ts';
import { passToPerson } from './act-person.ts';
import type { Session } from './session.ts';
import { nextOwner, type Handoff } from '../handoff/handoff.ts';
import type { Outcome } from '../dialog/outcome.ts';
import type { Hit } from '../message.ts';

export async function act(parts: Parts, draft: Draft, decision: Decision): Promise<void> {
  await actOn(parts, draft, decision);
  for (let n = 0; n <= MOST_PENDING; n += 1) {
    const next = nextPending(parts, draft);
    if (next === undefined) return;
    await follow(parts, draft, await begin(parts, draft, next));
  }
}

async function actOn(parts: Parts, draft: Draft, decision: Decision): Promise<void> {
  const { session } = draft;
  if (decision.kind !== 'miss') session.misses = 0;
  if (decision.kind !== 'answer') delete session.answered;
  switch (decision.kind) {
    case 'quiet':
      return;
    case 'welcome':
      session.welcomed = true;
      sayText(draft, 'welcome');
      return;
    case 'agent':
    case 'agent-closes':
    case 'pass-on':
    case 'withdraw':
      return ownership(parts, draft, decision);
    case 'person':
      return person(parts, draft, decision.reason);
    case 'start':
      return follow(parts, draft, await begin(parts, draft, decision));
    case 'several':
      return several(parts, draft, decision);
    case 'continue':
      return follow(
        parts,
        draft,
        await runDialog(parts, draft, { kind: 'continue' }, decision.move),
      );
    case 'already-in':
      return goBack(parts, draft);
    case 'cancel': {
      if (decision.all) delete session.pending;
      const id = parts.dialogs.active(session.stack)?.id ?? '';
      const name = draft.knowledge.text(`${id}.name`, draft.lang);
      sayText(draft, decision.then === undefined ? 'dialog.cancelled' : 'dialog.dropped', { name });
      await runDialog(parts, draft, { kind: 'cancel' });
      if (decision.then !== undefined) await actOn(parts, draft, decision.then);
      return;
    }
    case 'refused-task':
      sayText(draft, 'negated', {
        name: draft.knowledge.text(`${decision.dialog}.name`, draft.lang),
      });
      return goBack(parts, draft);
    case 'answer':
      if (decision.picked === true) label(draft, decision.hit.entry);
      answer(draft, decision.hit, decision.runnerUp);
      return goBack(parts, draft);
    case 'language':
      session.wished = decision.lang;
      sayText(draft, 'language');
      return goBack(parts, draft);
    case 'care':
      // What is open stays open, and is not asked for now.
      sayText(draft, 'care', {}, { choices: choicesOf(draft, [TAP.person, 'person']) });
      return;
    case 'abuse':
      sayText(
        draft,
        'abuse',
        {},
        { choices: choicesOf(draft, [TAP.person, 'person']), vary: draft.seq },
      );
      return goBack(parts, draft);
    case 'suggest':
      suggest(draft, decision.hits);
      return goBack(parts, draft);
    case 'say':
      sayText(draft, decision.key, {}, { vary: draft.replies.length + session.misses });
      return goBack(parts, draft);
    case 'repeat':
      repeat(draft);
      return;
    case 'miss':
      return miss(draft, decision.miss);
  }
}

/** Answers what was asked, then begins the first task; the others wait, or are too many: the customer is told. */
async function several(
  parts: Parts,
  draft: Draft,
  { answers, first, later }: Decision & { kind: 'several' },
): Promise<void> {
  const { session } = draft;
  for (const { hit, runnerUp } of answers) answer(draft, hit, runnerUp);
  const queue = enqueue(session.pending, later);
  keepPending(session, queue);
  const waiting = later.filter((p) => queue.includes(p));
  sayPlan(parts, draft, first, waiting);
  const lost = later.filter((p) => !queue.includes(p));
  if (lost.length > 0) sayText(draft, 'several.full', { names: lostNames(draft, lost) });
  return first === undefined ? goBack(parts, draft) : actOn(parts, draft, first);
}

function keepPending(session: Session, pending: readonly Pending[]): void {
  if (pending.length === 0) delete session.pending;
  else session.pending = [...pending];
}

/** A pick among the similar questions labels the words they were offered for. */
function label({ session, labels, now }: Draft, entry: string): void {
  const pair = labelOf(session.suggested, entry, now);
  if (pair !== undefined) labels.push(pair);
  delete session.suggested;
}

/** Dialogs that one message may start after each other; a circle of `goTo` ends here. */
const MOST_STARTS = 5;

/** Does what the outcome of a dialog asks for. */
async function follow(parts: Parts, draft: Draft, outcome: Outcome | undefined): Promise<void> {
  let next = outcome;
  for (let n = 0; n < MOST_STARTS && next?.kind === 'goTo'; n += 1) {
    next = await begin(parts, draft, { dialog: next.dialog, options: {} });
  }
  if (next?.kind === 'handoff') await person(parts, draft, next.reason);
}

async function person(parts: Parts, draft: Draft, reason: string): Promise<void> {
  await passToPerson(parts, draft, reason);
  if (draft.session.handoff === undefined) await goBack(parts, draft);
}

/** After something else was answered, the open question is asked again. */
async function goBack(parts: Parts, draft: Draft): Promise<void> {
  if (parts.dialogs.active(draft.session.stack) === undefined) return;
  await runDialog(parts, draft, { kind: 'reprompt' });
}

async function ownership(
  parts: Parts,
  draft: Draft,
  decision: Decision & { kind: 'agent' | 'agent-closes' | 'pass-on' | 'withdraw' },
): Promise<void> {
  const { session, now } = draft;
  const owner = session.handoff;
  switch (decision.kind) {
    case 'agent':
      take(session, nextOwner(now, owner, { kind: 'agent-writes', agent: decision.agent }));
      draft.replies.push({ from: 'agent', text: decision.text });
      return;
    case 'pass-on':
      if (owner?.owner !== 'queue' || owner.told === true) return;
      session.handoff = { ...owner, told: true };
      sayText(draft, 'handoff.waiting');
      return;
    case 'withdraw':
      take(session, nextOwner(now, owner, { kind: 'withdraw' }));
      sayText(draft, 'handoff.withdrawn');
      return goBack(parts, draft);
    case 'agent-closes':
      if (owner === undefined) return;
      take(session, nextOwner(now, owner, { kind: 'agent-closes' }));
      delete session.recall;
      sayText(draft, 'handoff.back');
      return goBack(parts, draft);
  }
}

function take(session: Session, owner: Handoff | undefined): void {
  if (owner === undefined) delete session.handoff;
  else session.handoff = owner;
}

function answer(draft: Draft, hit: Hit, runnerUp: Hit | undefined): void {
  const { knowledge, lang, inbound, session } = draft;
  const text = knowledge.answer(hit.entry, lang, inbound.address.channel, draft.now);
  if (text === undefined) {
    miss(draft, session.misses + 1);
    return;
  }
  const again = session.answered === hit.entry;
  session.answered = hit.entry;
  const entry = knowledge.entries.get(hit.entry);
  draft.replies.push({
    from: 'bot',
    text: again ? knowledge.text('again', lang, { text }) : text,
    key: `faq.${hit.entry}`,
    source: {
      entry: hit.entry,
      revision: entry?.revision ?? hit.revision,
      score: hit.score,
      ...(runnerUp === undefined
        ? {}
        : { runnerUp: { entry: runnerUp.entry, score: runnerUp.score } }),
    },
  });
}

function suggest(draft: Draft, hits: readonly Hit[]): void {
  const none = { value: TAP.none, title: draft.knowledge.text('none-of-these', draft.lang) };
  const choices = hits.map((h) => ({ value: `${TAP.faq}${h.entry}`, title: h.question }));
  const { inbound, lang, session, now } = draft;
  const text = 'text' in inbound.content ? inbound.content.text : '';
  session.suggested = suggested(
    text,
    lang,
    hits.map((h) => h.entry),
    now,
  );
  sayText(draft, 'suggest', {}, { choices: [...choices, none], vary: draft.session.misses });
}

function repeat(draft: Draft): void {
  const { last } = draft.session;
  if (last === undefined) {
    sayText(draft, 'repeat.nothing');
    return;
  }
  draft.replies.push(...last.map((r) => ({ from: 'bot' as const, ...r, key: 'repeat' })));
}

function miss(draft: Draft, count: number): void {
  draft.session.misses = count;
  if (count === 1) {
    sayText(draft, 'fallback.clarify');
    return;
  }
  const choices = choicesOf(draft, [TAP.person, 'person'], [TAP.ticket, 'leave-message']);
  sayText(
    draft,
    'fallback.offer',
    {},
    {
      vary: count,
      ...(choices === undefined ? {} : { choices }),
    },
  );
}
