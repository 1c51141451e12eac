/** A corporation with its 客服 accounts, its customers, and everything that the API reads and writes. */
import { createHash, randomBytes } from 'node:crypto';
import type { ShownBubble } from '../phone-page/index.ts';
import { EventCodes } from './event-codes.ts';
import { History } from './history.ts';
import { Media } from './media.ts';
import { Refusal, type Fields } from './refusal.ts';
import { Session } from './session.ts';

/** A 客服 account. */
export interface KfAccount {
  readonly open_kfid: string;
  readonly name: string;
  /** The people who may serve its customers: 0 serving, 1 stopped. */
  readonly servicers: Map<string, 0 | 1>;
  /** Ids of its sent messages. */
  readonly messageIds: Set<string>;
}

/** How a callback is made; resolves `false` where the provider gave up. */
export type Notify = (kf: string, token: string) => Promise<boolean>;

/** The corporation. */
export class Corp {
  readonly clock: { now(): number };
  readonly id: string;
  readonly secret: string;
  readonly token: string;
  /** EncodingAESKey. */
  readonly aesKey: string;
  readonly accounts: readonly KfAccount[];
  readonly history: History;
  readonly media: Media;
  readonly codes: EventCodes;
  #notify: Notify = () => Promise.resolve(false);
  readonly #sessions = new Map<string, Session>();
  readonly #screens = new Map<string, ShownBubble[]>();
  #count = 0;

  /** @param name what its id and its secrets are made of: the same in every start */
  constructor(clock: { now(): number }, name: string) {
    const digest = (what: string): Buffer =>
      createHash('sha256').update(`simulated ${what} of ${name}`).digest();
    this.id = `ww${digest('corp id').toString('hex').slice(0, 16)}`;
    this.secret = digest('secret').toString('base64url');
    this.token = digest('token').toString('hex').slice(0, 24);
    this.aesKey = digest('aes key').toString('base64').slice(0, 43);
    this.clock = clock;
    this.history = new History(clock);
    this.media = new Media(clock);
    this.codes = new EventCodes(clock);
    this.accounts = ['wkAJ2GCAAASSm4', 'wkAJ2GCAAASSm5'].map((id, at) => ({
      open_kfid: id,
      name: at === 0 ? '在线客服' : '售后客服',
      servicers: new Map([['zhangsan', 0]]),
      messageIds: new Set(),
    }));
  }

  notifyWith(notify: Notify): void {
    this.#notify = notify;
  }

  /** @throws Refusal 40058 where it is no text, 95000 where there is none */
  account(id: unknown): KfAccount {
    const found = this.accounts.find((a) => a.open_kfid === id);
    if (found === undefined) throw new Refusal(95000, 'invalid open_kfid');
    return found;
  }

  /** The session of a customer, made where there was none. */
  session(user: string, kf: string): Session {
    const key = `${kf} ${user}`;
    const found = this.#sessions.get(key) ?? new Session(user, kf);
    this.#sessions.set(key, found);
    return found;
  }

  /** Of a customer who has been here. @throws Refusal 40003 */
  knownSession(user: unknown, kf: unknown): Session {
    const account = this.account(kf);
    const found =
      typeof user === 'string' ? this.#sessions.get(`${account.open_kfid} ${user}`) : undefined;
    if (found?.known !== true) throw new Refusal(40003, 'invalid external_userid');
    return found;
  }

  knows(user: string): boolean {
    return this.accounts.some((a) => this.#sessions.get(`${a.open_kfid} ${user}`)?.known);
  }

  /** What a customer sees. */
  screen(user: string): ShownBubble[] {
    const found = this.#screens.get(user) ?? [];
    this.#screens.set(user, found);
    return found;
  }

  show(user: string, bubble: Omit<ShownBubble, 'at'>): void {
    this.screen(user).push({ ...bubble, at: this.clock.now() });
  }

  /** Adds a message of a customer (3) or a person on duty (5) and tells the channel of it. */
  post(session: Session, origin: 3 | 5, message: Fields): Promise<boolean> {
    const { kf, user } = session;
    session.known = true;
    return this.#add(kf, { open_kfid: kf, external_userid: user, origin, ...message });
  }

  /** Adds an event of a session and tells the channel of it. */
  event(session: Session, type: string, more: Fields = {}): Promise<boolean> {
    const { kf, user } = session;
    session.known = true;
    const event = { event_type: type, open_kfid: kf, external_userid: user, ...more };
    return this.#add(kf, { origin: 4, msgtype: 'event', event });
  }

  newId(prefix: string): string {
    this.#count += 1;
    return `${prefix}${this.#count.toString(36)}${randomBytes(9).toString('base64url')}`;
  }

  #add(kf: string, item: Fields): Promise<boolean> {
    const sent = Math.floor(this.clock.now() / 1000);
    this.history.add(kf, { msgid: this.newId('4Wjj'), send_time: sent, ...item });
    return this.#notify(kf, this.history.token());
  }
}
