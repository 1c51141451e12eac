import type { Outgoing } from '../../src/channel/channel.ts';
import { ApiError } from '../../src/channel/tencent/api.ts';
import { messageOf, OutsideError } from '../../src/errors.ts';
import type { Address, Reply } from '../../src/message.ts';
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

  async function plan(conversation: string, replies: readonly Outgoing[]): Promise<Plan> {
    const left = await kf.budgets.left(conversation);
    const said = replies.map((reply) => reply.line.reply);
    const sizes = ([0, 1, 2] as const).map((density) => ({
      density,
      size: bubblesOf(said, density, addressOf).length,
    }));
    const fits = sizes.find(({ size }) => size <= left);
    const { density, size } = fits ?? { density: 2 as Density, size: left };
    return (await kf.budgets.take(conversation, size))
      ? { density, most: size }
      : { density, most: 0 };
  }

  async function send(conversation: string, replies: readonly Outgoing[]): Promise<void> {
    const planned = plans.find(replies) ?? (await plan(conversation, replies));
    if (planned.most === 0) return failAll(replies, overBudget());
    const release = await plans.keep(conversation, replies, planned);
    try {
      await sendPlanned(conversation, replies, planned);
    } finally {
      release();
    }
    plans.done(replies);
  }

  async function sendPlanned(
    conversation: string,
    replies: readonly Outgoing[],
    planned: Plan,
  ): Promise<void> {
    const said = replies.map((reply) => reply.line.reply);
    const bubbles = bubblesOf(said, planned.density, addressOf);
    const paid = bubbles.slice(0, planned.most);
    const open = new Set(replies.keys());
    const begun = performance.now();
    for (const [at, bubble] of paid.entries()) {
      if (performance.now() - begun > SLOW_MS) {
        throw new OutsideError('wecom-slow', 'WeCom answers slowly: the rest goes out later', {
          retryable: true,
        });
      }
      const id = messageId(replies, bubbles, at, planned.density);
      const sentId = await sendOne(conversation, bubble, id);
      if (sentId instanceof OutsideError) {
        return failAll(
          replies.filter((_, i) => open.has(i)),
          sentId,
        );
      }
      if (planned.density === 0) planned.most -= 1;
      // The last one first: a crash in between leaves the one whose key is the `msgid`.
      for (const index of bubble.of.toReversed()) {
        if (bubbles.slice(at + 1).some((later) => later.of.includes(index))) continue;
        open.delete(index);
        const reply = replies[index];
        if (reply === undefined) continue;
        kf.sent.set(sentId, reply.line.seq);
        await reply.sent(sentId);
      }
    }
    await failAll(
      replies.filter((_, i) => open.has(i)),
      overBudget(),
    );
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

  async function group(replies: readonly Outgoing[], to: Address): Promise<void> {
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
    if (before.length > 0) await send(conversation, before);
    const rest = shown.slice(before.length);
    if (rest.length === 0 || (await handoff.begin(conversation, rest))) return;
    const words = rest.filter((reply) => isShown(reply.line.reply));
    for (const reply of rest) if (!words.includes(reply)) await reply.sent();
    if (words.length > 0) await send(conversation, words);
  }

  return async (replies, to) => {
    for (const { line } of replies) kf.saw(to.conversation, line.seq);
    for (const part of groupsOf(replies)) {
      try {
        await group(part, to);
      } catch (error) {
        const what = { account: kf.account.name, error: messageOf(error) };
        kf.context.logger.info(what, 'a reply could not be sent now');
        throw error;
      }
    }
  };
}

/** Replies to one message that were tried equally often: what goes out together, now and at each further try. */
function groupsOf(replies: readonly Outgoing[]): readonly (readonly Outgoing[])[] {
  const groups: Outgoing[][] = [];
  for (const reply of replies) {
    const last = groups.at(-1)?.at(-1);
    const fits = last?.line.inbound === reply.line.inbound && last.attempts === reply.attempts;
    if (fits) groups.at(-1)?.push(reply);
    else groups.push([reply]);
  }
  return groups;
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
