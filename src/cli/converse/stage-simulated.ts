import { setTimeout as pause } from 'node:timers/promises';
import { Registry } from 'prom-client';
import type { Gesture, Simulator, StartSimulator } from '../../../simulators/simulator.ts';
import { YingdaError } from '../../errors.ts';
import type { Address, Content, Inbound } from '../../message.ts';
import { openChannel } from '../../open-channels.ts';
import { createServer } from '../../server.ts';
import { conversationKey, type Store } from '../../store/store.ts';
import { startDelivery } from '../../turn/deliver.ts';
import { TurnSignals } from '../../turn/signals.ts';
import { shownBubble, type Pick } from './bubbles.ts';
import type { Script } from './format.ts';
import { openEngineRoom, type EngineRoomOptions } from './engine-room.ts';
import { play, type Mismatch, type Shown } from './play.ts';

/** One turn with its deliveries may take this long, in ms. */
const PATIENCE_MS = 20_000;
const ARRIVAL_MS = 5000;
const POLL_MS = 1;
const USER = 'customer-1';
/** In scripts the people on duty are this system's, not the provider's. */
const OWN_PEOPLE: Readonly<Record<string, string>> = { WECOM_SERVICE_POOL: 'off' };

/** The smallest picture that a provider takes. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/**
 * Plays a conversation through the channel's own code: a customer's phone at the simulator of its
 * provider, the channel on a real server, and the engine behind it.
 */
export async function playSimulated(
  options: EngineRoomOptions & {
    readonly simulator: StartSimulator;
    /** A message that the channel has not brought after this time, in ms, was dropped by it. Default 5,000. */
    readonly arrivalMs?: number;
  },
): Promise<Mismatch | undefined> {
  const { script, definition, content, logger, clock } = options;
  const room = await openEngineRoom(options);
  const simulator = await options.simulator({ clock });
  const signals = new TurnSignals();
  const server = createServer({
    logger,
    metrics: new Registry(),
    health: () => Promise.resolve([]),
    now: () => clock.now(),
  });
  const arrivals = new Arrivals();
  const channel = await openChannel(definition, {
    env: {
      ...simulator.env,
      ...OWN_PEOPLE,
      [`${definition.name.toUpperCase()}_LANG`]: script.lang,
    },
    store: arrivals.watch(room.store),
    signals,
    router: server,
    clock,
    logger,
    dataDir: room.dataDir,
    wording: (key, lang) => content.knowledge.current().text(key, lang),
  });
  const port = await server.listen(0, '127.0.0.1');
  simulator.connect(`http://127.0.0.1:${port}/channels/${definition.name}`);
  room.start(signals);
  const open = new Map([[definition.name, channel]]);
  const channels = new Map([[definition.name, definition]]);
  const delivery = startDelivery({ store: room.store, clock, logger, open, channels });
  const desk = new Desk(simulator, arrivals, room.store, signals, options.arrivalMs ?? ARRIVAL_MS);
  try {
    const wrong = await play(script, {
      async send(said: Content) {
        clock.move(1000);
        const shown = await desk.do(said, clock.now());
        const failed = room.failed();
        if (failed !== undefined) throw new YingdaError('turn-failed', failed);
        return shown;
      },
      wait: (ms) => clock.move(ms),
      state: () =>
        room.state(arrivals.address === undefined ? '' : conversationKey(arrivals.address)),
    });
    return wrong ?? brokenRule(script, simulator);
  } finally {
    await channel.stop();
    await simulator.stop();
    await Promise.all([server.close(), delivery.stop()]);
    await room.stop();
  }
}

/** A channel that plays well breaks no rule of its provider. */
function brokenRule({ turns }: Script, { refused }: Simulator): Mismatch | undefined {
  const [first] = refused;
  return first === undefined
    ? undefined
    : {
        line: turns.at(-1)?.line ?? 1,
        expected: 'no call that the provider refuses',
        got: `${first.call} ${first.code} ${first.why}`,
      };
}

/** The messages that a channel accepts on a store. */
class Arrivals {
  readonly all: Inbound[] = [];
  /** Of the newest message. */
  address: Address | undefined;

  /** The store, with an inbox that notes what is new. */
  watch(store: Store): Store {
    const note = (inbound: Inbound, seen: boolean): void => {
      if (seen) return;
      this.all.push(inbound);
      this.address = inbound.address;
    };
    const { inbox } = store;
    return {
      ...store,
      inbox: {
        async accept(inbound) {
          const accepted = await inbox.accept(inbound);
          note(inbound, accepted.seen);
          return accepted;
        },
        async acceptAll(channel, inbounds, state) {
          const accepted = await inbox.acceptAll(channel, inbounds, state);
          inbounds.forEach((inbound, at) => note(inbound, accepted[at]?.seen ?? true));
          return accepted;
        },
        work: (handle, how) => inbox.work(handle, how),
        backlog: () => inbox.backlog(),
      },
    };
  }
}

