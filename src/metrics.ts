import { collectDefaultMetrics, Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { WatchedKnowledge } from './knowledge/watch.ts';
import type { Store } from './store/store.ts';
import type { TurnMetrics } from './turn/parts.ts';

/** Registers what is counted about the process, its turns and its inbox. */
export function createMetrics(
  registry: Registry,
  store: Store,
  knowledge: Pick<WatchedKnowledge, 'faults'>,
): TurnMetrics {
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
  };
}
