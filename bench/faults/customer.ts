import { setTimeout as sleep } from 'node:timers/promises';
import { OutsideError } from '../../src/errors.ts';
import type { Activity, DirectLine } from '../direct-line.ts';
import { judge, type Sent, type Verdict } from './oracle.ts';

/** A message of a script. */
export interface Said {
  readonly text: string;
  readonly answer: RegExp;
}

/** Fraction of acknowledged messages that are sent once more, as an impatient client does. */
const IMPATIENT = 0.1;
/** Wait before a failed try is repeated, in ms. */
const RETRY_MS = 20;

/** The n-th message of a conversation: a question, then a form whose last answer repeats all five. */
function scriptAt(n: number): Said {
  const round = Math.floor(n / 8);
  const values = ['甲', '乙', '丙', '丁', '戊'].map((name) => `${name}${round}`);
  const form: readonly Said[] = [
    { text: '试用登记', answer: /^怎么称呼您/u },
    { text: values[0] ?? '', answer: /^您在哪个城市/u },
    { text: values[1] ?? '', answer: /^想试用哪一件/u },
    { text: values[2] ?? '', answer: /^要什么颜色/u },
    { text: values[3] ?? '', answer: /^还有什么/u },
    { text: values[4] ?? '', answer: new RegExp(`^已登记：${values.join('；')}$`, 'u') },
  ];
  const questions: readonly Said[] = [
    { text: '下单后多久能到？', answer: /2–4/u },
    { text: 'How much is shipping?', answer: /99/u },
  ];
  return [...questions, ...form][n % 8] ?? { text: '', answer: /./u };
}

/** An answer that trying again does not change: a defect of the server or of this bench. */
function isRefusal(error: unknown): boolean {
  return error instanceof OutsideError && /^http-4(?!29)/u.test(error.code);
}

/** What a customer needs to know of the server, which comes and goes. */
export interface Connection {
  readonly line: DirectLine;
  /** Resolves when the server is thought to be there. */
  up(): Promise<void>;
}

/** One conversation: sends its messages in order, each until it is acknowledged. */
export class Customer {
  readonly name: string;
  readonly #connection: Connection;
  readonly #random: () => number;
  readonly #sent: { id: string; text: string; answer: RegExp; acknowledged: boolean }[] = [];
  #conversation = '';
  /** Tries that failed, and messages sent again although they were acknowledged. */
  readonly counts = { failedTries: 0, repeats: 0, acknowledged: 0 };
  /** Messages that got another id when they were sent again. */
  readonly renamed: string[] = [];

  constructor(name: string, connection: Connection, random: () => number) {
    this.name = name;
    this.#connection = connection;
    this.#random = random;
  }

  async begin(): Promise<void> {
    const begun = await this.#insist(() => this.#connection.line.begin(this.name));
    this.#conversation = begun.conversationId;
  }

  /** Sends message after message until `over`. */
  async talk(over: () => boolean): Promise<void> {
    for (let n = 0; !over(); n += 1) await this.say(scriptAt(n));
  }

  /** Sends one message until it is acknowledged. Does not wait for its answer. */
  async say({ text, answer }: Said): Promise<void> {
    const id = `${this.name}-${this.#sent.length}`;
    const message = { id, text, answer, acknowledged: false };
    this.#sent.push(message);
    const post = (): Promise<string> =>
      this.#connection.line.post(this.#conversation, this.name, text, id);
    const given = await this.#insist(post);
    message.acknowledged = true;
    this.counts.acknowledged += 1;
    if (this.#random() >= IMPATIENT) return;
    this.counts.repeats += 1;
    if ((await this.#insist(post)) !== given) this.renamed.push(id);
  }

  /** Reads the log from its beginning until everything is answered, or for `patienceMs`. */
  async settle(patienceMs: number): Promise<Verdict> {
    const until = performance.now() + patienceMs;
    for (;;) {
      const verdict = judge(this.sent, await this.#read());
      if (verdict.unanswered.length + verdict.lost.length === 0) return verdict;
      if (performance.now() > until) return verdict;
      await sleep(300);
    }
  }

  get sent(): readonly Sent[] {
    return this.#sent;
  }

  async #read(): Promise<readonly Activity[]> {
    const log: Activity[] = [];
    for (let watermark = '0'; ;) {
      const from = watermark;
      const set = await this.#insist(() => this.#connection.line.read(this.#conversation, from));
      log.push(...set.activities);
      if (set.watermark === watermark) return log;
      watermark = set.watermark;
    }
  }

  async #insist<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      await this.#connection.up();
      try {
        return await call();
      } catch (error) {
        if (isRefusal(error)) throw error;
        this.counts.failedTries += 1;
        await sleep(RETRY_MS);
      }
    }
  }
}
