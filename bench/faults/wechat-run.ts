import { setTimeout as sleep } from 'node:timers/promises';
import startWechat from '../../simulators/wechat/index.ts';
import type { ContentDirs } from '../content.ts';
import { freePort } from '../server-process.ts';
import { quantile, rounded, seeded } from '../stats.ts';
import { Phoenix } from './phoenix.ts';
import { WechatCustomer, type ScreenVerdict } from './wechat-customer.ts';

/** A run of kills while customers of an official account write. */
export interface WechatOrder {
  readonly kills: number;
  readonly users: number;
  readonly seed: number;
  /** Empty but for the models. */
  readonly dataDir: string;
  /** With the bench's receipts. */
  readonly content: ContentDirs;
}

/** What came of it. */
export interface WechatReport {
  readonly kills: number;
  readonly sent: number;
  /** Messages that the provider got an acknowledgement for, within its three tries. */
  readonly acknowledged: number;
  /** API calls that were answered with a fault of the provider's. */
  readonly faults: number;
  /** Replies that are listed for operators: nobody can know whether they arrived. */
  readonly unknown: number;
  readonly restartMedianMs: number;
  readonly verdict: ScreenVerdict;
  readonly clean: boolean;
}

const SOONEST_MS = 10;
const LATEST_MS = 400;
/** The provider's wait before it sends again: a restart fits into its three tries. In ms. */
const RESEND_MS = 2500;
/** Fraction of API calls that the provider answers with "busy". */
const BUSY = 0.05;
const BUSY_CODE = -1;
const PATIENCE_MS = 45_000;

interface Listed {
  readonly conversation: string;
  readonly text: string;
  readonly state: string;
}

/**
 * Kills the server with SIGKILL at random moments while customers write to it through a provider that
 * sends again what was not acknowledged and refuses one call in twenty; then compares every screen
 * with what was sent.
 */
export async function runWechatKills(
  order: WechatOrder,
  onKill: (kill: number) => void = () => undefined,
): Promise<WechatReport> {
  const random = seeded(order.seed);
  let faults = 0;
  const simulator = await startWechat({
    resendAfterMs: RESEND_MS,
    fault: () => {
      if (random() >= BUSY) return undefined;
      faults += 1;
      return BUSY_CODE;
    },
  });
  const port = await freePort();
  const { dataDir, content } = order;
  const phoenix = new Phoenix({ dataDir, content, port, env: simulator.env });
  const base = `http://127.0.0.1:${port}`;
  simulator.connect(`${base}/channels/wechat`);
  const customers = Array.from(
    { length: order.users },
    (_, i) => new WechatCustomer(simulator.phone(`c${i}`), i, seeded(order.seed + i)),
  );
  let over = false;
  try {
    const restarts: number[] = [await phoenix.rise()];
    const talks = Promise.all(customers.map((c) => c.talk(() => over)));
    talks.catch(() => undefined);
    for (let kill = 1; kill <= order.kills; kill += 1) {
      await sleep(SOONEST_MS + random() * (LATEST_MS - SOONEST_MS));
      await phoenix.fall('SIGKILL');
      onKill(kill);
      restarts.push(await phoenix.rise());
    }
    over = true;
    await talks;
    const listed = await settled(base, customers);
    const verdict = together(
      customers.map((c) =>
        c.judge(listed.filter((l) => l.conversation === c.user).map((l) => l.text)),
      ),
    );
    const sum = (of: 'sent' | 'acknowledged'): number => customers.reduce((n, c) => n + c[of], 0);
    return {
      kills: order.kills,
      sent: sum('sent'),
      acknowledged: sum('acknowledged'),
      faults,
      unknown: listed.length,
      restartMedianMs: rounded(quantile(restarts, 0.5), 0),
      verdict,
      clean: Object.values(verdict).every((all: readonly string[]) => all.length === 0),
    };
  } finally {
    over = true;
    await phoenix.close();
    await simulator.stop();
  }
}

/** Waits until nothing is on its way any more; what is listed as not delivered then. */
async function settled(base: string, customers: readonly WechatCustomer[]): Promise<Listed[]> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const response = await fetch(`${base}/status?format=json&limit=1000`);
    const status = (await response.json()) as {
      backlog: { messages: number; replies: number };
      undelivered: Listed[];
    };
    const listed = status.undelivered;
    const lost = customers.some(
      (c) =>
        c.judge(listed.filter((l) => l.conversation === c.user).map((l) => l.text)).lost.length > 0,
    );
    const idle = status.backlog.messages + status.backlog.replies === 0;
    if ((idle && !lost) || performance.now() > until) return listed;
    await sleep(300);
  }
}

function together(verdicts: readonly ScreenVerdict[]): ScreenVerdict {
  const all = (of: keyof ScreenVerdict): string[] => verdicts.flatMap((v) => v[of]);
  return {
    lost: all('lost'),
    doubled: all('doubled'),
    disordered: all('disordered'),
    strange: all('strange'),
  };
}
