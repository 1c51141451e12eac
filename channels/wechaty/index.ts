import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import {
  defineChannel,
  type ChannelContext,
  type ChannelDefinition,
  type OpenChannel,
} from '../../src/channel/channel.ts';
import { openFiles } from '../../src/channel/files.ts';
import { ConfigError } from '../../src/errors.ts';
import type { Lang } from '../../src/message.ts';
import { installed, loadWechaty, type BotParts } from './bot.ts';
import { MAX_BYTES } from './outgoing.ts';
import { realWait, within, type Wait } from './pause.ts';
import { createReceiver } from './receiver.ts';
import { createSender } from './sender.ts';
import { startSession } from './session.ts';

/** What tests put in place of the installed packages, of time and of chance. */
export interface WechatyParts extends BotParts {
  readonly wait: Wait;
  /** 0 to 1. */
  random(): number;
  /** Shows the code to scan to whoever sits at the terminal. */
  print(text: string): void;
}

const FILES = '/channels/wechaty/files/';
/** Longest wait for what is under way when the channel stops, in ms. */
const DRAIN_MS = 3000;

/**
 * A personal WeChat account through a puppet of Wechaty. For development and internal use: WeChat
 * bans accounts that are used this way.
 */
export default wechatyChannel();

/** Makes the channel, with parts of a test's own. */
export function wechatyChannel(parts: Partial<WechatyParts> = {}): ChannelDefinition {
  const all: WechatyParts = {
    ...installed,
    wait: realWait,
    random: Math.random,
    print: (text) => process.stderr.write(text),
    ...parts,
  };
  return defineChannel({
    name: 'wechaty',
    capabilities: { delivery: 'push', taps: false, batch: 1, maxBytes: MAX_BYTES },
    env: { required: ['WECHATY_PUPPET'], optional: ['WECHATY_LANG'] },
    open: (context) => open(context, all),
  });
}

async function open(context: ChannelContext, parts: WechatyParts): Promise<OpenChannel> {
  const { dataDir, clock, logger } = context;
  const puppet = context.env.WECHATY_PUPPET ?? '';
  const lang = langOf(context.env.WECHATY_LANG);
  const wechaty = await loadWechaty(puppet, parts);
  // The login is kept in here: nobody else may read it.
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const files = await openFiles({ dataDir, newId: () => context.newId(), prefix: FILES });
  context.router.on('GET', `${FILES}:id`, (request, response) => files.serve(request, response));
  const stopping = new AbortController();
  const shared = { context, wait: parts.wait, stop: stopping.signal };
  const receiver = createReceiver({
    ...shared,
    files,
    ...(lang ? { lang } : {}),
    loginAt: () => session.loginAt(),
  });
  const session = startSession({
    clock,
    logger,
    wait: parts.wait,
    random: () => parts.random(),
    print: (text) => parts.print(text),
    build: () => parts.build(wechaty, { puppet, name: path.join(dataDir, 'login') }),
    heard: (message) => receiver.heard(message),
  });
  const sender = createSender({
    ...shared,
    wechaty,
    random: () => parts.random(),
    bot: () => session.bot(),
  });
  return {
    deliverAll: async (replies, to) => {
      for (const reply of replies) await sender.send(reply, to);
    },
    health: () => session.health(),
    stop: async () => {
      stopping.abort();
      const idle = Promise.all([receiver.idle(), sender.idle()]);
      await within(idle, DRAIN_MS, parts.wait, new AbortController().signal);
      await session.stop();
    },
  };
}

function langOf(text: string | undefined): Lang | undefined {
  if (text === undefined || text === 'zh' || text === 'en') return text;
  throw new ConfigError([{ name: 'WECHATY_LANG', fault: 'must be zh or en' }]);
}
