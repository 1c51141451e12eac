import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { OpenChannel } from '../../src/channel/channel.ts';
import { OutsideError } from '../../src/errors.ts';
import type { Delivery } from '../../src/store/store.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { startDelivery } from '../../src/turn/deliver.ts';
import { NOW, silent } from '../support/content.ts';

const ADDRESS = { channel: 'push', account: 'default', conversation: 'c', user: 'u' };

function delivery(calls: string[], sent: () => Promise<void> = () => Promise.resolve()): Delivery {
  const note = (what: string) => () => {
    calls.push(what);
    return Promise.resolve();
  };
  const reply = { from: 'bot', text: 'hi' } as const;
  return {
    id: 1,
    address: ADDRESS,
    line: { kind: 'out', seq: 2, to: 1, at: NOW, inbound: 'm', reply },
    idempotencyKey: 'k',
    attempts: 0,
    sent: async () => {
      calls.push('sent');
      await sent();
    },
    retry: note('retry'),
    unknown: note('unknown'),
    dead: note('dead'),
  };
}

/** What becomes of one delivery through a channel that answers so. */
async function outcome(
  deliver: NonNullable<OpenChannel['deliver']>,
  sent?: () => Promise<void>,
): Promise<string[]> {
  const calls: string[] = [];
  let handle: ((d: Delivery) => Promise<void>) | undefined;
  const outbox = {
    work: (run: (d: Delivery) => Promise<void>) => {
      handle = run;
      return { stop: () => Promise.resolve() };
    },
  };
  const open = new Map([['push', { deliver, stop: () => Promise.resolve() }]]);
  const clock = { now: () => NOW };
  startDelivery({ store: { outbox } as never, clock, logger: silent, open });
  await handle?.(delivery(calls, sent)).catch(() => calls.push('threw'));
  return calls;
}

const failing = (how: { retryable: boolean; unknownOutcome?: boolean }) => () =>
  Promise.reject(new OutsideError('x', 'x', how));

describe('delivering', () => {
  it('marks what the provider took as sent', async () => {
    expect(await outcome(() => Promise.resolve('id'))).to.deep.equal(['sent']);
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
    expect(await outcome(() => Promise.resolve('id'), full)).to.deep.equal(['sent', 'threw']);
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
      startDelivery({ store, clock, logger: silent, open });
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
