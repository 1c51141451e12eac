import type { Phone } from '../../simulators/simulator.ts';

/** What is wrong with a customer's screen: the numbers of its messages, by what happened to them. */
export interface ScreenVerdict {
  /** Acknowledged, neither answered on the screen nor listed as of unknown outcome. */
  readonly lost: readonly string[];
  /** Answered twice on the screen, or on it and listed as not delivered. */
  readonly doubled: readonly string[];
  /** Answered before the answer to a message that was acknowledged before this one was sent. */
  readonly disordered: readonly string[];
  /** Answers to nothing that was sent. */
  readonly strange: readonly string[];
}

interface Said {
  readonly number: string;
  /** Places of messages in the order of their doing, to tell what came before what. */
  readonly begun: number;
  ended: number;
  acknowledged: boolean;
}

const ANSWER = /(138\d{8}) 的(?:回执已登记|(条款))/gu;
/** Every fifth message is answered with two bubbles, of which the second does not fit into the response. */
const LONG = /[05]$/u;
/** Fraction of messages that are sent before the one before is acknowledged. */
const HASTY = 0.3;
const MOST_IN_FLIGHT = 3;

/** What must be on the screen for a message. */
function answersTo(number: string): string[] {
  return LONG.test(number) ? [number, `${number} terms`] : [number];
}

function answersIn(text: string): string[] {
  return Array.from(text.matchAll(ANSWER), ([, number = '', terms]) =>
    terms === undefined ? number : `${number} terms`,
  );
}

/** One customer, whose every message has an answer of its own. */
export class WechatCustomer {
  readonly #phone: Phone;
  readonly #number: number;
  readonly #random: () => number;
  readonly #said: Said[] = [];
  readonly #inFlight = new Set<Promise<void>>();
  #steps = 0;

  /** @param number 0 to 999 */
  constructor(phone: Phone, number: number, random: () => number) {
    this.#phone = phone;
    this.#number = number;
    this.#random = random;
  }

  get user(): string {
    return this.#phone.user;
  }

  get acknowledged(): number {
    return this.#said.filter((s) => s.acknowledged).length;
  }

  get sent(): number {
    return this.#said.length;
  }

  /** Sends message after message until `over`, then waits for those on their way. */
  async talk(over: () => boolean): Promise<void> {
    while (!over()) {
      this.#say();
      const hasty = this.#random() < HASTY && this.#inFlight.size < MOST_IN_FLIGHT;
      if (!hasty) await Promise.all(this.#inFlight);
    }
    await Promise.all(this.#inFlight);
  }

  #say(): void {
    const count = String(this.#said.length).padStart(5, '0');
    const number = `138${String(this.#number).padStart(3, '0')}${count}`;
    const said: Said = { number, begun: (this.#steps += 1), ended: Infinity, acknowledged: false };
    this.#said.push(said);
    const doing = this.#phone.do({ kind: 'text', text: `登记回执 ${number}` }).then((good) => {
      said.acknowledged = good;
      if (good) said.ended = this.#steps += 1;
    });
    this.#inFlight.add(doing);
    void doing.finally(() => this.#inFlight.delete(doing));
  }

  /** The answers on the screen, in order. */
  #shown(): string[] {
    return this.#phone.screen.flatMap((b) => (b.kind === 'notice' ? [] : answersIn(b.text)));
  }

  /** @param listed texts of replies to this customer that operators see as not delivered */
  judge(listed: readonly string[]): ScreenVerdict {
    const shown = this.#shown();
    const unsure = listed.flatMap(answersIn);
    const times = (answer: string): number => shown.filter((n) => n === answer).length;
    const place = new Map(shown.map((n, i) => [n, i] as const));
    const due = new Set(this.#said.flatMap((s) => answersTo(s.number)));
    const late = this.#said.filter((s) =>
      this.#said.some(
        (earlier) =>
          earlier.ended < s.begun &&
          (place.get(earlier.number) ?? -1) > (place.get(s.number) ?? Infinity),
      ),
    );
    const of = (broken: (s: Said) => boolean): string[] =>
      this.#said.filter(broken).map((s) => s.number);
    return {
      lost: of(
        (s) =>
          s.acknowledged && answersTo(s.number).some((a) => times(a) === 0 && !unsure.includes(a)),
      ),
      doubled: of((s) => answersTo(s.number).some((a) => times(a) > 1)),
      disordered: late.map((s) => s.number),
      strange: shown.filter((n) => !due.has(n)),
    };
  }
}
