import type { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { OutsideError } from '../../src/errors.ts';
import { directLine, type Activity, type ActivitySet } from '../direct-line.ts';
import { seeded, shuffled } from '../stats.ts';
import type { LoadOrder, LoadReport } from './load.ts';
import { Tally } from './tally.ts';
import { lineOf, schedule } from './scenario.ts';

/** How often a user without a socket asks, as botframework-directlinejs does. */
const POLL_MS = 1000;
/** Users that connect at the same time. */
const CONNECT_AT_ONCE = 50;

interface Pending {
  readonly due: number;
  readonly message: number;
}

/** One customer: sends in order, and matches answers to messages by what the bot says it replies to. */
class User {
  readonly #number: number;
  readonly #order: LoadOrder;
  readonly #tally: Tally;
  readonly #line: ReturnType<typeof directLine>;
  readonly #polls: boolean;
  /** By the client's id until the echo tells the server's id, then by that. */
  readonly #pending = new Map<string, Pending>();
  #conversation = '';
  #watermark = '';
  #socket: WebSocket | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(number: number, order: LoadOrder, tally: Tally, agent: Agent) {
    this.#number = number;
    this.#order = order;
    this.#tally = tally;
    this.#line = directLine(order.base, agent);
    this.#polls = number < order.users * order.poll;
  }

  get #name(): string {
    return `user-${this.#number}`;
  }

  async connect(): Promise<void> {
    const { conversationId, streamUrl } = await this.#line.begin(this.#name);
    this.#conversation = conversationId;
    if (this.#polls) return;
    const socket = new WebSocket(streamUrl, { perMessageDeflate: false });
    this.#socket = socket;
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    socket.on('error', () => this.#tally.error('socket-error'));
    socket.on('close', () => {
      if (this.#pending.size > 0) this.#tally.error('socket-closed');
    });
    socket.on('message', (data: Buffer) => {
      if (data.length > 0) this.#take(JSON.parse(data.toString()) as ActivitySet);
    });
  }

  /** Sends after what was sent before is acknowledged; time counts from `due` all the same. */
  send(message: number, due: number): void {
    const id = `${this.#number}-${message}`;
    this.#pending.set(id, { due, message });
    this.#last = this.#last
      .then(() =>
        this.#line.post(this.#conversation, this.#name, lineOf(this.#number, message).text, id),
      )
      .then(() => this.#tally.acknowledged(due))
      .catch((error: unknown) => {
        this.#pending.delete(id);
        this.#tally.failed(error instanceof OutsideError ? error.code : 'unforeseen');
      });
  }

  /** Looks for answers until `over`. Users that hold a socket are told. */
  async poll(over: () => boolean): Promise<void> {
    if (!this.#polls) return;
    await sleep((this.#number / this.#order.users) * POLL_MS);
    while (!over()) {
      try {
        this.#take(await this.#line.read(this.#conversation, this.#watermark));
      } catch (error) {
        this.#tally.error(error instanceof OutsideError ? `poll-${error.code}` : 'unforeseen');
      }
      await sleep(POLL_MS);
    }
  }

  /** Counts what is still waited for as timed out. */
  close(): void {
    for (let left = this.#pending.size; left > 0; left -= 1) this.#tally.failed('timeout');
    this.#pending.clear();
    this.#socket?.close();
  }

  #take(set: ActivitySet): void {
    this.#watermark = set.watermark;
    for (const activity of set.activities) this.#see(activity);
  }

  #see({ id, from, text, replyToId, channelData }: Activity): void {
    if (from.role === 'user') {
      const own = channelData?.clientActivityID ?? '';
      const pending = this.#pending.get(own);
      if (pending === undefined) return;
      this.#pending.delete(own);
      this.#pending.set(id, pending);
      return;
    }
    const pending = this.#pending.get(replyToId ?? '');
    if (pending === undefined) return;
    this.#pending.delete(replyToId ?? '');
    const expected = lineOf(this.#number, pending.message).answer;
    if (!expected.test(text ?? '')) this.#tally.failed('wrong-answer');
    else this.#tally.answered(pending.due, this.#polls);
  }
}

/** Connects all users at once; sends what the schedule says once `go` is called. */
export function createLoad(
  order: LoadOrder,
  agent: Agent,
): { connected: Promise<void>; done: Promise<LoadReport>; go(): void } {
  const tally = new Tally(order.timeoutMs);
  const users = Array.from({ length: order.users }, (_, i) => new User(i, order, tally, agent));
  const begun = performance.now();
  const connected = connectAll(users);
  let go: () => void = () => undefined;
  const started = new Promise<void>((resolve) => {
    go = resolve;
  });
  const done = started.then(async () => {
    const seconds = tally.begin(begun);
    await sendAll(users, order, tally);
    for (const user of users) user.close();
    return tally.report(seconds);
  });
  return { connected, done, go };
}

async function connectAll(users: readonly User[]): Promise<void> {
  const left = [...users];
  await Promise.all(
    Array.from({ length: CONNECT_AT_ONCE }, async () => {
      for (let user = left.pop(); user !== undefined; user = left.pop()) await user.connect();
    }),
  );
}

async function sendAll(users: readonly User[], order: LoadOrder, tally: Tally): Promise<void> {
  const random = seeded(order.seed);
  const plan = schedule(order, random, (all) => shuffled(all, random));
  let over = false;
  const polls = users.map((user) => user.poll(() => over));
  const begin = performance.now();
  for (const { at, user, message } of plan) {
    const early = begin + at - performance.now();
    if (early > 1) await sleep(early);
    users[user]?.send(message, begin + at);
  }
  const until = performance.now() + order.timeoutMs;
  while (tally.ended < plan.length && performance.now() < until) await sleep(20);
  over = true;
  await Promise.all(polls);
}
