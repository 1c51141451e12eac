import type { Lang, Utterance } from '../../message.ts';
import { OUT_OF_SCOPE } from '../../understanding/classify.ts';
import { seeded, stratified } from '../../understanding/engine/shuffle.ts';
import type { Contender } from './contender.ts';
import { measure, type Metrics, type Outcome } from './metrics.ts';

/** What `npm run eval` reports. All rates are fractions. */
export interface Report extends Metrics {
  /** Wall time, calibration and the start of the threads included; of one training. */
  readonly trainSeconds: number;
  readonly predictP50Ms: number | null;
  readonly predictP99Ms: number | null;
  /** Size of the model's file. */
  readonly modelBytes: number;
  /** Lines that were tested. */
  readonly samples: number;
}

/** One tested line. */
export interface Tested extends Outcome {
  /** Its index among the lines that were passed in. */
  readonly line: number;
}

/** A report with what it was made from and what training cost. */
export interface Measured {
  readonly report: Report;
  readonly tested: readonly Tested[];
  /** Of one training, all threads together. */
  readonly trainCpuSeconds: number;
  /** Most memory that this process has had until the last training ended. */
  readonly peakRssMib: number;
}

/** Unmeasured calls before the first measured one. */
const WARM_UP = 200;
/** Parts that cross-validation makes. */
export const FOLDS = 5;
const SEED = 20261122;

/** The measures of one training, not yet put together. */
interface Round {
  readonly tested: readonly Tested[];
  readonly times: readonly number[];
  readonly wallMs: number;
  readonly cpuMicros: number;
  readonly modelBytes: number;
  readonly peakRssMib: number;
}

/**
 * Trains on one set of lines and measures on another.
 * @param now milliseconds of a steady clock
 * @throws OutsideError `training`
 */
export async function evaluate(
  contender: Contender,
  lang: Lang,
  train: readonly Utterance[],
  test: readonly Utterance[],
  now: () => number,
): Promise<Measured> {
  return together([await round(contender, lang, train, [...test.entries()], now)]);
}

/**
 * Measures on every line by a training that has not seen it: {@link FOLDS} trainings, each without one
 * part. The parts are the same at every run. An intent with a single line is trained and never tested.
 * @param progress called before each training with its number from 1
 * @throws OutsideError `training`
 */
export async function crossValidate(
  contender: Contender,
  lang: Lang,
  lines: readonly Utterance[],
  now: () => number,
  progress: (fold: number) => void = () => undefined,
): Promise<Measured> {
  const intents = lines.map((line) => line.intent);
  const parts = stratified(intents, FOLDS, seeded(SEED)).filter((part) => part.length > 0);
  const rounds: Round[] = [];
  for (const [i, part] of parts.entries()) {
    progress(i + 1);
    const held = new Set(part);
    const rest = lines.filter((_, line) => !held.has(line));
    const test = [...lines.entries()].filter(([line]) => held.has(line));
    rounds.push(await round(contender, lang, rest, test, now));
  }
  return together(rounds);
}

async function round(
  contender: Contender,
  lang: Lang,
  train: readonly Utterance[],
  test: readonly (readonly [number, Utterance])[],
  now: () => number,
): Promise<Round> {
  const before = now();
  const cpu = process.cpuUsage();
  const learned = await contender.train(lang, train);
  const wallMs = now() - before;
  const { user, system } = process.cpuUsage(cpu);
  const peakRssMib = process.resourceUsage().maxRSS / 1024;
  for (let i = 0; i < WARM_UP; i += 1) {
    await learned.recognize(test[i % test.length]?.[1].text ?? '');
  }
  const tested: Tested[] = [];
  const times: number[] = [];
  for (const [line, { text, intent }] of test) {
    const begin = now();
    const answer = await learned.recognize(text);
    times.push(now() - begin);
    tested.push({ line, intent, ...answer });
  }
  const { modelBytes } = learned;
  return { tested, times, wallMs, cpuMicros: user + system, modelBytes, peakRssMib };
}

function together(rounds: readonly Round[]): Measured {
  const mean = (of: (round: Round) => number): number =>
    rounds.reduce((sum, r) => sum + of(r), 0) / Math.max(1, rounds.length);
  const tested = rounds.flatMap((r) => r.tested);
  const times = rounds.flatMap((r) => r.times).sort((a, b) => a - b);
  const at = (share: number): number | null =>
    times[Math.floor((times.length - 1) * share)] ?? null;
  return {
    report: {
      ...measure(tested, OUT_OF_SCOPE),
      trainSeconds: mean((r) => r.wallMs) / 1000,
      predictP50Ms: at(0.5),
      predictP99Ms: at(0.99),
      modelBytes: Math.round(mean((r) => r.modelBytes)),
      samples: tested.length,
    },
    tested,
    trainCpuSeconds: mean((r) => r.cpuMicros) / 1e6,
    peakRssMib: Math.max(0, ...rounds.map((r) => r.peakRssMib)),
  };
}
