import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine, type Content } from '../../app.ts';
import type { ChannelDefinition } from '../../channel/channel.ts';
import { DEMO_NOW, demoShop } from '../../connector/demo/shop.ts';
import { YingdaError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Content as Said, Reply } from '../../message.ts';
import { openEmbeddedStore } from '../../store/embedded.ts';
import { conversationKey } from '../../store/store.ts';
import type { Session } from '../../turn/session.ts';
import type { Script } from './format.ts';
import { play, type Mismatch } from './play.ts';

/** A clock that stands still until it is moved. */
export class HeldClock {
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  set(now: number): void {
    this.#now = now;
  }
}

/** What conversations are played on. */
export interface Playground {
  readonly content: Content;
  readonly channels: ReadonlyMap<string, ChannelDefinition>;
  readonly logger: Logger;
  /** The clock that the content was loaded with: each conversation sets it. */
  readonly clock: HeldClock;
}

/** One turn may take this long, in ms. */
const PATIENCE_MS = 20_000;

/** Plays a conversation through the real pipeline, on a fresh store and customer with a held clock. */
export async function playOnEngine(
  script: Script,
  channel: string,
  { content, channels, logger, clock }: Playground,
): Promise<Mismatch | undefined> {
  const definition = channels.get(channel);
  if (definition === undefined) {
    return {
      line: 1,
      expected: `channel ${channel}`,
      got: `only ${[...channels.keys()].join(', ')}`,
    };
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'yingda-converse-'));
  clock.set(script.clock);
  const store = await openEmbeddedStore({ dataDir, clock, logger });
  let session: Session = { stack: [], misses: 0 };
  let failed: string | undefined;
  const engine = startEngine({
    content,
    store,
    clock,
    logger,
    orders: demoShop(DEMO_NOW),
    channels: new Map([[channel, definition]]),
    onDuty: () => script.onDuty,
    limits: { failures: 1 },
    onTurn(unit) {
      session = unit.session as unknown as Session;
      failed = unit.dead;
    },
  });
  const address = { channel, account: 'default', conversation: 'c1', user: 'customer-1' };
  const key = conversationKey(address);
  let count = 0;
  let seen = 0;
  try {
    return await play(script, {
      async send(said: Said): Promise<readonly Reply[]> {
        count += 1;
        clock.set(clock.now() + 1000);
        const id = `m${count}`;
        const ended = engine.signals.wait(key, id, PATIENCE_MS);
        await store.inbox.accept({
          id,
          address,
          content: said,
          at: clock.now(),
          lang: script.lang,
        });
        if (!(await ended)) throw new YingdaError('turn-failed', 'the turn did not end');
        if (failed !== undefined) throw new YingdaError('turn-failed', failed);
        const lines = await store.log.read(key, seen);
        seen = lines.at(-1)?.seq ?? seen;
        const replies = lines.flatMap((l) => (l.kind === 'out' ? [l.reply] : []));
        return replies.filter((r) => r.event === undefined);
      },
      wait(ms) {
        clock.set(clock.now() + ms);
      },
      async state() {
        const active =
          session.handoff === undefined ? engine.parts.dialogs.active(session.stack) : undefined;
        const slots: Record<string, string> = {};
        for (const [slot, value] of Object.entries(active?.frame?.values ?? {})) {
          slots[slot] = value === null ? 'null' : (active?.spec?.slots[slot]?.toText(value) ?? '');
        }
        return {
          dialog: active?.id ?? null,
          slots,
          tickets: (await store.tickets.ofConversation(key)).length,
          handoff: session.handoff !== undefined,
        };
      },
    });
  } finally {
    await engine.turns.stop();
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
