import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { seeded } from '../../../bench/stats.ts';
import { createWechat } from '../../../channels/wechat/index.ts';
import type { Reply } from '../../../src/message.ts';
import { openChannel } from '../../../src/open-channels.ts';
import { createServer } from '../../../src/server.ts';
import { openEmbeddedStore } from '../../../src/store/embedded.ts';
import { conversationKey } from '../../../src/store/store.ts';
import { startDelivery } from '../../../src/turn/deliver.ts';
import { TurnSignals } from '../../../src/turn/signals.ts';
import type { Phone, Simulator } from '../../../simulators/simulator.ts';
import startWechat from '../../../simulators/wechat/index.ts';
import { silent } from '../../support/content.ts';

const CHOICES = [
  { value: 'a', title: '甲' },
  { value: 'b', title: '乙' },
];

/** What a turn says: text, text with choices, or both. Each names its message. */
function repliesTo(text: string, kind: number): Reply[] {
  const answer = `<${text}>`;
  if (kind === 0) return [{ from: 'bot', text: answer, choices: CHOICES }];
  const ask: Reply = { from: 'bot', text: '请选', choices: CHOICES };
  return kind === 1 ? [{ from: 'bot', text: answer }, ask] : [{ from: 'bot', text: answer }];
}

interface Storm {
  readonly simulator: Simulator;
  /** Waits until nothing is on its way. */
  settled(): Promise<void>;
  /** Texts of replies that operators see as not delivered. */
  listed(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** The channel on a real server and store. Time runs `5000 / resendMs` times as fast as WeChat's. */
async function startStorm(options: {
  resendMs: number;
  turnMs: (text: string) => number;
  fault?: (call: string) => number | undefined;
}): Promise<Storm> {
  const { resendMs, turnMs, fault } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'yingda-storm-'));
  let skew = 0;
  const clock = { now: () => Date.now() + skew };
  const simulator = await startWechat({
    clock,
    resendAfterMs: resendMs,
    ...(fault === undefined ? {} : { fault }),
  });
  const definition = createWechat({
    pace: { holdMs: resendMs * 0.9, cutMs: resendMs, retryMs: resendMs * 1.2 },
  });
  const store = await openEmbeddedStore({ dataDir, clock, logger: silent });
  const server = createServer({
    logger: silent,
    metrics: new Registry(),
    health: () => Promise.resolve([]),
  });
  const signals = new TurnSignals();
  const channel = await openChannel(definition, {
    env: simulator.env,
    store,
    signals,
    router: server,
    clock,
    logger: silent,
    dataDir,
    wording: (key) => key,
  });
  simulator.connect(`http://127.0.0.1:${await server.listen(0, '127.0.0.1')}/channels/wechat`);
  const turns = store.inbox.work(
    async (claim) => {
      const { content } = claim.inbound;
      const text = content.kind === 'text' ? content.text : '';
      await sleep(turnMs(text));
      const replies = text === '' ? [] : repliesTo(text, Number(text.split('-').at(-1)) % 4);
      await claim.commit({ session: {}, replies, push: true, tickets: [] });
      signals.ended(conversationKey(claim.inbound.address), claim.inbound.id);
    },
    { concurrency: 2000 },
  );
  const delivery = startDelivery({
    store,
    clock,
    logger: silent,
    open: new Map([['wechat', channel]]),
    channels: new Map([['wechat', definition]]),
  });
  return {
    simulator,
    async settled() {
      while ((await store.outbox.backlog()) > 0 || store.inbox.backlog().open > 0) {
        // Waits between tries are the clock's, not this machine's.
        skew += 500;
        await sleep(100);
      }
    },
    listed: async () => (await store.outbox.undelivered(10_000)).map((u) => u.reply.text),
    async stop() {
      await channel.stop();
      await Promise.all([server.close(), turns.stop(), delivery.stop()]);
      await store.close();
      await simulator.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function answersOn(phone: Phone): string[] {
  return phone.screen.flatMap((b) => Array.from(b.text.matchAll(/<([\d-]+)>/g), (m) => m[1] ?? ''));
}

describe('wechat: turns that take their time', function () {
  this.timeout(60_000);
  const SECOND = 120;
  let storm: Storm | undefined;
  afterEach(() => storm?.stop());

  for (const seconds of [5, 13, 60]) {
    it(`shows one answer to a turn of ${seconds} s, which comes by call`, async () => {
      storm = await startStorm({ resendMs: 5 * SECOND, turnMs: () => seconds * SECOND });
      const phone = storm.simulator.phone('o1');
      expect(await phone.do({ kind: 'text', text: '1-2' })).to.equal(true);
      await storm.settled();
      expect(phone.screen.map((b) => [b.by, b.text])).to.deep.equal([['active', '<1-2>']]);
    });
  }
});

describe('wechat: 1,000 customers at once', function () {
  this.timeout(180_000);
  let storm: Storm | undefined;
  afterEach(() => storm?.stop());

  it('shows each answer once and in order, with slow turns and one call in twenty refused', async () => {
    const random = seeded(20_261_124);
    const RESEND = 4000;
    storm = await startStorm({
      resendMs: RESEND,
      // One turn in ten is slower than WeChat waits.
      turnMs: () => (random() < 0.1 ? 1.1 * RESEND : random() * 50),
      fault: (call) => (call.includes('custom/send') && random() < 0.05 ? 45011 : undefined),
    });
    const { simulator } = storm;
    const phones = Array.from({ length: 1000 }, (_, i) => simulator.phone(`u${i}`));
    const acknowledged = new Set<string>();
    const waited = new Set<number>();
    await Promise.all(
      phones.map(async (phone, i) => {
        await sleep(random() * 5000);
        const say = async (m: number): Promise<void> => {
          if (await phone.do({ kind: 'text', text: `${i}-${m}` })) acknowledged.add(`${i}-${m}`);
        };
        const first = say(0);
        // Half of them do not wait for the answer to what they said first.
        if (random() < 0.5) {
          await first;
          waited.add(i);
        }
        await Promise.all([first, say(2)]);
      }),
    );
    await storm.settled();
    const listed = (await storm.listed()).join('\n');
    const wrong = phones.flatMap((phone, i) => {
      const shown = answersOn(phone);
      const due = [`${i}-0`, `${i}-2`].filter((a) => acknowledged.has(a));
      const lost = due.filter((a) => !shown.includes(a) && !listed.includes(`<${a}>`));
      const doubled = shown.filter((a, at) => shown.indexOf(a) !== at);
      const late = waited.has(i) && shown[0] === `${i}-2` && shown.length > 1;
      return lost.length + doubled.length === 0 && !late ? [] : [{ i, lost, doubled, late, shown }];
    });
    expect(wrong).to.deep.equal([]);
    expect(acknowledged.size).to.be.greaterThan(1900);
  });
});
