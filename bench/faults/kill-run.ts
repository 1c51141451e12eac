import { setTimeout as sleep } from 'node:timers/promises';
import type { ContentDirs } from '../content.ts';
import { freePort } from '../server-process.ts';
import { quantile, rounded, seeded } from '../stats.ts';
import { Customer } from './customer.ts';
import { isClean, together, type Verdict } from './oracle.ts';
import { Phoenix } from './phoenix.ts';

/** A run of kills on one data folder. */
export interface KillOrder {
  readonly kills: number;
  readonly conversations: number;
  readonly seed: number;
  /** Empty but for the models. */
  readonly dataDir: string;
  /** With the bench's survey. */
  readonly content: ContentDirs;
}

/** What came of it. */
export interface KillReport {
  readonly kills: number;
  /** Kills that came before the server was ready. */
  readonly killsWhileStarting: number;
  /** Times the server ended by itself, with what it wrote then. */
  readonly ownEnds: readonly string[];
  readonly acknowledged: number;
  readonly failedTries: number;
  readonly repeats: number;
  readonly restartMedianMs: number;
  readonly verdict: Verdict;
  readonly renamed: readonly string[];
  readonly clean: boolean;
}

/** When a kill comes, in ms after the server is ready or, half of the time, has acknowledged something. */
const SOONEST_MS = 10;
const LATEST_MS = 400;
const AFTER_WORK = 0.5;
const WORK_PATIENCE_MS = 3000;
/** Fraction of kills that come while the server starts and recovers. */
const WHILE_STARTING = 0.1;
const PATIENCE_MS = 30_000;

/**
 * Kills a server under load with SIGKILL at random moments and starts it again at once, until there
 * were `kills`; then lets it finish and compares every conversation's log with what was sent.
 */
export async function runKills(
  order: KillOrder,
  onKill: (kill: number) => void = () => undefined,
): Promise<KillReport> {
  const random = seeded(order.seed);
  const { dataDir, content } = order;
  const phoenix = new Phoenix({ dataDir, content, port: await freePort() });
  const restarts: number[] = [await phoenix.rise()];
  const customers = Array.from(
    { length: order.conversations },
    (_, i) => new Customer(`c${order.seed}-${i}`, phoenix.connection, seeded(order.seed + i)),
  );
  let over = false;
  const talks = Promise.all(
    customers.map(async (customer) => {
      await customer.begin();
      await customer.talk(() => over);
    }),
  );
  // What goes wrong meanwhile is thrown where the talks are awaited.
  talks.catch(() => undefined);
  const sum = (of: keyof Customer['counts']): number =>
    customers.reduce((total, c) => total + c.counts[of], 0);
  const acknowledgedMore = async (): Promise<void> => {
    const before = sum('acknowledged');
    const until = performance.now() + WORK_PATIENCE_MS;
    while (sum('acknowledged') === before && performance.now() < until) await sleep(5);
  };
  const ownEnds: string[] = [];
  let killsWhileStarting = 0;
  try {
    for (let kill = 1; kill <= order.kills; kill += 1) {
      const alive = SOONEST_MS + random() * (LATEST_MS - SOONEST_MS);
      const working = random() < AFTER_WORK ? acknowledgedMore() : Promise.resolve();
      const time = working.then(() => sleep(alive, 'time'));
      const end = await Promise.race([time, phoenix.gone()]);
      if (end !== 'time') ownEnds.push(phoenix.complaints());
      await phoenix.fall('SIGKILL');
      onKill(kill);
      if (random() < WHILE_STARTING && kill < order.kills) {
        phoenix.spawn();
        await sleep((0.5 + random() / 2) * quantile(restarts, 0.5));
        await phoenix.fall('SIGKILL');
        killsWhileStarting += 1;
        kill += 1;
        onKill(kill);
      }
      restarts.push(await phoenix.rise());
    }
    over = true;
    await talks;
    const verdict = together(await Promise.all(customers.map((c) => c.settle(PATIENCE_MS))));
    const renamed = customers.flatMap((c) => c.renamed);
    return {
      kills: order.kills,
      killsWhileStarting,
      ownEnds,
      acknowledged: sum('acknowledged'),
      failedTries: sum('failedTries'),
      repeats: sum('repeats'),
      restartMedianMs: rounded(quantile(restarts, 0.5), 0),
      verdict,
      renamed,
      clean: isClean(verdict) && renamed.length === 0 && ownEnds.length === 0,
    };
  } finally {
    over = true;
    await phoenix.close();
  }
}
