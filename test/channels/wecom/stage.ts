/** The real channel on the real store, between the stand-in of WeCom and a bot that answers by a function. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Registry } from 'prom-client';
import wecom, { openWecom } from '../../../channels/wecom/index.ts';
import type { OpenChannel } from '../../../src/channel/channel.ts';
import { createLogger } from '../../../src/log.ts';
import type { Inbound, Reply } from '../../../src/message.ts';
import { openChannel } from '../../../src/open-channels.ts';
import { defaultLimits } from '../../../src/rate-limit.ts';
import { createServer } from '../../../src/server.ts';
import { openEmbeddedStore } from '../../../src/store/embedded.ts';
import { conversationKey, type Store, type Worker } from '../../../src/store/store.ts';
import { startDelivery } from '../../../src/turn/deliver.ts';
import { TurnSignals } from '../../../src/turn/signals.ts';
import startSimulator from '../../../simulators/wecom/index.ts';
import type { Bubble, Phone, Simulator } from '../../../simulators/simulator.ts';

export interface Stage {
  readonly simulator: Simulator;
  readonly phone: Phone;
  /** The channel's address. */
  readonly url: string;
  readonly logged: string[];
  /** Calls of the simulator's API so far, by their name. */
  readonly calls: string[];
  /** Code (or status of 500 and more) that this call gets instead of being done. */
  fault: (call: string) => number | undefined;
  answer: (inbound: Inbound) => readonly Reply[];
  readonly inbounds: Inbound[];
  store: Store;
  channel: OpenChannel;
  /** Moves the clock of everything. */
  pass(ms: number): void;
  /** What the timer of the channel does. */
  tick(): void;
  /** Resolves when this holds. @throws after `ms`, by default 5 s */
  until(what: string, holds: () => boolean | Promise<boolean>, ms?: number): Promise<void>;
  /** Sends text and waits for so many new bubbles. */
  say(text: string, bubbles?: number): Promise<readonly Bubble[]>;
  /** Leaves channel and workers as they stand, as a crash does, and opens all again on the same disk. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

export const KF = 'wkAJ2GCAAASSm4';
export const bot = (text: string, more: Partial<Reply> = {}): Reply => ({
  from: 'bot',
  text,
  ...more,
});

/** Starts one. @param options `before`: what happens before the channel is opened */
export async function startStage(
  options: {
    env?: Record<string, string>;
    before?: (simulator: Simulator, pass: (ms: number) => void) => Promise<void>;
    fetch?: typeof fetch;
    publicUrl?: string;
    user?: string;
  } = {},
): Promise<Stage> {
  let shift = 0;
  const clock = { now: () => Date.now() + shift };
  const logged: string[] = [];
  const logger = createLogger('trace', { write: (line) => void logged.push(line) });
  const calls: string[] = [];
  const simulator = await startSimulator({
    clock,
    resendAfterMs: 300,
    fault: (call) => {
      calls.push(call);
      return stage.fault(call);
    },
  });
  await options.before?.(simulator, (ms) => void (shift += ms));
  const crashed: Store[] = [];
  let dataDir = await mkdtemp(path.join(tmpdir(), 'yingda-wecom-'));
  const server = createServer({
    logger: createLogger('silent'),
    metrics: new Registry(),
    health: () => Promise.resolve([]),
    limits: { ...defaultLimits, drainMs: 500 },
  });
  let workers: Worker[] = [];
  let tick = (): void => undefined;
  let routed = false;

  async function open(): Promise<void> {
    stage.store = await openEmbeddedStore({ dataDir, clock, logger: createLogger('silent') });
    const { store } = stage;
    const signals = new TurnSignals();
    const timers = {
      every: (_ms: number, work: () => void) => {
        tick = work;
        return () => undefined;
      },
      wait: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.min(ms, 10))),
    };
    const definition = {
      ...wecom,
      open: (c: Parameters<typeof openWecom>[0]) => openWecom(c, timers),
    };
    const router = routed
      ? { on: () => undefined, upgrade: () => undefined, onError: () => undefined }
      : server;
    routed = true;
    stage.channel = await openChannel(definition, {
      env: { ...simulator.env, ...options.env },
      store,
      signals,
      router,
      clock,
      logger,
      dataDir,
      publicUrl: options.publicUrl ?? simulator.url,
      wording: (key, lang) => {
        if (key === 'return-order.name') return 'return an order';
        if (!key.startsWith('wecom.')) throw new Error(`no wording ${key}`);
        return `${key.slice('wecom.'.length)}-${lang}`;
      },
      ...(options.fetch ? { fetch: options.fetch } : {}),
    });
    const inbox = store.inbox.work(async (claim) => {
      const { inbound } = claim;
      stage.inbounds.push(inbound);
      const replies = stage.answer(inbound);
      await claim.commit({ session: {}, replies, push: true, tickets: [] });
      signals.ended(conversationKey(inbound.address), inbound.id);
    });
    const delivery = startDelivery({
      store,
      clock,
      logger,
      open: new Map([['wecom', stage.channel]]),
      channels: new Map([['wecom', wecom]]),
    });
    workers = [inbox, delivery];
  }

  async function until(
    what: string,
    holds: () => boolean | Promise<boolean>,
    ms = 5000,
  ): Promise<void> {
    const end = Date.now() + ms;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  const phone = simulator.phone(options.user ?? 'wmCustomer');
  const port = await server.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}/channels/wecom`;
  const stage: Stage = {
    simulator,
    phone,
    url,
    logged,
    calls,
    fault: () => undefined,
    answer: (inbound) =>
      inbound.content.kind === 'text' ? [bot(`echo ${inbound.content.text}`)] : [],
    inbounds: [],
    store: undefined as unknown as Store,
    channel: undefined as unknown as OpenChannel,
    pass: (ms) => void (shift += ms),
    tick: () => tick(),
    until,
    say: async (text, bubbles = 1) => {
      const before = phone.screen.length;
      if (!(await phone.do({ kind: 'text', text }))) throw new Error('the callback was not taken');
      await until(
        `${bubbles} bubble(s) answer ${text}`,
        () => phone.screen.length >= before + bubbles,
      );
      return phone.screen.slice(before);
    },
    crash: async () => {
      crashed.push(stage.store);
      await cp(dataDir, `${dataDir}-crashed`, { recursive: true });
      dataDir = `${dataDir}-crashed`;
      await open();
    },
    stop: async () => {
      await stage.channel.stop();
      await Promise.all(workers.map((worker) => worker.stop()));
      await server.close();
      await simulator.stop();
      await stage.store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  await open();
  simulator.connect(url);
  return stage;
}

/** Bubbles as their kind, words and items. */
export function shown(bubbles: readonly Bubble[]): readonly unknown[] {
  return bubbles.map(({ kind, text, items }) =>
    items.length === 0
      ? `${kind}: ${text}`
      : `${kind}: ${text} [${items.map((i) => i.title).join(', ')}]`,
  );
}
