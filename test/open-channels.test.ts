import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { defineChannel, type ChannelContext, type OpenChannel } from '../src/channel/channel.ts';
import { createLogger } from '../src/log.ts';
import { createMetrics } from '../src/metrics.ts';
import { openChannel } from '../src/open-channels.ts';
import { openEmbeddedStore } from '../src/store/embedded.ts';
import type { Store, Worker } from '../src/store/store.ts';
import { startDelivery } from '../src/turn/deliver.ts';
import { TurnSignals } from '../src/turn/signals.ts';

const logger = createLogger('silent');
const router = { on: () => undefined, upgrade: () => undefined, onError: () => undefined };
const clock = { now: () => Date.now() };

/** A channel that gives its context away and sends by noting texts. */
function probe(sent: string[][]) {
  const seen: ChannelContext[] = [];
  const definition = defineChannel({
    name: 'probe',
    capabilities: { delivery: 'push', taps: false, batch: 2 },
    env: { required: ['PROBE_A', 'PROBE_B'], optional: [], accounts: 'PROBE_ACCOUNTS' },
    open: (context) => {
      seen.push(context);
      return Promise.resolve({
        deliverAll: async (replies) => {
          sent.push(replies.map((r) => r.line.reply.text));
          for (const reply of replies) await reply.sent();
        },
        health: () => ({ ok: sent.length === 0, notes: [] }),
        stop: () => Promise.resolve(),
      });
    },
  });
  return { definition, seen };
}

describe('an opened channel', () => {
  let dataDir: string;
  let store: Store;
  let signals: TurnSignals;
  let workers: Worker[];

  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'yingda-open-'));
    store = await openEmbeddedStore({ dataDir, clock, logger });
    signals = new TurnSignals();
    workers = [];
  });

  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function opened(sent: string[][] = []) {
    const { definition, seen } = probe(sent);
    const channel = await openChannel(definition, {
      env: { PROBE_A: 'a', PROBE_B: '', PROBE_ACCOUNTS: 'file', OTHER: 'x' },
      store,
      signals,
      router,
      clock,
      logger,
      dataDir,
      publicUrl: 'https://x.example',
      wording: (key, lang) => `${key}.${lang}`,
    });
    const [context] = seen;
    if (context === undefined) throw new TypeError('not opened');
    return { channel, context, definition };
  }

  function message(id: string) {
    const address = { channel: 'probe', account: 'default', conversation: 'c', user: 'u' };
    return { id, address, content: { kind: 'text', text: id } as const, at: clock.now() };
  }

  it('sees its own variables and folder only', async () => {
    const { context } = await opened();
    expect(context.env).to.deep.equal({ PROBE_A: 'a', PROBE_ACCOUNTS: 'file' });
    expect(context.dataDir).to.equal(path.join(dataDir, 'probe'));
    expect(context.publicUrl).to.equal('https://x.example');
    expect(context.wording('k', 'zh')).to.equal('k.zh');
    expect(context.newId()).to.match(/^[\w-]{22}$/);
    expect(context.newId()).to.not.equal(context.newId());
  });

  it('stores a pull with its cursor, and reads the cursor back', async () => {
    const { context } = await opened();
    const accepted = await context.acceptAll([message('m1'), message('m2')], {
      key: 'cursor',
      value: 'k',
    });
    expect(accepted.map((a) => a.seq)).to.deep.equal([1, 2]);
    expect(await context.state.get('cursor')).to.equal('k');
    expect(await store.channelState('probe').get('cursor')).to.equal('k');
    expect(await store.channelState('other').get('cursor')).to.equal(undefined);
  });

  it('gets replies as many at once as it takes, resumed ones too, and is counted', async () => {
    const sent: string[][] = [];
    const { channel, context, definition } = await opened(sent);
    const open = new Map<string, OpenChannel>([['probe', channel]]);
    const registry = new Registry();
    const metrics = createMetrics(registry, store, { faults: () => [] }, open);
    expect(await registry.metrics()).to.include('yingda_channel_ok{channel="probe"} 1');
    workers.push(
      store.inbox.work(async (claim) => {
        const replies = ['a', 'b', 'c'].map((text) => ({ from: 'bot', text }) as const);
        await claim.commit({ session: {}, replies, push: true, tickets: [] });
        signals.ended('probe:default:c', claim.inbound.id);
      }),
    );
    const ended = context.turnEnded('probe:default:c', 'm1', 5000);
    await context.accept(message('m1'));
    expect(await ended).to.equal(true);
    expect(await registry.metrics()).to.include('yingda_outbox_open 3');
    const channels = new Map([['probe', definition]]);
    workers.push(startDelivery({ store, clock, logger, open, channels, metrics }));
    for (let n = 0; n < 500 && (await store.outbox.backlog()) > 0; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(sent).to.deep.equal([['a', 'b'], ['c']]);
    expect(await context.resume('probe:default:c', 'm1')).to.equal(0);
    metrics.undelivered('probe', 'quota');
    const text = await registry.metrics();
    expect(text).to.include('yingda_channel_ok{channel="probe"} 0');
    expect(text).to.include('yingda_undelivered_total{channel="probe",reason="quota"} 1');
  });
});
