import type { Message } from 'wechaty';
import type { ChannelHealth } from '../../src/channel/channel.ts';
import type { Bot } from './bot.ts';
import { createGuard } from './guard.ts';
import { within, type Wait } from './pause.ts';
import { createStatus, type StatusParts } from './status.ts';

/** A bot that is kept running. */
export interface Session {
  /** The instance, while somebody is logged in. */
  bot(): Bot | undefined;
  /** When that somebody logged in, by our clock. */
  loginAt(): number | undefined;
  health(): ChannelHealth;
  /** Ends it, within 5 seconds. */
  stop(): Promise<void>;
}

/** What a session needs. */
export interface SessionParts extends StatusParts {
  /** Makes an instance for each try. */
  build(): Bot;
  /** Gets each message. What it throws is logged. */
  heard(message: Message): unknown;
  readonly wait: Wait;
  /** 0 to 1. */
  random(): number;
}

/** Longest time without a code to scan or a login before it is started anew, in ms. */
const QUIET_MS = 120_000;
/** Longest wait for an instance to stop, in ms. */
const STOP_MS = 5000;
/** Waits between starts, in ms: the first, and the longest. */
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 300_000;

/**
 * Starts a bot in the background, and again after longer and longer waits while it shows neither a
 * code to scan nor a login. Nothing that its puppet throws or emits ends the process.
 */
export function startSession(parts: SessionParts): Session {
  const { wait, logger } = parts;
  const stopping = new AbortController();
  const status = createStatus(parts);
  const guard = createGuard(logger, (error) => status.fault(error));
  const isStopping = (): boolean => stopping.signal.aborted;
  let current: Bot | undefined;

  /** Listens to everything an instance says, for as long as it is the current one. */
  function connect(): Bot {
    const bot = parts.build();
    current = bot;
    const listen = <A extends unknown[]>(what: string, take: (...said: A) => unknown) =>
      guard(what, (...said: A) => (bot === current ? take(...said) : undefined));
    // Without a listener of its own, an `error` ends the process, after the stop too.
    bot.on(
      'error',
      listen('error', (error: unknown) => status.fault(error)),
    );
    bot.on(
      'scan',
      listen('scan', (code: string, step: number) => status.scan(code, step)),
    );
    bot.on(
      'login',
      listen('login', () => status.login()),
    );
    bot.on(
      'logout',
      listen('logout', () => status.logout()),
    );
    bot.on(
      'message',
      listen('message', (message: Message) => parts.heard(message)),
    );
    return bot;
  }

  /** Runs one instance until it is of no more use. @returns whether it ever was */
  async function life(): Promise<boolean> {
    let useful = false;
    status.starting();
    const broken = connect()
      .start()
      .then(() => new Promise<never>(() => undefined))
      .catch((error: unknown) => {
        status.fault(error);
        return 'broken' as const;
      });
    while (!stopping.signal.aborted) {
      const up = Promise.race([status.until('up'), broken]);
      const sign = await within(up, QUIET_MS, wait, stopping.signal);
      if (sign === 'late' || sign.value === 'broken') break;
      useful = true;
      await Promise.race([status.until('down'), aborted(stopping.signal)]);
    }
    return useful;
  }

  async function end(): Promise<void> {
    const bot = current;
    current = undefined;
    if (!bot) return;
    try {
      // Not ended by the stop of the channel: this is that stop.
      await within(bot.stop(), STOP_MS, wait, new AbortController().signal);
    } catch (error) {
      status.fault(error);
    }
  }

  async function run(): Promise<void> {
    for (let tries = 0; !stopping.signal.aborted; tries += 1) {
      try {
        if (await life()) tries = 0;
      } catch (error) {
        status.fault(error);
      }
      if (isStopping()) return;
      status.failed();
      await end();
      const longest = Math.min(FIRST_WAIT_MS * 2 ** Math.min(tries, 10), LONGEST_WAIT_MS);
      const ms = longest * (0.5 + parts.random() / 2);
      logger.warn({ ms: Math.round(ms) }, 'wechaty: not up, to be started again');
      await wait(ms, stopping.signal);
    }
  }

  const running = run();
  return {
    bot: () => (status.loginAt() === undefined ? undefined : current),
    loginAt: () => status.loginAt(),
    health: () => status.health(),
    stop: async () => {
      stopping.abort();
      status.stopped();
      await running;
      await end();
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
