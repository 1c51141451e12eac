/** The load generator: a process of its own, told what to do by its first message. */
import { Agent } from 'node:http';
import { Defect } from '../../src/errors.ts';
import { createLoad } from './users.ts';

/** What the load generator is asked to do. */
export interface LoadOrder {
  readonly base: string;
  readonly users: number;
  readonly messages: number;
  /** Messages a second of all users together, at random moments (Poisson). */
  readonly rate: number;
  /** Fraction of users that poll once a second instead of holding a WebSocket. */
  readonly poll: number;
  readonly timeoutMs: number;
  readonly seed: number;
}

/** Percentiles in ms, from the moment a message was meant to be sent. */
export interface Latency {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly overSlaFraction: number;
}

/** What became of it. */
export interface LoadReport {
  readonly connectSeconds: number;
  readonly sent: number;
  readonly answered: number;
  /** From the first message meant to be sent to the last answer. */
  readonly seconds: number;
  readonly messagesPerSecond: number;
  /** By kind: `refused`, `http-503`, `timeout`, `wrong-answer`, `socket-closed`, … */
  readonly errors: Readonly<Record<string, number>>;
  readonly socket: Latency;
  readonly polling: Latency;
  /** From the moment meant to the acknowledgement. */
  readonly acknowledged: Latency;
  readonly generatorCpuSeconds: number;
}

process.on('message', (message: LoadOrder | 'go') => {
  if (message === 'go') {
    running?.go();
    return;
  }
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  running = createLoad(message, agent);
  running.connected
    .then(() => {
      process.send?.('connected');
      return running?.done;
    })
    .then((report) => {
      if (report === undefined) throw new Defect('the load has no report');
      process.send?.(report, () => process.exit());
    })
    .catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
});

let running: ReturnType<typeof createLoad> | undefined;
