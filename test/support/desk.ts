import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine, type Content, type Engine } from '../../src/app.ts';
import { demoShop } from '../../src/connector/demo/shop.ts';
import type { OrderClient } from '../../src/connector/orders.ts';
import type { Content as Said, Line, Reply } from '../../src/message.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { conversationKey, type Store, type Unit } from '../../src/store/store.ts';
import type { Session } from '../../src/turn/session.ts';
import type { TurnLimits } from '../../src/turn/worker.ts';
import { NOW, silent } from './content.ts';

/** The real pipeline on a store of its own, for one customer. */
export interface TestDesk {
  readonly store: Store;
  readonly engine: Engine;
  /** Says something and answers with the bubbles of its turn. */
  say(said: string | Said): Promise<readonly Reply[]>;
  session(): Session;
  log(): Promise<readonly Line[]>;
  /** Milliseconds to move the held clock by. */
  wait(ms: number): void;
  stop(): Promise<void>;
}

/** Opens one. `dataDir` keeps its store when it is given, so that a second desk can go on with it. */
export async function openDesk(
  content: Content,
  options: {
    readonly dataDir?: string;
    readonly onDuty?: boolean;
    readonly orders?: OrderClient;
    readonly limits?: TurnLimits;
    /** The clock runs by itself, for what waits. Default: it stands still. */
    readonly live?: boolean;
  } = {},
): Promise<TestDesk> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'yingda-desk-')));
  let now = NOW;
  const begun = Date.now();
  const clock = { now: () => (options.live === true ? now + Date.now() - begun : now) };
  const store = await openEmbeddedStore({ dataDir, clock, logger: silent });
  let last: Unit | undefined;
  const engine = startEngine({
    content,
    store,
    clock,
    logger: silent,
    orders: options.orders ?? demoShop(NOW),
    channels: new Map([
      ['web', { name: 'web', capabilities: { delivery: 'pull', taps: true } as const }],
    ]),
    onDuty: () => options.onDuty ?? false,
    onTurn: (unit) => {
      last = unit;
    },
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const address = { channel: 'web', account: 'default', conversation: 'c', user: 'u' };
  const key = conversationKey(address);
  let count = (await store.log.read(key, 0)).length;
  let seen = count;
  return {
    store,
    engine,
    session: () => (last?.session ?? { stack: [], misses: 0 }) as unknown as Session,
    log: () => store.log.read(key, 0),
    wait(ms) {
      now += ms;
    },
    async say(said) {
      count += 1;
      now += 1000;
      const id = `m${count}`;
      const content = typeof said === 'string' ? ({ kind: 'text', text: said } as const) : said;
      const ended = engine.signals.wait(key, id, 15_000);
      await store.inbox.accept({ id, address, content, at: now });
      await ended;
      const lines = await store.log.read(key, seen);
      seen = lines.at(-1)?.seq ?? seen;
      return lines.flatMap((l) => (l.kind === 'out' ? [l.reply] : []));
    },
    async stop() {
      await engine.turns.stop();
      await store.close();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Texts of bubbles, joined, for matching. */
export function textOf(replies: readonly Reply[]): string {
  return replies.map((r) => r.text).join('\n');
}
