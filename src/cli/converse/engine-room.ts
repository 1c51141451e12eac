import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine, type Content, type Engine } from '../../app.ts';
import type { ChannelDefinition } from '../../channel/channel.ts';
import { DEMO_NOW, demoShop } from '../../connector/demo/shop.ts';
import type { Logger } from '../../log.ts';
import { openEmbeddedStore } from '../../store/embedded.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../../turn/session.ts';
import type { TurnSignals } from '../../turn/signals.ts';
import type { Script } from './format.ts';
import type { HeldClock } from './held-clock.ts';
import type { Stage } from './play.ts';

/** What an engine of one conversation is made of. */
export interface EngineRoomOptions {
  readonly script: Script;
  readonly definition: ChannelDefinition;
  readonly content: Content;
  readonly logger: Logger;
  /** Set to the script's start. */
  readonly clock: HeldClock;
}

/** An engine on a fresh store, with what its turns left behind. */
export interface EngineRoom {
  readonly dataDir: string;
  readonly store: Store;
  /** Starts to run turns. */
  start(signals?: TurnSignals): Engine;
  /** Why a turn was set aside; absent while all went well. */
  failed(): string | undefined;
  /** Of the conversation with this key. */
  state(conversation: string): ReturnType<Stage['state']>;
  stop(): Promise<void>;
}

/** In memory where that can be: nothing of it outlives the conversation, so no disk need be waited for. */
async function makeFolder(): Promise<string> {
  const made = await mkdtemp('/dev/shm/yingda-converse-').catch(() => undefined);
  return made ?? mkdtemp(join(tmpdir(), 'yingda-converse-'));
}

/** Opens a store in a folder that is thrown away. */
export async function openEngineRoom(options: EngineRoomOptions): Promise<EngineRoom> {
  const { script, definition, content, logger, clock } = options;
  const dataDir = await makeFolder();
  clock.set(script.clock);
  const store = await openEmbeddedStore({ dataDir, clock, logger });
  let session: Session = { stack: [], misses: 0 };
  let failed: string | undefined;
  let engine: Engine | undefined;
  return {
    dataDir,
    store,
    start: (signals) =>
      (engine = startEngine({
        content,
        store,
        clock,
        logger,
        orders: demoShop(DEMO_NOW),
        channels: new Map([[definition.name, definition]]),
        onDuty: () => script.onDuty,
        limits: { failures: 1 },
        onTurn(unit) {
          session = unit.session as unknown as Session;
          failed ??= unit.dead;
        },
        ...(signals === undefined ? {} : { signals }),
      })),
    failed: () => failed,
    async state(conversation) {
      const active =
        session.handoff === undefined ? engine?.parts.dialogs.active(session.stack) : undefined;
      const slots: Record<string, string> = {};
      for (const [slot, value] of Object.entries(active?.frame?.values ?? {})) {
        slots[slot] = value === null ? 'null' : (active?.spec?.slots[slot]?.toText(value) ?? '');
      }
      return {
        dialog: active?.id ?? null,
        slots,
        tickets: (await store.tickets.ofConversation(conversation)).length,
        handoff: session.handoff !== undefined,
      };
    },
    async stop() {
      await engine?.turns.stop();
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
