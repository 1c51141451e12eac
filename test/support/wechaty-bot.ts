/** The wechaty channel on the real mock puppet, a real server and a desk that answers by itself. */
import type { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileBox } from 'file-box';
import { Registry } from 'prom-client';
import * as wechaty from 'wechaty';
import { mock, PuppetMock } from 'wechaty-puppet-mock';
import { wechatyChannel, type WechatyParts } from '../../channels/wechaty/index.ts';
import type { ChannelContext, OpenChannel } from '../../src/channel/channel.ts';
import { createLogger, type Logger } from '../../src/log.ts';
import type { Address, Reply } from '../../src/message.ts';
import { createServer } from '../../src/server.ts';
import { createFakeDesk, type FakeDesk } from './fake-desk.ts';
import { createFakeTime, type FakeTime } from './fake-time.ts';
import { watched, type Settled } from './outgoing.ts';

type Bot = ReturnType<typeof wechaty.WechatyBuilder.build>;
/** Somebody on the mocked WeChat. */
export type Contact = ReturnType<mock.Mocker['createContact']>;

/** A running bot with a customer. */
export interface WechatyBot {
  readonly base: string;
  readonly desk: FakeDesk;
  readonly channel: OpenChannel;
  readonly mocker: mock.Mocker;
  /** Every instance that was built. */
  readonly bots: readonly Bot[];
  /** The account that logs in. */
  readonly self: Contact;
  readonly alice: Contact;
  /** What was printed at the terminal. */
  readonly printed: readonly string[];
  /** The channel's time: pauses between messages are skipped. */
  readonly time: FakeTime;
  readonly dataDir: string;
  /** Sends replies one by one, and says what became of them. */
  deliver(to: Partial<Address>, ...replies: readonly Reply[]): Promise<readonly Settled[]>;
  /** Ends the channel and the server. */
  stop(): Promise<void>;
}

/** How a bot is started. */
export interface WechatyOptions {
  readonly parts?: Partial<WechatyParts>;
  readonly context?: Partial<ChannelContext>;
  readonly env?: Record<string, string>;
  readonly logger?: Logger;
  /** Default true. */
  readonly login?: boolean;
}

/** Starts one; resolves when its customer can write, or without `login` when it has begun to start. */
export async function startWechaty(options: WechatyOptions = {}): Promise<WechatyBot> {
  const logger = options.logger ?? createLogger('silent');
  const health = (): Promise<[]> => Promise.resolve([]);
  const server = createServer({ logger, metrics: new Registry(), health });
  const dataDir = await mkdtemp(path.join(tmpdir(), 'yingda-wechaty-'));
  const time = createFakeTime({ skip: 3000 });
  const desk = createFakeDesk({
    router: server,
    dataDir,
    logger,
    clock: time.clock,
    env: { WECHATY_PUPPET: 'wechaty-puppet-mock', ...options.env },
    ...options.context,
  });
  const mocker = new mock.Mocker();
  const self = mocker.createContact({ name: 'bot' });
  const alice = mocker.createContact({ name: 'alice' });
  const bots: Bot[] = [];
  const printed: string[] = [];
  const channel = await wechatyChannel({
    load: () => Promise.resolve({ ...wechaty, FileBox }),
    build: ({ WechatyBuilder }, { name }) => {
      const bot = WechatyBuilder.build({ name, puppet: new PuppetMock({ mocker }) });
      bots.push(bot);
      return bot;
    },
    wait: (ms, signal) => time.wait(ms, signal),
    random: () => 0.5,
    print: (text) => void printed.push(text),
    ...options.parts,
  }).open(desk.context);
  const base = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
  if (options.login !== false) {
    await soon(() => started(bots[0]));
    mocker.login(self);
    await soon(() => channel.health?.().ok === true);
  }
  return {
    base,
    desk,
    channel,
    mocker,
    bots,
    self,
    alice,
    printed,
    time,
    dataDir,
    deliver: async (to, ...replies) => {
      const settled: Settled[] = [];
      for (const [index, reply] of replies.entries()) {
        const one = watched(reply, { seq: index + 2 });
        const address = { channel: 'wechaty', account: 'default', user: alice.id, ...to };
        const conversation = to.conversation ?? address.user;
        await channel.deliverAll?.([one.outgoing], { ...address, conversation });
        settled.push(one.settled());
      }
      return settled;
    },
    stop: async () => {
      await channel.stop();
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** What a contact gets to see from now on: texts, and names of files. */
export function inbox(wechat: WechatyBot, contact: Contact): string[] {
  const got: string[] = [];
  const emitter = contact as unknown as EventEmitter;
  emitter.on('message', (message: mock.MessageMock) => {
    if (message.talker().id === contact.id) return;
    const file = wechat.mocker.cacheFileBoxPayload.get(message.id) as { name: string } | undefined;
    got.push(file ? `file ${file.name}` : (message.text() ?? ''));
  });
  return got;
}

/** Lets a message arrive whose payload is the test's own. Its id. */
export function arrive(
  wechat: WechatyBot,
  payload: { id?: string; type?: number; text?: string; timestamp?: number; talkerId?: string },
): string {
  const whole = {
    id: `test-${(count += 1)}`,
    type: 7,
    text: 'hello',
    timestamp: wechat.time.clock.now(),
    talkerId: wechat.alice.id,
    listenerId: wechat.self.id,
    ...payload,
  };
  const { MessageMock } = wechat.mocker as unknown as {
    MessageMock: { create(payload: object): unknown };
  };
  MessageMock.create(whole);
  wechat.mocker.puppet.emit('message', { messageId: whole.id });
  return whole.id;
}

let count = 0;

/** Lets an instance say something by itself. */
export function emit(bot: Bot | undefined, event: string, ...said: unknown[]): void {
  (bot as unknown as EventEmitter).emit(event, ...said);
}

/** Whether the puppet of an instance runs. */
export function started(bot: Bot | undefined): boolean {
  try {
    const { state } = bot?.puppet as unknown as { state: { active(): boolean | string } };
    return state.active() === true;
  } catch {
    return false;
  }
}

/** Waits until something is so. */
export async function soon(is: () => boolean, what = 'it did not happen'): Promise<void> {
  const until = Date.now() + 5000;
  while (!is()) {
    if (Date.now() > until) throw new Error(what);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
