/** An engine on a store that is thrown away: what commands try messages on. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContent, startEngine, type Content, type Engine, type EngineOptions } from '../app.ts';
import { demoShop } from '../connector/demo/shop.ts';
import type { Logger } from '../log.ts';
import { openEmbeddedStore } from '../store/embedded.ts';
import type { Clock, Store } from '../store/store.ts';

/** What the engine is made of. */
export interface ThrowawayOptions {
  readonly dialogsDir: string;
  readonly knowledgeDir: string;
  /** Where trained models are kept. Default: thrown away with the store. */
  readonly modelsDir?: string;
  readonly logger: Logger;
  /** Whether changed knowledge files are served. Default false. */
  readonly watch?: boolean;
  /** Default: none. */
  readonly channels?: EngineOptions['channels'];
}

/** What is lent. */
export interface Throwaway {
  readonly clock: Clock;
  readonly content: Content;
  readonly store: Store;
  readonly engine: Engine;
}

/**
 * Lends an engine with the demo shop's orders and nobody on duty, and cleans up behind it.
 * @throws FileError with every fault of the dialogs and knowledge files
 */
export async function withThrowaway<T>(
  options: ThrowawayOptions,
  use: (lent: Throwaway) => Promise<T>,
): Promise<T> {
  const { dialogsDir, knowledgeDir, logger, watch = false, channels = new Map() } = options;
  const clock = { now: () => Date.now() };
  const folder = await mkdtemp(join(tmpdir(), 'yingda-'));
  try {
    const modelsDir = options.modelsDir ?? join(folder, 'models');
    const content = await loadContent({
      dialogsDir,
      knowledgeDir,
      modelsDir,
      clock,
      logger,
      watch,
    });
    const store = await openEmbeddedStore({ dataDir: folder, clock, logger });
    const orders = demoShop(clock.now());
    const engine = startEngine({
      content,
      store,
      clock,
      logger,
      orders,
      channels,
      onDuty: () => false,
    });
    try {
      return await use({ clock, content, store, engine });
    } finally {
      await engine.turns.stop();
      await store.close();
      await content.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
