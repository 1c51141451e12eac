import type { Outgoing } from '../../src/channel/channel.ts';
import { ApiError } from '../../src/channel/tencent/api.ts';
import { messageOf, OutsideError } from '../../src/errors.ts';
import type { Address, Reply } from '../../src/message.ts';
import { beginsAnother, fit, groupsOf, joined } from './groups.ts';
import { createHandoff, handsOver, isWithdrawal } from './handoff.ts';
import type { Kf } from './kf.ts';
import { publicAddress } from './media.ts';
import type { Plan, Plans } from './plans.ts';
import { ENDED, explained, FORBIDDEN, NO_MOVE, overBudget, silenceOf } from './reasons.ts';
import { bubblesOf, type Bubble, type Density } from './render.ts';
import { messageIdOf, type Sender } from './send.ts';
import { wayOf, type Way } from './session.ts';

/** Sends the replies of one conversation: the `deliverAll` of an account. */
export type Deliver = (replies: readonly Outgoing[], to: Address) => Promise<void>;

/** The state that the session is in is not the one that we believed. */
const OTHER_STATE = [FORBIDDEN, ENDED, NO_MOVE];

/** After this long no further message of the same replies is begun, in ms: the caller gives up after 60 s. */
const SLOW_MS = 25_000;

/** Makes it. */
export function createDeliver(kf: Kf, plans: Plans, sender: Sender): Deliver {
  const handoff = createHandoff(kf, sender);
  const addressOf = (url: string): string | undefined => publicAddress(kf, url);

  /** Takes the session where nobody has it. */
  async function ready(conversation: string): Promise<Way> {
    for (let tries = 1; ; tries += 1) {
      const way = wayOf(await kf.sessions.state(conversation));
      if (way !== 'begin') return way;
      try {
        await kf.sessions.move(conversation, 1);
        return 'send';
      } catch (error) {
        const moved = error instanceof ApiError && OTHER_STATE.includes(error.errcode);
        if (!moved || tries > 1) throw error;
      }
    }
  }

  function render(replies: readonly Outgoing[], density: Density): readonly Bubble[] {
    const said = replies.map((reply) => reply.line.reply);
    return bubblesOf(said, density, addressOf, beginsAnother(replies));
  }

  /** @returns the plan, and how many of the replies it is for */
  async function plan(
    conversation: string,
    replies: readonly Outgoing[],
    reserve: number,
  ): Promise<{ planned: Plan; count: number }> {
    const round = kf.traffic.round(conversation);
    const left = await kf.budgets.left(conversation);
    const size = (count: number, density: Density): number =>
      render(replies.slice(0, count), density).length;
    const { density, most, count } = fit(replies.length, left, reserve, size);
    const paid = await kf.budgets.take(conversation, most);
    return { planned: { density, most: paid ? most : 0, round }, count };
  }

  async function send(
    conversation: string,
    replies: readonly Outgoing[],
    reserve: number,
  ): Promise<void> {
    const begun = plans.find(replies);
    const { planned, count } = begun
      ? { planned: begun, count: replies.length }
      : await plan(conversation, replies, reserve);
    if (planned.most === 0) return failAll(replies, overBudget());
    const due = replies.slice(0, count);
    const release = await plans.keep(conversation, due, planned);
    try {
      await failAll(replies.slice(count), overBudget());
      await sendPlanned(conversation, due, planned);
    } finally {
      release();
    }
    plans.done(due);
  }

  async function sendPlanned(
    conversation: string,
    replies: readonly Outgoing[],
    planned: Plan,
  ): Promise<void> {
    const bubbles = render(replies, planned.density);
    const open = new Set(replies.keys());
    /** What went out, with the id of its last message: ended only together with all it shares one with. */
    const shown = new Map<number, string>();
    let out = 0;
    let ended = 0;
    const goesOn = (index: number): boolean =>
      bubbles.slice(out).some(({ of }) => of.includes(index));
    /** The last one first: a crash in between leaves the one whose key is the `msgid`. */
    async function end(indexes: readonly number[]): Promise<void> {
      for (const index of indexes.toReversed()) {
        const reply = replies[index];
        const id = shown.get(index);
        open.delete(index);
        shown.delete(index);
        if (reply === undefined || id === undefined) continue;
        kf.sent.set(id, reply.line.seq);
        await reply.sent(id);
      }
    }
    let fault = overBudget();
    const begun = performance.now();
    for (const bubble of bubbles.slice(0, planned.most)) {
      if (performance.now() - begun > SLOW_MS) {
        throw new OutsideError('wecom-slow', 'WeCom answers slowly: the rest goes out later', {
          retryable: true,
        });
      }
      const id = messageId(replies, bubbles, out, planned.density);
      const sentId = await sendOne(conversation, bubble, id);
      if (sentId instanceof OutsideError) {
        fault = sentId;
        break;
      }
      await countSend(conversation, planned);
      out += 1;
      for (const index of bubble.of) shown.set(index, sentId);
      if ([...shown.keys()].some(goesOn)) continue;
      if (planned.density === 0) planned.most -= out - ended;
      ended = out;
      await end([...shown.keys()]);
    }
    await end([...shown.keys()].filter((index) => !goesOn(index)));
    await failAll(
      replies.filter((_, i) => open.has(i)),
      fault,
    );
  }

  /** WeCom counts a message on the newest one of the customer, which may not be the one that paid. */
  async function countSend(conversation: string, { round }: Plan): Promise<void> {
    kf.traffic.sent(conversation, kf.context.clock.now());
    if (kf.traffic.round(conversation) !== round) await kf.budgets.take(conversation);
  }

  /** @returns the id of what was sent, or why this and what follows can't be. @throws what is to be tried again */
  async function sendOne(
    conversation: string,
    { form }: Bubble,
    messageId: string,
  ): Promise<string | OutsideError> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await sender.send(conversation, form, messageId);
      } catch (error) {
        if (!(error instanceof OutsideError)) throw error;
        if (error.retryable) throw error;
        if (!(error instanceof ApiError) || !OTHER_STATE.includes(error.errcode)) {
          return explained(error);
        }
        if (error.errcode === FORBIDDEN) kf.facts.refused = kf.context.clock.now();
        kf.sessions.forget(conversation);
        const way = await ready(conversation);
        if (way !== 'send') return silenceOf(way) ?? error;
        if (tries > 1) return explained(error);
      }
    }
  }

  /** @param reserve sends to leave for others, where that is possible */
  async function group(replies: readonly Outgoing[], to: Address, reserve: number): Promise<void> {
    const { conversation } = to;
    const shown: Outgoing[] = [];
    for (const reply of replies) {
      const { reply: said } = reply.line;
      if (isShown(said) || (kf.account.servicePool && handsOver(said))) shown.push(reply);
      else await reply.sent();
    }
    const [first] = shown;
    if (first === undefined) return;
    if (await handoff.welcome(conversation, shown)) return;
    const way = await ready(conversation);
    if (way === 'ended' && (await handoff.end(conversation, shown))) return;
    const passes = kf.account.servicePool
      ? shown.findIndex((reply) => handsOver(reply.line.reply))
      : -1;
    if (way === 'queued') {
      if (passes === 0 && (await handoff.notice(conversation, shown))) return;
      // The move had come through, though its answer had not.
      if (passes === 0) await kf.sessions.handOver(conversation, true);
      if (isWithdrawal(first.line.reply) && (await handoff.withdraw(conversation, shown))) return;
    }
    const silence = silenceOf(way);
    if (silence !== undefined) return failAll(shown, silence);
    const before = passes === -1 ? shown : shown.slice(0, passes);
    if (before.length > 0) await send(conversation, before, reserve);
    const rest = shown.slice(before.length);
    if (rest.length === 0 || (await handoff.begin(conversation, rest))) return;
    const words = rest.filter((reply) => isShown(reply.line.reply));
    for (const reply of rest) if (!words.includes(reply)) await reply.sent();
    if (words.length > 0) await send(conversation, words, reserve);
  }

  /** Joins answers to several messages where what is left does not pay for each by itself. */
  async function gathered(
    conversation: string,
    replies: readonly Outgoing[],
    reserve: number,
  ): Promise<readonly (readonly Outgoing[])[]> {
    const groups = groupsOf(replies, (reply) => plans.find([reply]));
    const unpaid = groups.filter((part) => plans.find(part) === undefined);
    if (unpaid.length < 2) return groups;
    const needed = unpaid.reduce((sum, part) => sum + render(part, 0).length, 0);
    if (needed <= (await kf.budgets.left(conversation)) - reserve) return groups;
    // The last words of a session go out by its code, and alone.
    if (await kf.codes.has(conversation, 'end')) return groups;
    const plain = new Set<readonly Outgoing[]>();
    for (const part of unpaid) {
      const special = part.some(({ line: { reply } }) => handsOver(reply) || isWithdrawal(reply));
      const welcomes = await kf.codes.has(conversation, 'welcome', part[0]?.line.inbound ?? '');
      if (!special && !welcomes) plain.add(part);
    }
    return joined(groups, (part) => plain.has(part));
  }

  return async (replies, to) => {
    const { conversation } = to;
    for (const { line } of replies) kf.saw(conversation, line.seq);
    const answered = replies.map(({ line }) => line.inbound);
    const more = kf.traffic.waits(conversation, answered) ? 1 : 0;
    const groups = await gathered(conversation, replies, more);
    for (const [at, part] of groups.entries()) {
      try {
        await group(part, to, groups.length - 1 - at + more);
      } catch (error) {
        const what = { account: kf.account.name, error: messageOf(error) };
        kf.context.logger.info(what, 'a reply could not be sent now');
        throw error;
      }
    }
  };
}

function messageId(
  replies: readonly Outgoing[],
  bubbles: readonly Bubble[],
  at: number,
  density: Density,
): string {
  const first = bubbles[at]?.of[0] ?? 0;
  const part = bubbles.slice(0, at).filter((bubble) => bubble.of[0] === first).length;
  return messageIdOf(replies[first]?.idempotencyKey ?? '', part, density);
}

function isShown({ text, choices = [], attachments = [], cards = [] }: Reply): boolean {
  return text.trim() !== '' || choices.length + attachments.length + cards.length > 0;
}

async function failAll(replies: readonly Outgoing[], error: OutsideError): Promise<void> {
  for (const reply of replies) await reply.failed(error);
}
