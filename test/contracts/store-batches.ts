/** Replies handed over several at once, those that were interrupted, and what operators see of them. */
import { expect } from 'chai';
import type { Delivery, Store, Worker } from '../../src/store/store.ts';
import { commitEach, drained, inbound, unit, type MakePlace, type StorePlace } from './store.ts';

type Batch = readonly Delivery[];

function textOf({ line }: Delivery): string {
  return line.kind === 'out' ? line.reply.text : '';
}

function tick(ms = 30): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let n = 0; n < 1000 && !(await holds()); n += 1) await tick(2);
  expect(await holds()).to.equal(true);
}

export function batchContract(make: MakePlace): void {
  describe('outbox in batches', () => {
    let place: StorePlace;
    let store: Store;
    let turns: Worker;
    /** Texts of each batch, with the attempts of each reply. */
    let got: (readonly string[])[];
    let release: (() => void)[];

    beforeEach(async () => {
      place = make();
      await start();
    });

    afterEach(async () => {
      for (const end of release) end();
      await store.close();
      place.remove();
    });

    async function start(): Promise<void> {
      store = await place.open();
      got = [];
      release = [];
      turns = commitEach(store, ({ inbound: { content } }) =>
        unit(1, content.kind === 'text' ? content.text.split(' ') : [], { push: true }),
      );
    }

    /** A turn of this message whose replies are these. */
    async function say(conversation: string, id: string, ...texts: string[]): Promise<void> {
      await store.inbox.accept(inbound(conversation, id, texts.join(' ')));
      await drained(store);
    }

    function deliver(handle: (batch: Batch) => Promise<void>, size = 3): void {
      store.outbox.work(
        (batch) => {
          got.push(batch.map((d) => `${textOf(d)}${d.attempts === 0 ? '' : `+${d.attempts}`}`));
          return handle(batch);
        },
        { batch: (channel) => (channel === 'web' ? size : 1) },
      );
    }

    async function sendAll(batch: Batch): Promise<void> {
      for (const delivery of batch) await delivery.sent();
    }

    /** Holds every batch for ever, as a process does that is about to be killed. */
    function hold(): Promise<void> {
      return new Promise((resolve) => release.push(resolve));
    }

    async function restart(): Promise<void> {
      await store.close();
      for (const end of release) end();
      await turns.stop();
      await start();
    }

    it('hands over those of one conversation in order, as many as asked for', async () => {
      await say('c', 'm1', 'a', 'b');
      await say('c', 'm2', 'c', 'd');
      await say('e', 'm3', 'x');
      deliver(sendAll);
      await until(async () => (await store.outbox.backlog()) === 0);
      const of = (texts: string) => got.filter((batch) => texts.includes(batch[0] ?? '?'));
      expect(of('abcd')).to.deep.equal([['a', 'b', 'c'], ['d']]);
      expect(of('x')).to.deep.equal([['x']]);
    });

    it('puts those that were not ended back at once, without counting a try', async () => {
      await say('c', 'm1', 'a', 'b', 'c', 'd', 'e');
      deliver(async ([first]) => first?.sent(), 5);
      await until(async () => (await store.outbox.backlog()) === 0);
      expect(got).to.deep.equal([
        ['a', 'b', 'c', 'd', 'e'],
        ['b', 'c', 'd', 'e'],
        ['c', 'd', 'e'],
        ['d', 'e'],
        ['e'],
      ]);
    });

    it('calls all of them unknown where none was ended, and does not ask again', async () => {
      await say('c', 'm1', 'a', 'b');
      deliver(() => Promise.resolve());
      await until(async () => (await store.outbox.undelivered()).length === 2);
      await tick();
      expect(got).to.deep.equal([['a', 'b']]);
      const rows = await store.outbox.undelivered();
      expect(rows.map((r) => r.state)).to.deep.equal(['unknown', 'unknown']);
    });

    it('calls those that a failing handler left unknown', async () => {
      await say('c', 'm1', 'a', 'b');
      deliver(async ([first]) => {
        await first?.sent();
        throw new RangeError('boom');
      });
      await until(async () => (await store.outbox.undelivered()).length === 1);
      const [row] = await store.outbox.undelivered();
      expect(row).to.include({ state: 'unknown', error: 'boom' });
      expect(row?.reply.text).to.equal('b');
      expect(await store.outbox.backlog()).to.equal(0);
    });

    it('stops at a reply that waits for its time, and keeps the order behind it', async () => {
      await say('c', 'm1', 'a', 'b', 'c');
      let tries = 0;
      deliver(async ([a, b, c]) => {
        tries += 1;
        await a?.sent();
        if (tries === 1) await b?.retry(place.clock.now() + 5_000, 'busy');
        else await b?.sent();
        await c?.sent();
      }, 2);
      await tick(150);
      expect(got).to.deep.equal([['a', 'b']]);
      place.clock.advance(5_000);
      await until(async () => (await store.outbox.backlog()) === 0);
      expect(got.slice(1)).to.deep.equal([['b+1', 'c']]);
    });

    it('does not mix the replies of two people in one conversation', async () => {
      const message = inbound('room', 'm1', 'a b');
      await store.inbox.accept(message);
      const address = { ...message.address, user: 'other' };
      await store.inbox.accept({ ...inbound('room', 'm2', 'c d'), address });
      await drained(store);
      const users: string[] = [];
      deliver(async (batch) => {
        users.push(batch[0]?.address.user ?? '');
        await sendAll(batch);
      }, 9);
      await until(async () => (await store.outbox.backlog()) === 0);
      expect(got).to.deep.equal([
        ['a', 'b'],
        ['c', 'd'],
      ]);
      expect(users).to.deep.equal(['user-of-room', 'other']);
    });

    it('resumes what a crash interrupted, for the message that asks and no other', async () => {
      await say('c', 'm1', 'a', 'b');
      await say('d', 'm2', 'x');
      deliver(hold);
      await until(() => got.length === 2);
      await restart();
      expect((await store.outbox.undelivered()).map((r) => r.state)).to.have.length(3);
      await say('c', 'm3', 'later');
      deliver(sendAll);
      await until(async () => (await store.outbox.backlog()) === 0);
      expect(got).to.deep.equal([['later']]);
      expect(await store.outbox.resume('web:default:c', 'm3')).to.equal(0);
      expect(await store.outbox.resume('web:default:d', 'm1')).to.equal(0);
      expect(await store.outbox.resume('web:default:c', 'm1')).to.equal(2);
      await until(() => got.length === 2);
      expect(got[1]).to.deep.equal(['a+1', 'b+1']);
      await until(async () => (await store.outbox.undelivered()).length === 1);
      expect(await store.outbox.resume('web:default:c', 'm1')).to.equal(0);
    });

    it('resumes even where a later reply waits for its time', async () => {
      await say('c', 'm1', 'a');
      deliver(hold);
      await until(() => got.length === 1);
      await restart();
      await say('c', 'm2', 'b');
      deliver(async ([reply]) => {
        if (reply && textOf(reply) === 'b') await reply.retry(place.clock.now() + 60_000, 'busy');
        else await reply?.sent();
      }, 1);
      await until(() => got.length === 1);
      await tick();
      expect(await store.outbox.resume('web:default:c', 'm1')).to.equal(1);
      await until(() => got.length > 1);
      expect(got[1]).to.deep.equal(['a+1']);
    });

    it('does not resume what was unknown for another reason, nor what is dead', async () => {
      await say('c', 'm1', 'a', 'b', 'c');
      deliver(async ([a, b, c]) => {
        await a?.unknown('timed out');
        await b?.dead('refused');
        await c?.sent();
      });
      await until(async () => (await store.outbox.backlog()) === 0);
      expect(await store.outbox.resume('web:default:c', 'm1')).to.equal(0);
    });

    it('lists what was not delivered, newest first, and counts what waits', async () => {
      await say('c', 'm1', 'a', 'b', 'c', 'd');
      expect(await store.outbox.backlog()).to.equal(4);
      deliver(async ([a, b, c, d]) => {
        await a?.dead('refused');
        place.clock.advance(1_000);
        await b?.unknown('timed out');
        place.clock.advance(1_000);
        await c?.dead('gone');
        await d?.sent();
      }, 4);
      await until(async () => (await store.outbox.backlog()) === 0);
      const rows = await store.outbox.undelivered();
      expect(rows.map((r) => [r.reply.text, r.state, r.error])).to.deep.equal([
        ['c', 'dead', 'gone'],
        ['b', 'unknown', 'timed out'],
        ['a', 'dead', 'refused'],
      ]);
      expect(rows[0]?.address).to.deep.equal(inbound('c', '').address);
      expect(rows[0]?.at).to.equal(place.clock.now());
      expect((await store.outbox.undelivered(2)).map((r) => r.reply.text)).to.deep.equal([
        'c',
        'b',
      ]);
    });
  });
}
