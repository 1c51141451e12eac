/** The provider with its customers: a process of its own, told what to do by its messages. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Phone, Simulator } from '../../simulators/simulator.ts';
import startWechat from '../../simulators/wechat/index.ts';
import type { Latency } from '../http/load.ts';
import { schedule, type Line } from '../http/scenario.ts';
import { Tally } from '../http/tally.ts';
import { rounded, seeded, shuffled } from '../stats.ts';

/** What the load is asked to be. */
export interface WechatOrder {
  readonly callback: string;
  readonly users: number;
  readonly messages: number;
  /** Messages a second of all users together, at random moments (Poisson). */
  readonly rate: number;
  readonly timeoutMs: number;
  readonly seed: number;
}

/** What became of it. Times are in ms from the moment a message was meant to be sent. */
export interface WechatReport {
  readonly sent: number;
  readonly answered: number;
  readonly seconds: number;
  readonly callbacksPerSecond: number;
  readonly errors: Readonly<Record<string, number>>;
  /** Until the answer came back in the callback's own response. */
  readonly passive: Latency;
  readonly generatorCpuSeconds: number;
}

const LINES: readonly Line[] = [
  { text: '请问一般要几天才能收到货', answer: /2–4/u },
  { text: 'how long does delivery usually take please', answer: /2–4/u },
  { text: '请问你们满多少钱包邮啊', answer: /99/u },
  { text: 'tell me how much is shipping', answer: /99/u },
];

/** Sends one message and judges what came back in the response itself. */
async function say(phone: Phone, line: Line, due: number, tally: Tally): Promise<void> {
  const before = phone.screen.length;
  if (!(await phone.do({ kind: 'text', text: line.text }))) return tally.failed('gave-up');
  const [bubble, ...more] = phone.screen.slice(before);
  if (bubble === undefined) tally.failed('no-passive-reply');
  else if (more.length > 0) tally.failed('more-than-one');
  else if (bubble.by !== 'passive') tally.failed('not-passive');
  else if (!line.answer.test(bubble.text)) tally.failed('wrong-answer');
  else tally.answered(due, false);
}

async function run(simulator: Simulator, order: WechatOrder): Promise<WechatReport> {
  simulator.connect(order.callback);
  const phones = Array.from({ length: order.users }, (_, i) => simulator.phone(`user-${i}`));
  const last: Promise<void>[] = phones.map(() => Promise.resolve());
  const random = seeded(order.seed);
  const plan = schedule(order, random, (all) => shuffled(all, random));
  const tally = new Tally(order.timeoutMs);
  const begin = performance.now();
  tally.begin(begin);
  for (const { at, user, message } of plan) {
    const early = begin + at - performance.now();
    if (early > 1) await sleep(early);
    const phone = phones[user];
    const line = LINES[(user + message) % LINES.length];
    if (phone === undefined || line === undefined) continue;
    const due = begin + at;
    last[user] = (last[user] ?? Promise.resolve()).then(() => say(phone, line, due, tally));
  }
  await Promise.race([Promise.all(last), sleep(order.timeoutMs)]);
  const { sent, answered, seconds, errors, socket, generatorCpuSeconds } = tally.report(0);
  return {
    sent,
    answered,
    seconds,
    callbacksPerSecond: rounded(answered / seconds),
    errors,
    passive: socket,
    generatorCpuSeconds,
  };
}

const started = startWechat();
process.on('message', (order: WechatOrder) => {
  started
    .then(async (simulator) => {
      const report = await run(simulator, order);
      process.send?.(report, () => process.exit());
    })
    .catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
});
const { env } = await started;
process.send?.(env);
