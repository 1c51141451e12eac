import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { OpenChannel, Outgoing } from '../../src/channel/channel.ts';
import { OutsideError } from '../../src/errors.ts';
import type { Delivery } from '../../src/store/store.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { startDelivery } from '../../src/turn/deliver.ts';
import { NOW, silent } from '../support/content.ts';

const CHANNELS = new Map([
  ['push', { capabilities: { delivery: 'push', taps: true, batch: 5 } as const }],
]);
const ADDRESS = { channel: 'push', account: 'default', conversation: 'c', user: 'u' };

/** A delivery that notes its ends under its text. `sent` is what writing that it was sent does. */
function delivery(
  calls: string[],
  text: string,
  sent: () => Promise<void> = () => Promise.resolve(),
): Delivery {
  const note = (what: string) => () => {
    calls.push(`${text} ${what}`);
    return Promise.resolve();
  };
  const reply = { from: 'bot', text } as const;
  return {
    id: 1,
    address: ADDRESS,
    line: { kind: 'out', seq: 2, to: 1, at: NOW, inbound: 'm', reply },
    idempotencyKey: 'k',
    attempts: 0,
    sent: async (id) => {
      calls.push(`${text} sent${id === undefined ? '' : ` as ${id}`}`);
      await sent();
    },
    retry: (at) => {
      times.push(at);
      return note('retry')();
    },
    unknown: note('unknown'),
    dead: note('dead'),
  };
}

const times: number[] = [];

interface Outcome {
  readonly calls: readonly string[];
  readonly counted: readonly string[];
}

/** What becomes of deliveries with these texts through this channel. */
async function outcomeOf(
  channel: Partial<OpenChannel>,
  texts: readonly string[] = ['a'],
  sent?: () => Promise<void>,
): Promise<Outcome> {
  const calls: string[] = [];
  const counted: string[] = [];
  times.length = 0;
  let handle: ((batch: readonly Delivery[]) => Promise<void>) | undefined;
  const outbox = {
    work: (run: (batch: readonly Delivery[]) => Promise<void>) => {
      handle = run;
      return { stop: () => Promise.resolve() };
    },
  };
  startDelivery({
    store: { outbox } as never,
    clock: { now: () => NOW },
    logger: silent,
    open: new Map([['push', { stop: () => Promise.resolve(), ...channel }]]),
    channels: CHANNELS,
    metrics: { undelivered: (name, reason) => counted.push(`${name} ${reason}`) },
  });
  const batch = texts.map((text) => delivery(calls, text, sent));
  await handle?.(batch).catch(() => calls.push('threw'));
  return { calls, counted };
}

/** What becomes of one delivery through a channel that answers so. */
async function outcome(
  deliver: NonNullable<OpenChannel['deliver']>,
  sent?: () => Promise<void>,
): Promise<readonly string[]> {
  const { calls } = await outcomeOf({ deliver }, ['a'], sent);
  return calls.map((call) => call.replace('a ', ''));
}

const failing = (how: { retryable: boolean; unknownOutcome?: boolean }) => () =>
  Promise.reject(new OutsideError('x', 'x', how));

