import { loadContent, modelsDir, startEngine } from '../../src/app.ts';
import { demoShop } from '../../src/connector/demo/shop.ts';
import { createLogger } from '../../src/log.ts';
import type { Address } from '../../src/message.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { conversationKey } from '../../src/store/store.ts';
import type { ContentDirs } from '../content.ts';
import type { Side } from './side.ts';

/** Where conversation `id` of a bench is. */
export function benchAddress(id: string): Address {
  return { channel: 'web', account: 'default', conversation: id, user: `user-${id}` };
}

/**
 * This project's whole pipeline in process: accept on disk, claim, understand, decide, act, commit
 * on disk. A message counts as answered when its reply is in the log, as it does for web chat.
 */
export async function openOurs(dataDir: string, dirs: ContentDirs): Promise<Side> {
  const clock = { now: () => Date.now() };
  const logger = createLogger('warn');
  const content = await loadContent({
    ...dirs,
    modelsDir: modelsDir(dataDir),
    clock,
    logger,
    watch: false,
  });
  const store = await openEmbeddedStore({ dataDir, clock, logger });
  const capabilities = { delivery: 'pull', taps: true } as const;
  const engine = startEngine({
    content,
    store,
    clock,
    logger,
    orders: demoShop(clock.now()),
    channels: new Map([['web', { name: 'web', capabilities }]]),
    onDuty: () => false,
  });
  const waiting = new Map<string, (reply: string) => void>();
  const watched = new Map<string, () => void>();
  let count = 0;
  return {
    async say(_workload, conversation, text) {
      const address = benchAddress(conversation);
      if (!watched.has(conversation)) {
        const unwatch = store.log.watch(conversationKey(address), (lines) => {
          for (const line of lines) {
            if (line.kind !== 'out') continue;
            waiting.get(line.inbound)?.(line.reply.text);
            waiting.delete(line.inbound);
          }
        });
        watched.set(conversation, unwatch);
      }
      count += 1;
      const id = `${process.pid}-${clock.now()}-${count}`;
      const answered = new Promise<string>((resolve) => waiting.set(id, resolve));
      await store.inbox.accept({ id, address, content: { kind: 'text', text }, at: clock.now() });
      return answered;
    },
    async close() {
      for (const unwatch of watched.values()) unwatch();
      await engine.turns.stop();
      await content.stop();
      await store.close();
    },
  };
}