/** Turns what a script says into gestures, and what the phone shows into bubbles. */
class Desk {
  readonly #phone: ReturnType<Simulator['phone']>;
  readonly #simulator: Simulator;
  readonly #arrivals: Arrivals;
  readonly #store: Store;
  readonly #signals: TurnSignals;
  readonly #arrivalMs: number;
  #offered: readonly Pick[] = [];
  #seen = 0;
  #count = 0;

  constructor(
    simulator: Simulator,
    arrivals: Arrivals,
    store: Store,
    signals: TurnSignals,
    arrivalMs: number,
  ) {
    this.#arrivalMs = arrivalMs;
    this.#simulator = simulator;
    this.#phone = simulator.phone(USER);
    this.#arrivals = arrivals;
    this.#store = store;
    this.#signals = signals;
  }

  /** @throws YingdaError `turn-failed` */
  async do(said: Content, at: number): Promise<readonly Shown[]> {
    const before = this.#arrivals.all.length;
    if (said.kind === 'agent') await this.#write(said, at);
    else await this.#act(gestureOf(said, this.#offered));
    await this.#settle(before, expected(said));
    const bubbles = this.#phone.screen.slice(this.#seen).filter((b) => b.kind !== 'notice');
    this.#seen = this.#phone.screen.length;
    const shown = bubbles.map(shownBubble);
    this.#offered = shown.findLast((b) => b.choices !== undefined)?.choices ?? this.#offered;
    return shown;
  }

  /** People on duty are ours: they do not come through the provider. */
  async #write(content: Content, at: number): Promise<void> {
    const { address } = this.#arrivals;
    if (address === undefined) throw new YingdaError('turn-failed', 'nobody wrote before');
    this.#count += 1;
    const inbound = { id: `agent-${this.#count}`, address, content, at };
    await this.#store.inbox.accept(inbound);
    this.#arrivals.all.push(inbound);
  }

  async #act(gesture: Gesture): Promise<void> {
    if (await this.#phone.do(gesture)) return;
    const last = this.#simulator.refused.at(-1);
    const why = last === undefined ? '' : `: ${last.call} ${last.code} ${last.why}`;
    throw new YingdaError('turn-failed', `the provider gave up${why}`);
  }

  /** Waits until the turns of the new messages have ended and their replies have been delivered. */
  async #settle(before: number, least: number): Promise<void> {
    const begun = performance.now();
    const late = (ms: number): boolean => performance.now() - begun > ms;
    while (this.#arrivals.all.length < before + least) {
      if (late(this.#arrivalMs))
        throw new YingdaError('turn-failed', 'the channel took no message');
      await pause(POLL_MS);
    }
    for (const { address, id } of this.#arrivals.all.slice(before)) {
      if (!(await this.#signals.wait(conversationKey(address), id, PATIENCE_MS))) {
        throw new YingdaError('turn-failed', 'the turn did not end');
      }
    }
    while ((await this.#store.outbox.backlog()) > 0) {
      if (late(PATIENCE_MS)) throw new YingdaError('turn-failed', 'the replies were not delivered');
      await pause(POLL_MS);
    }
    const [lost] = await this.#store.outbox.undelivered(1);
    if (lost !== undefined) throw new YingdaError('turn-failed', `not delivered: ${lost.error}`);
  }
}

/** A picture with words is two messages on these channels. */
function expected(said: Content): number {
  return said.kind === 'attachment' && said.text !== '' ? 2 : 1;
}

function gestureOf(said: Exclude<Content, { kind: 'agent' }>, offered: readonly Pick[]): Gesture {
  switch (said.kind) {
    case 'text':
      return { kind: 'text', text: said.text };
    case 'choice': {
      const pick = offered.find((p) => p.value === said.value);
      return pick?.by === 'number'
        ? { kind: 'text', text: pick.value }
        : { kind: 'tap', id: said.value };
    }
    case 'attachment': {
      const name = said.attachments[0]?.name ?? 'photo.png';
      const image = { kind: 'image', name, bytes: PICTURE } as const;
      return said.text === '' ? image : { ...image, text: said.text };
    }
    case 'event':
      return said.name === 'join' ? { kind: 'join' } : { kind: 'event', name: said.name };
  }
}
