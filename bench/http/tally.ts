import { build, type Histogram } from 'hdr-histogram-js';
import { rounded } from '../stats.ts';
import type { Latency, LoadReport } from './load.ts';

/** The time that Botpress's own benchmark allows an answer. */
const SLA_MS = 1500;

/** Counts and times of a run. */
export class Tally {
  readonly #socket = histogram();
  readonly #polling = histogram();
  readonly #acknowledged = histogram();
  readonly #errors: Record<string, number> = {};
  readonly #timeoutMs: number;
  #answered = 0;
  #failed = 0;
  #over = new Map<Histogram, number>();
  #begun = 0;
  #cpu = process.cpuUsage();
  #lastAnswer = 0;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Messages that were answered or failed. */
  get ended(): number {
    return this.#answered + this.#failed;
  }

  /** Starts the clock. @returns seconds since `before` */
  begin(before: number): number {
    this.#begun = performance.now();
    this.#cpu = process.cpuUsage();
    return (this.#begun - before) / 1000;
  }

  acknowledged(due: number): void {
    this.#record(this.#acknowledged, performance.now() - due);
  }

  answered(due: number, polled: boolean): void {
    this.#lastAnswer = performance.now();
    const took = this.#lastAnswer - due;
    this.#record(polled ? this.#polling : this.#socket, took);
    if (took > this.#timeoutMs) this.failed('timeout');
    else this.#answered += 1;
  }

  /** A message that got no good answer. */
  failed(kind: string): void {
    this.#failed += 1;
    this.error(kind);
  }

  /** Something that went wrong beside the messages. */
  error(kind: string): void {
    this.#errors[kind] = (this.#errors[kind] ?? 0) + 1;
  }

  report(connectSeconds: number): LoadReport {
    const seconds = (this.#lastAnswer - this.#begun) / 1000;
    const { user, system } = process.cpuUsage(this.#cpu);
    return {
      connectSeconds: rounded(connectSeconds, 2),
      sent: this.ended,
      answered: this.#answered,
      seconds: rounded(seconds, 2),
      messagesPerSecond: rounded(this.#answered / seconds),
      errors: this.#errors,
      socket: this.#latency(this.#socket),
      polling: this.#latency(this.#polling),
      acknowledged: this.#latency(this.#acknowledged),
      generatorCpuSeconds: rounded((user + system) / 1e6, 2),
    };
  }

  #record(into: Histogram, ms: number): void {
    into.recordValue(Math.max(1, Math.round(ms * 1000)));
    if (ms > SLA_MS) this.#over.set(into, (this.#over.get(into) ?? 0) + 1);
  }

  #latency(of: Histogram): Latency {
    const at = (percentile: number): number =>
      of.totalCount === 0 ? 0 : rounded(of.getValueAtPercentile(percentile) / 1000);
    return {
      count: of.totalCount,
      meanMs: of.totalCount === 0 ? 0 : rounded(of.mean / 1000),
      p50Ms: at(50),
      p95Ms: at(95),
      p99Ms: at(99),
      maxMs: at(100),
      overSlaFraction: rounded((this.#over.get(of) ?? 0) / Math.max(1, of.totalCount), 4),
    };
  }
}

/** In µs up to 10 minutes, three digits kept. */
function histogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 600_000_000,
    numberOfSignificantValueDigits: 3,
  });
}
