/**
 * One customer's session with one 客服 account: who serves it and what may be sent, by
 * https://developer.work.weixin.qq.com/document/path/94669 and /94677.
 */
import { Refusal } from './refusal.ts';

/** 0 not handled, 1 assistant, 2 waiting in the pool, 3 with a person, 4 ended or not begun. */
export type State = 0 | 1 | 2 | 3 | 4;

const MOVES: Readonly<Record<State, readonly State[]>> = {
  0: [1, 2, 3, 4],
  1: [2, 3, 4],
  2: [3, 4],
  3: [3, 4],
  4: [],
};
/** How long messages may be sent after the customer's last one, and a session lasts. In ms. */
export const WINDOW_MS = 48 * 3_600_000;
const SENDS = 5;

/** A session. Times are given in ms since 1970. */
export class Session {
  readonly user: string;
  readonly kf: string;
  /** Who serves it; only in state 3. */
  servicer: string | undefined;
  /** The customer has been here. */
  known = false;
  /** When a welcome was sent last. */
  welcomedAt = Number.NEGATIVE_INFINITY;
  /** Accepted messages are lost with this `fail_type`. */
  losing: number | undefined;
  #state: State = 4;
  #wroteAt: number | undefined;
  #sends = 0;

  constructor(user: string, kf: string) {
    this.user = user;
    this.kf = kf;
  }

  state(now: number): State {
    if (this.#wroteAt !== undefined && now - this.#wroteAt > WINDOW_MS) this.#become(4);
    return this.#state;
  }

  /** The customer writes: an ended session begins anew. */
  wrote(now: number): void {
    if (this.state(now) === 4) this.#become(0);
    this.#wroteAt = now;
    this.#sends = 0;
  }

  /** Whether the next entrance brings a `welcome_code`. */
  mayBeWelcomed(now: number): boolean {
    const wroteAt = this.#wroteAt ?? Number.NEGATIVE_INFINITY;
    return now - wroteAt > WINDOW_MS && now - this.welcomedAt > WINDOW_MS;
  }

  /** By a call of the API. @throws Refusal 95016 where the table has no such move */
  move(to: number, servicer: string | undefined, now: number): void {
    const from = this.state(now);
    if (!MOVES[from].includes(to as State)) {
      throw new Refusal(95016, `no transition from ${from} to ${to}`);
    }
    this.#become(to as State, servicer);
  }

  /** By a person in the app, who may also take up an ended session. */
  taken(servicer: string): void {
    this.#become(3, servicer);
  }

  /** @throws Refusal where the session lets nothing be sent now */
  checkSend(now: number): void {
    if (this.#wroteAt === undefined) throw new Refusal(95031, 'the customer never wrote');
    if (now - this.#wroteAt > WINDOW_MS)
      throw new Refusal(95002, 'over 48 h since the last message');
    const state = this.state(now);
    if (state === 4) throw new Refusal(95013, 'the session has ended');
    if (state > 1) throw new Refusal(95018, `send msg session status invalid: state ${state}`);
    if (this.#sends >= SENDS)
      throw new Refusal(95001, `over ${SENDS} messages for one of the customer`);
  }

  /** How many messages may be sent now. */
  sendsLeft(now: number): number {
    const open = this.#wroteAt !== undefined && this.state(now) < 2;
    return open ? SENDS - this.#sends : 0;
  }

  sent(): void {
    this.#sends += 1;
  }

  #become(state: State, servicer?: string): void {
    this.#state = state;
    this.servicer = state === 3 ? servicer : undefined;
  }
}
