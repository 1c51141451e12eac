import type { ChannelContext, Outgoing } from '../../src/channel/channel.ts';
import { OutsideError } from '../../src/errors.ts';
import type { Address } from '../../src/message.ts';
import type { Bot, WechatyModule } from './bot.ts';
import { nameOf } from './guard.ts';
import { createLanes } from './lanes.ts';
import { partsOf, type Part } from './outgoing.ts';
import { within, type Wait } from './pause.ts';

/** Sends replies. */
export interface Sender {
  /** Sends one reply and says what became of it. */
  send(reply: Outgoing, to: Address): Promise<void>;
  /** Resolves when nothing is being sent. */
  idle(): Promise<void>;
}

/** What a sender needs. */
export interface SenderParts {
  readonly context: ChannelContext;
  readonly wechaty: Pick<WechatyModule, 'FileBox'>;
  /** The instance, while somebody is logged in. */
  bot(): Bot | undefined;
  readonly wait: Wait;
  /** 0 to 1. */
  random(): number;
  readonly stop: AbortSignal;
}

/** Time between two messages to one conversation, in ms: accounts that answer at once get banned. */
const GAP_MS = { least: 1000, more: 2000 } as const;
/** One call of the puppet, in ms. */
const SAY_MS = 10_000;
/** No message of a reply begins later than this after the reply came, in ms. */
const BEGIN_MS = 45_000;
const PER_CONVERSATION = 20;
const TOTAL = 1000;
const MAX_REMEMBERED = 1000;

/** What is known of a conversation; a contact alone where it is with one person. */
interface Target {
  readonly room: Awaited<ReturnType<Bot['Room']['find']>>;
  readonly contact: Awaited<ReturnType<Bot['Contact']['find']>>;
}

/** Makes a sender that sends to each conversation in order and with pauses. */
export function createSender(parts: SenderParts): Sender {
  const { context, wait, stop } = parts;
  const { clock } = context;
  const lanes = createLanes(PER_CONVERSATION, TOTAL);
  /** When the next message to a conversation may go. */
  const next = new Map<string, number>();

  async function pace(conversation: string): Promise<void> {
    const ms = (next.get(conversation) ?? 0) - clock.now();
    if (ms > 0) await wait(ms, stop);
  }

  function sentTo(conversation: string): void {
    next.delete(conversation);
    next.set(conversation, clock.now() + GAP_MS.least + parts.random() * GAP_MS.more);
    const [oldest] = next.keys();
    if (next.size > MAX_REMEMBERED && oldest !== undefined) next.delete(oldest);
  }

  async function say(target: Target, part: Part, mention: boolean): Promise<string | undefined> {
    const { room, contact } = target;
    const place = room ?? contact;
    if (!place) throw refused('wechaty-unknown', 'this conversation is not known to the account');
    const file =
      part.kind === 'file' ? parts.wechaty.FileBox.fromBase64(part.base64, part.name) : undefined;
    const text = part.kind === 'text' ? part.text : '';
    const call = file
      ? place.say(file)
      : room && contact && mention
        ? room.say(text, contact)
        : place.say(text);
    const done = await within(call, SAY_MS, wait, neverAborted);
    if (done === 'late') throw unknown('wechaty-late', `the puppet did not answer in ${SAY_MS} ms`);
    const said: unknown = done.value;
    return typeof said === 'object' && said !== null && 'id' in said && typeof said.id === 'string'
      ? said.id
      : undefined;
  }

  async function sendAll(messages: readonly Part[], to: Address): Promise<string | undefined> {
    const deadline = clock.now() + BEGIN_MS;
    let first: string | undefined;
    for (const [index, part] of messages.entries()) {
      try {
        await pace(to.conversation);
        const bot = parts.bot();
        if (!bot || stop.aborted) throw again('wechaty-offline', 'nobody is logged in');
        if (clock.now() > deadline) throw again('wechaty-busy', 'too much waits to be sent');
        const id = await say(await targetOf(bot, to), part, index === 0);
        sentTo(to.conversation);
        first ??= id;
      } catch (error) {
        const known = asOutside(error);
        if (index === 0) throw known;
        throw unknown(
          known.code,
          `only ${index} of ${messages.length} messages were sent: ${known.message}`,
        );
      }
    }
    return first;
  }

  return {
    send: async (reply, to) => {
      const messages = await partsOf(reply.line.reply, context);
      const sending = lanes.run(to.conversation, () => sendAll(messages, to));
      if (!sending) return reply.failed(again('wechaty-busy', 'too much waits to be sent'));
      let id: string | undefined;
      try {
        id = await sending;
      } catch (error) {
        return reply.failed(asOutside(error));
      }
      await reply.sent(id);
    },
    idle: () => lanes.idle(),
  };
}

/** Sends that have begun are waited for, even while the channel stops. */
const neverAborted = new AbortController().signal;

async function targetOf(bot: Bot, { conversation, user }: Address): Promise<Target> {
  const contact = await bot.Contact.find({ id: user });
  const room = conversation === user ? undefined : await bot.Room.find({ id: conversation });
  return { contact: room || conversation === user ? contact : undefined, room };
}

function asOutside(error: unknown): OutsideError {
  if (error instanceof OutsideError) return error;
  const offline = error instanceof Error && /not logged in|not logined/i.test(error.message);
  if (offline) return again('wechaty-offline', 'nobody is logged in');
  return unknown('wechaty-failed', `the puppet failed: ${nameOf(error)}`);
}

function again(code: string, message: string): OutsideError {
  return new OutsideError(code, message, { retryable: true });
}

function unknown(code: string, message: string): OutsideError {
  return new OutsideError(code, message, { retryable: false, unknownOutcome: true });
}

function refused(code: string, message: string): OutsideError {
  return new OutsideError(code, message, { retryable: false });
}
