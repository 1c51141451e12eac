import { collectDefaultMetrics, Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { WatchedKnowledge } from './knowledge/watch.ts';
import type { OpenChannel } from './channel/channel.ts';
import { healthOf } from './channel/status.ts';
import type { Store } from './store/store.ts';
import type { DeliveryMetrics } from './turn/deliver.ts';
import type { TurnMetrics } from './turn/parts.ts';

/** Registers what is counted about the process, its turns, its queues and its channels. */
export function createMetrics(
  registry: Registry,
  store: Store,
  knowledge: Pick<WatchedKnowledge, 'faults'>,
  open: ReadonlyMap<string, OpenChannel>,
): TurnMetrics & DeliveryMetrics {
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: 'yingda_turn_seconds',
    help: 'Time from claim to commit, by decision',
    labelNames: ['decision'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  const dead = new Counter({
    name: 'yingda_dead_messages_total',
    help: 'Messages set aside after repeated failure',
    registers: [registry],
  });
  new Gauge({
    name: 'yingda_inbox_open',
    help: 'Messages whose turn has not ended',
    registers: [registry],
    collect() {
      this.set(store.inbox.backlog().open);
    },
  });
  new Gauge({
    name: 'yingda_inbox_oldest_seconds',
    help: 'Age of the oldest open message',
    registers: [registry],
    collect() {
      this.set(store.inbox.backlog().oldestMs / 1000);
    },
  });
  new Gauge({
    name: 'yingda_outbox_open',
    help: 'Replies that wait or are being sent',
    registers: [registry],
    async collect() {
      this.set(await store.outbox.backlog());
    },
  });
  new Gauge({
    name: 'yingda_channel_ok',
    help: '1 where the channel serves customers now, 0 where it does not',
    labelNames: ['channel'],
    registers: [registry],
    collect() {
      for (const [name, channel] of open) this.set({ channel: name }, healthOf(channel).ok ? 1 : 0);
    },
  });
  const undelivered = new Counter({
    name: 'yingda_undelivered_total',
    help: 'Replies that became dead or unknown, by the code of the error',
    labelNames: ['channel', 'reason'],
    registers: [registry],
  });
  new Gauge({
    name: 'yingda_knowledge_faults',
    help: 'Faults of the knowledge files as they are now; the version before them is served',
    registers: [registry],
    collect() {
      this.set(knowledge.faults().length);
    },
  });
  return {
    turn: (decision, ms) => seconds.observe({ decision }, ms / 1000),
    dead: () => dead.inc(),
    undelivered: (channel, reason) => undelivered.inc({ channel, reason }),
  };
}
