import type { ServerResponse } from 'node:http';
import { readBody } from '../../src/channel/body.ts';
import { conversationKey, type RouteRequest } from '../../src/channel/channel.ts';
import { parseXml } from '../../src/channel/tencent/xml.ts';
import { messageOf, RequestError } from '../../src/errors.ts';
import type { Address, Inbound } from '../../src/message.ts';
import { decode, type Push } from './codec.ts';
import { contentOf } from './content.ts';
import { word, type Desk } from './desk.ts';
import { holdResponse, passiveBody } from './holder.ts';
import type { Holder, Manner } from './passive.ts';

/** How long a customer who writes too fast may be slowed down, in ms: the request has its own time. */
const ADMIT_MS = 2000;
/** From the end of a turn until its replies are surely being delivered, in ms. */
const GRACE_MS = 50;
/** How long an answer that an earlier process should have sent is waited for, in ms. */
const LEFT_OVER_MS = 1000;
/** From one of WeChat's tries to the next, in ms. */
const BETWEEN_TRIES_MS = 5000;

/** `GET`: WeChat checks that the address is ours. */
export function verifyAddress(
  { verifier, stats }: Desk,
  request: RouteRequest,
  response: ServerResponse,
): Promise<void> {
  const echo = counted(stats, () => verifier.address(request.query));
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(echo);
  return Promise.resolve();
}

/**
 * `POST`: a message or an event. The response is held until the answer is there, or time is up.
 * @throws RequestError 403 for what is not WeChat's, 413 larger than 64 KiB, 429 too fast, 503 full
 */
export async function receive(
  desk: Desk,
  request: RouteRequest,
  response: ServerResponse,
): Promise<void> {
  const { verifier, windows, stats, context, account } = desk;
  const arrivedAt = performance.now();
  counted(stats, () => verifier.envelope(request.query));
  const body = (await readBody(request)).toString('utf8');
  const xml = counted(stats, () => verifier.message(request.query, body));
  stats.pushes += 1;
  stats.lastPushAt = context.clock.now();
  const push = read(desk, xml);
  if (push === undefined) {
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.end('success');
    return;
  }
  await inTime(request.admit(`wechat:${account.name}:${push.openId}`));
  const holder = holdResponse(response, (passive) =>
    passiveBody(passive, push, {
      cipher: desk.cipher,
      encrypt: account.mode !== 'plain',
      now: () => context.clock.now(),
      newId: () => context.newId(),
    }),
  );
  const entered = windows.enter(push.id, holder, mannerOf(desk, push), arrivedAt);
  if (!entered.over && !entered.accepted) await take(desk, push, holder);
  await holder.gone;
}

function counted<T>(stats: Desk['stats'], check: () => T): T {
  try {
    return check();
  } catch (error) {
    stats.refused += 1;
    throw error;
  }
}

/** What is WeChat's but can't be read is recorded and not asked for again. */
function read(desk: Desk, xml: string): Push | undefined {
  const { logger } = desk.context;
  try {
    const push = decode(parseXml(xml), {
      location: word(desk, 'wechat.location'),
      link: word(desk, 'wechat.link'),
      miniProgram: word(desk, 'wechat.mini-program'),
    });
    if (push === undefined) logger.warn({ bytes: xml.length }, 'a push lacks fields: not taken');
    return push;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    logger.warn({ bytes: xml.length, why: error.message }, 'a push can not be read: not taken');
    return undefined;
  }
}

async function inTime(admitted: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new RequestError(429, 'TooManyRequests', 'Too many messages', 1)),
      ADMIT_MS,
    );
  });
  try {
    await Promise.race([admitted, late]);
  } finally {
    clearTimeout(timer);
  }
}

function mannerOf(desk: Desk, push: Push): Manner {
  const patient = !desk.sender.abilities.active;
  return {
    patient,
    atLast: async (answer) => {
      const { openId } = push;
      if (!patient) {
        if (push.allowance !== undefined) void desk.sender.typing(openId);
        return;
      }
      if (push.allowance === undefined) return;
      const paid = await desk.parked.pay(openId, '', (text) => answer({ kind: 'text', text }));
      if (paid === undefined) await answer({ kind: 'text', text: word(desk, 'wechat.thinking') });
    },
  };
}

