import type { Message } from 'wechaty';
import type { ChannelContext } from '../../src/channel/channel.ts';
import type { Files } from '../../src/channel/files.ts';
import { OutsideError } from '../../src/errors.ts';
import type { Inbound, Lang } from '../../src/message.ts';
import { decode, isForBot, type Keep } from './codec.ts';
import { nameOf } from './guard.ts';
import { createLanes } from './lanes.ts';
import { within, type Wait } from './pause.ts';

/** Takes messages in. */
export interface Receiver {
  /** Stores a message for its turn, where it is one for the bot. */
  heard(message: Message): Promise<void>;
  /** Resolves when nothing is being taken in. */
  idle(): Promise<void>;
}

/** What a receiver needs. */
export interface ReceiverParts {
  readonly context: ChannelContext;
  readonly files: Files;
  /** Language of customers where a message does not show it. */
  readonly lang?: Lang;
  loginAt(): number | undefined;
  readonly wait: Wait;
  readonly stop: AbortSignal;
}

/** Longest time for a file to arrive, in ms. */
const FILE_MS = 30_000;
/** Waits between tries to store a message, in ms: nobody sends it again. */
const STORE_WAITS = [200, 1000, 3000];
/** What files are called whose type is not known. */
const UNKNOWN = /^(?:application\/(?:unknown|octet-stream))?$/;
const PER_CONVERSATION = 50;
const TOTAL = 1000;

/** Makes a receiver that keeps the order of each conversation. */
export function createReceiver(parts: ReceiverParts): Receiver {
  const { context, files, wait, stop } = parts;
  const { logger } = context;
  const lanes = createLanes(PER_CONVERSATION, TOTAL);

  const keep: Keep = async (box, fallback) => {
    const { name, mediaType } = box;
    const content = await inTime(box.toStream());
    const type = UNKNOWN.test(mediaType) ? fallback : mediaType;
    try {
      return await inTime(files.keep(name, type, content));
    } finally {
      content.destroy();
    }
  };

  async function inTime<T>(work: Promise<T>): Promise<T> {
    const done = await within(work, FILE_MS, wait, stop);
    if (done !== 'late') return done.value;
    throw new OutsideError('wechaty-file-late', 'the file did not come in time', {
      retryable: false,
    });
  }

  async function store(inbound: Inbound): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        const { seen } = await context.accept(inbound);
        const { content } = inbound;
        if (seen && content.kind === 'attachment') await files.drop(content.attachments);
        return;
      } catch (error) {
        const ms = STORE_WAITS[tries];
        if (ms === undefined || stop.aborted) throw error;
        logger.warn({ fault: nameOf(error), tries }, 'wechaty: a message is not stored yet');
        await wait(ms, stop);
      }
    }
  }

  async function take(message: Message, at: number): Promise<void> {
    if (!(await isForBot(message, at, parts.loginAt()))) return;
    const user = message.talker().id;
    await store({
      id: message.id,
      address: {
        channel: 'wechaty',
        account: 'default',
        conversation: message.room()?.id ?? user,
        user,
      },
      content: await decode(message, keep),
      at,
      ...(parts.lang ? { lang: parts.lang } : {}),
    });
  }

  return {
    heard: async (message) => {
      const place = message.room()?.id ?? message.talker().id;
      const at = context.clock.now();
      const taken = lanes.run(place, () => take(message, at));
      if (taken === undefined) logger.warn('wechaty: too many messages wait, one was left out');
      await taken;
    },
    idle: () => lanes.idle(),
  };
}