describe('delivering', () => {
  it('marks what the provider took as sent', async () => {
    expect(await outcome(() => Promise.resolve('id'))).to.deep.equal(['sent as id']);
  });

  it('tries again only what surely did not arrive', async () => {
    expect(await outcome(failing({ retryable: true }))).to.deep.equal(['retry']);
    expect(await outcome(failing({ retryable: false }))).to.deep.equal(['dead']);
  });

  it('never sends again what may have arrived', async () => {
    const unknown = failing({ retryable: true, unknownOutcome: true });
    expect(await outcome(unknown)).to.deep.equal(['unknown']);
    expect(await outcome(() => Promise.reject(new TypeError('x')))).to.deep.equal(['unknown']);
  });

  it('does not send again because the mark could not be written', async () => {
    const full = () => Promise.reject(new OutsideError('storage', 'full', { retryable: true }));
    expect(await outcome(() => Promise.resolve('id'), full)).to.deep.equal([
      'sent as id',
      'unknown',
    ]);
  });

  it('is dead where the channel is not on, and says so by code', async () => {
    const { calls, counted } = await outcomeOf({}, ['a', 'b']);
    expect(calls).to.deep.equal(['a dead', 'b dead']);
    expect(counted).to.deep.equal(['push channel-off', 'push channel-off']);
  });

  it('counts what is given up by channel and code, and not what is tried again', async () => {
    const of = async (error: Error) => {
      const { counted } = await outcomeOf({ deliver: () => Promise.reject(error) });
      return counted;
    };
    const how = { retryable: false };
    expect(await of(new OutsideError('quota', 'x', how))).to.deep.equal(['push quota']);
    expect(await of(new OutsideError('busy', 'x', { retryable: true }))).to.deep.equal([]);
    expect(await of(new TypeError('x'))).to.deep.equal(['push unexpected']);
  });

  it('hands a batch over whole and lets the channel settle each', async () => {
    let seen: readonly Outgoing[] = [];
    const { calls } = await outcomeOf(
      {
        deliverAll: async (replies, to) => {
          seen = replies;
          expect(to).to.deep.equal(ADDRESS);
          const [a, b, c, d] = replies;
          await a?.sent('p1');
          await b?.failed(new OutsideError('x', 'x', { retryable: true }));
          await c?.failed(new OutsideError('x', 'x', { retryable: false }));
          await d?.failed(new OutsideError('x', 'x', { retryable: true, unknownOutcome: true }));
        },
      },
      ['a', 'b', 'c', 'd', 'e'],
    );
    expect(calls).to.deep.equal(['a sent as p1', 'b retry', 'c dead', 'd unknown']);
    expect(seen.map((r) => r.line.reply.text)).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
    expect(seen[0]).to.include({ idempotencyKey: 'k', attempts: 0 });
  });

  it('counts what a batch throws for all that are not settled, which stay together', async () => {
    const deliverAll =
      (error: Error): NonNullable<OpenChannel['deliverAll']> =>
      async ([first]) => {
        await first?.sent();
        throw error;
      };
    const busy = new OutsideError('busy', 'busy', { retryable: true });
    const again = await outcomeOf({ deliverAll: deliverAll(busy) }, ['a', 'b', 'c']);
    expect(again.calls).to.deep.equal(['a sent', 'b retry', 'c retry']);
    expect(new Set(times).size).to.equal(1);
    const other = await outcomeOf({ deliverAll: deliverAll(new TypeError('x')) }, ['a', 'b']);
    expect(other.calls).to.deep.equal(['a sent', 'b unknown']);
  });

  it('takes a batch of which nothing was settled for unknown', async () => {
    const { calls, counted } = await outcomeOf({ deliverAll: () => Promise.resolve() }, ['a', 'b']);
    expect(calls).to.deep.equal(['a unknown', 'b unknown']);
    expect(counted).to.deep.equal(['push unsaid', 'push unsaid']);
  });

  it('sends nothing of a batch again of which one mark could not be written', async () => {
    const full = () => Promise.reject(new OutsideError('storage', 'full', { retryable: true }));
    const { calls } = await outcomeOf(
      {
        deliverAll: async (replies) => {
          for (const reply of replies) await reply.sent();
        },
      },
      ['a', 'b'],
      full,
    );
    expect(calls).to.deep.equal(['a sent', 'b unknown', 'a unknown']);
  });

  it('carries each committed reply out once, in order, with the same key for every try', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'yingda-deliver-'));
    const clock = { now: () => Date.now() };
    const store = await openEmbeddedStore({ dataDir, clock, logger: silent });
    const got: string[] = [];
    const keys = new Map<string, Set<string>>();
    let failures = 1;
    const done = new Promise<void>((resolve) => {
      const deliver: OpenChannel['deliver'] = (line, _to, key) => {
        keys.set(line.reply.text, (keys.get(line.reply.text) ?? new Set()).add(key));
        failures -= 1;
        if (failures >= 0) {
          return Promise.reject(new OutsideError('busy', 'busy', { retryable: true }));
        }
        got.push(line.reply.text);
        if (got.length === 3) resolve();
        return Promise.resolve(undefined);
      };
      const open = new Map([['push', { deliver, stop: () => Promise.resolve() }]]);
      startDelivery({ store, clock, logger: silent, open, channels: CHANNELS });
    });
    const turns = store.inbox.work((claim) =>
      claim.commit({
        session: {},
        replies: ['a', 'b', 'c'].map((text) => ({ from: 'bot', text }) as const),
        push: true,
        tickets: [],
      }),
    );
    const content = { kind: 'text', text: 'x' } as const;
    await store.inbox.accept({ id: 'm', address: ADDRESS, content, at: NOW });
    await done;
    expect(got).to.deep.equal(['a', 'b', 'c']);
    expect([...keys.values()].map((k) => k.size)).to.deep.equal([1, 1, 1]);
    await turns.stop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  });
});