/** Stores the message, then waits for its turn beside the request. */
async function take(desk: Desk, push: Push, holder: Holder): Promise<void> {
  const { windows, context, account, budgets, files, sender } = desk;
  const { allowance, openId: user } = push;
  const address: Address = { channel: 'wechat', account: account.name, conversation: user, user };
  const key = conversationKey(address);
  try {
    const content = await contentOf(desk, push, key);
    const inbound: Inbound = {
      id: push.id,
      address,
      content,
      at: context.clock.now(),
      ...(account.lang === undefined ? {} : { lang: account.lang }),
    };
    const paying = allowance === undefined || !sender.abilities.active;
    const [accepted] = await Promise.all([
      context.accept(inbound),
      paying ? undefined : granted(desk, user, allowance),
    ]);
    const kept = content.kind === 'attachment' ? content.attachments : [];
    if (accepted.seen && kept.length > 0) await files.drop(kept);
    if (!accepted.seen) {
      windows.accepted(push.id);
      background(desk, watchTurn(desk, push, key, accepted.seq));
      return;
    }
    // Its first tries were an earlier process's: WeChat asks again because it got no answer.
    const resumed = await context.resume(key, push.id);
    const age = context.clock.now() - push.createdAt * 1000;
    windows.accepted(push.id, 1 + Math.min(2, Math.max(0, Math.floor(age / BETWEEN_TRIES_MS))));
    background(desk, watchLeftOver(desk, push, key, { seq: accepted.seq, resumed }));
  } catch (error) {
    windows.refused(push.id, holder);
    throw error;
  }

  function granted(d: Desk, to: string, what: NonNullable<Push['allowance']>): Promise<void> {
    return budgets.grant(to, what).catch((error: unknown) => {
      d.context.logger.error({ err: error }, 'the budget of replies was not stored');
    });
  }
}

function background(desk: Desk, work: Promise<void>): void {
  work.catch((error: unknown) => {
    desk.context.logger.warn({ why: messageOf(error) }, 'the end of a turn was not seen');
  });
}

/** Ends the request of a message whose turn says nothing. */
async function watchTurn(desk: Desk, push: Push, key: string, seq: number): Promise<void> {
  const { windows, context, sender, holdMs } = desk;
  const limit = sender.abilities.active ? holdMs : holdMs + 2 * BETWEEN_TRIES_MS;
  if (!(await context.turnEnded(key, push.id, limit)) || !windows.isOpen(push.id)) return;
  await pause(desk, GRACE_MS);
  if (!windows.isOpen(push.id) || (await hasReplies(desk, key, push.id, seq))) return;
  if (!sender.abilities.active && push.allowance !== undefined) {
    await desk.parked.pay(push.openId, '', (text) =>
      windows.offer(push.id, { kind: 'text', text }),
    );
  }
  windows.close(push.id);
}

/** The same for a message of an earlier process, whose answer may have been sent by call already. */
async function watchLeftOver(
  desk: Desk,
  push: Push,
  key: string,
  { seq, resumed }: { seq: number; resumed: number },
): Promise<void> {
  const { windows } = desk;
  if (resumed > 0) return;
  if (!(await hasReplies(desk, key, push.id, seq))) return watchTurn(desk, push, key, seq);
  await pause(desk, LEFT_OVER_MS);
  windows.close(push.id);
}

async function hasReplies(desk: Desk, key: string, id: string, seq: number): Promise<boolean> {
  const { context, account } = desk;
  const lines = await context.log.read(key, seq, 100);
  return lines.some((line) => {
    if (line.kind !== 'out' || line.inbound !== id) return false;
    const { event } = line.reply;
    return event === undefined || (account.transferToKf && event.name === 'handoff.initiate');
  });
}

function pause(desk: Desk, ms: number): Promise<void> {
  return new Promise((resolve) => void desk.later(ms, resolve));
}
