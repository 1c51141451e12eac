import { expect } from 'chai';
import { RequestError, StateConflict } from '../../src/errors.ts';
import type { Claim, Store } from '../../src/store/store.ts';
import {
  commitEach,
  drained,
  Hand,
  inbound,
  unit,
  type MakePlace,
  type StorePlace,
} from './store.ts';

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

function tick(ms = 30): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function inboxContract(make: MakePlace): void {
  describe('inbox', () => {
    let place: StorePlace;
    let store: Store;
    let hand: Hand<Claim>;

    beforeEach(async () => {
      place = make();
      store = await place.open();
      hand = new Hand();
    });

    afterEach(async () => {
      hand.letGo();
      await store.close();
      place.remove();
    });

    /** Ends the store with claims in hand, as a crash does, and opens it again. */
    async function crash(): Promise<void> {
      await store.close();
      hand.letGo();
      hand = new Hand();
      store = await place.open();
    }

    it('stores a message once, however often and however parallel it comes', async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => store.inbox.accept(inbound('c', 'm1'))),
      );
      expect(answers.filter((a) => !a.seen)).to.have.length(1);
      expect(answers.every((a) => a.seq === 1)).to.equal(true);
      await store.inbox.accept(inbound('c', 'm2'));
      expect(await store.inbox.accept(inbound('c', 'm1'))).to.deep.equal({ seq: 1, seen: true });
      expect(await store.log.read('web:default:c', 0)).to.have.length(2);
      expect(store.inbox.backlog().open).to.equal(2);
    });

    it('keeps the same id of another channel or account apart', async () => {
      const one = inbound('c', 'm');
      const other = { ...one, address: { ...one.address, account: 'second' } };
      expect((await store.inbox.accept(one)).seen).to.equal(false);
      expect((await store.inbox.accept(other)).seen).to.equal(false);
    });

    it('hands out a conversation in order and one at a time, others beside it', async () => {
      for (const id of ['a1', 'a2', 'a3']) await store.inbox.accept(inbound('a', id));
      await store.inbox.accept(inbound('b', 'b1'));
      store.inbox.work(hand.take);
      const first = await hand.next();
      const second = await hand.next();
      expect([first.inbound.id, second.inbound.id]).to.deep.equal(['a1', 'b1']);
      await tick();
      expect(hand.waiting).to.equal(0);
      await first.commit(unit(1));
      hand.letGo();
      expect((await hand.next()).inbound).to.deep.equal(inbound('a', 'a2'));
    });

    it('lets a conversation with much to do delay others by one message only', async () => {
      const order: string[] = [];
      for (let i = 0; i < 50; i += 1) await store.inbox.accept(inbound('flood', `f${i}`));
      await store.inbox.accept(inbound('calm', 'c1'));
      store.inbox.work(
        async (claim) => {
          order.push(claim.inbound.id);
          await claim.commit(unit(1));
        },
        { concurrency: 1 },
      );
      await drained(store);
      expect(order.indexOf('c1')).to.be.at.most(1);
      expect(order.filter((id) => id.startsWith('f'))).to.deep.equal(
        Array.from({ length: 50 }, (_, i) => `f${i}`),
      );
    });

    it('never runs more at once than it may', async () => {
      let running = 0;
      let most = 0;
      for (let i = 0; i < 12; i += 1) await store.inbox.accept(inbound(`c${i}`, `m${i}`));
      store.inbox.work(
        async (claim) => {
          running += 1;
          most = Math.max(most, running);
          await tick(1);
          running -= 1;
          await claim.commit(unit(1));
        },
        { concurrency: 3 },
      );
      await drained(store);
      expect(most).to.equal(3);
    });

    it('gives each turn the session that the turn before it wrote, as its own copy', async () => {
      const seen: unknown[] = [];
      for (const id of ['m1', 'm2', 'm3']) await store.inbox.accept(inbound('c', id));
      commitEach(store, (claim) => {
        seen.push(claim.session === undefined ? undefined : structuredClone(claim.session));
        if (claim.session !== undefined) Object.assign(claim.session, { n: 'changed in place' });
        return unit(claim.seq);
      });
      await drained(store);
      expect(seen).to.deep.equal([undefined, { n: 1 }, { n: 2 }]);
    });

    it('puts a released message back at the head and waits for its time', async () => {
      await store.inbox.accept(inbound('a', 'a1'));
      await store.inbox.accept(inbound('a', 'a2'));
      store.inbox.work(hand.take);
      const first = await hand.next();
      await first.release(place.clock.now() + 60_000, 'not now');
      hand.letGo();
      await store.inbox.accept(inbound('b', 'b1'));
      expect((await hand.next()).inbound.id).to.equal('b1');
      await tick(150);
      expect(hand.waiting).to.equal(0);
      place.clock.advance(60_000);
      const again = await hand.next();
      expect([again.inbound.id, again.attempts]).to.deep.equal(['a1', 1]);
    });

    it('releases a turn that ends without an end, or throws', async () => {
      let runs = 0;
      await store.inbox.accept(inbound('c', 'm'));
      store.inbox.work(async (claim) => {
        runs += 1;
        if (runs === 1) return;
        if (runs === 2) throw new RangeError('boom');
        expect(claim.attempts).to.equal(2);
        await claim.commit(unit(1));
      });
      for (let i = 0; i < 3; i += 1) {
        await tick(50);
        place.clock.advance(5_000);
      }
      await drained(store);
      expect(runs).to.equal(3);
    });

    it('refuses a second end of a claim', async () => {
      await store.inbox.accept(inbound('c', 'm'));
      store.inbox.work(hand.take);
      const claim = await hand.next();
      const committed = claim.commit(unit(1, ['once']));
      expect(await rejection(claim.release(0, ''))).to.have.property('code', 'defect');
      await committed;
      expect(await rejection(claim.commit(unit(1)))).to.have.property('code', 'defect');
      expect(await store.log.read('web:default:c', 0)).to.have.length(2);
    });

    it('writes nothing of a turn whose session has changed, and runs it on the new one', async () => {
      await store.inbox.accept(inbound('c', 'm1'));
      await store.inbox.accept(inbound('c', 'm2'));
      store.inbox.work(hand.take);
      await (await hand.next()).commit(unit(1));
      hand.letGo();
      const claim = await hand.next();
      place.touchSession('web:default:c');
      const error = await rejection(
        claim.commit(unit(2, ['lost'], { botState: { k: { v: 1 } }, push: true })),
      );
      expect(error).to.be.instanceOf(StateConflict);
      expect(await store.botState.read(['k'])).to.deep.equal({});
      expect(await store.log.read('web:default:c', 0)).to.have.length(2);
      await claim.release(place.clock.now(), 'conflict');
      hand.letGo();
      const again = await hand.next();
      expect(again.attempts).to.equal(1);
      await again.commit(unit(3, ['kept']));
      expect(await store.log.read('web:default:c', 2)).to.have.length(1);
    });

    it('writes all of a turn or nothing', async () => {
      await store.inbox.accept(inbound('c', 'm1'));
      store.inbox.work(hand.take);
      const claim = await hand.next();
      const change = {
        kind: 'change',
        number: '999999',
        state: 'solved',
        event: { at: 1, by: 'bot', kind: 'state', text: '' },
      } as const;
      const broken = unit(1, ['lost'], {
        tickets: [change],
        botState: { k: { v: 1 } },
        push: true,
      });
      expect(await rejection(claim.commit(broken))).to.have.property('code', 'defect');
      expect(await store.log.read('web:default:c', 0)).to.have.length(1);
      expect(await store.botState.read(['k'])).to.deep.equal({});
      await claim.commit(unit(1, ['kept']));
      expect(await store.log.read('web:default:c', 1)).to.have.length(1);
    });

    it('sets a message aside as dead and still writes the turn', async () => {
      await store.inbox.accept(inbound('c', 'm1'));
      await store.inbox.accept(inbound('c', 'm2'));
      commitEach(store, (claim) =>
        claim.seq === 1 ? unit(1, ['sorry'], { dead: 'it threw' }) : unit(2, ['fine']),
      );
      await drained(store);
      const lines = await store.log.read('web:default:c', 0);
      expect(lines.map((l) => (l.kind === 'out' ? l.reply.text : l.inbound))).to.deep.equal([
        'm1',
        'm2',
        'sorry',
        'fine',
      ]);
      await store.close();
      store = await place.open();
      expect(store.inbox.backlog().open).to.equal(0);
      expect((await store.inbox.accept(inbound('c', 'm1'))).seen).to.equal(true);
    });

    it('hands out after a restart what was open before, in order and with its text', async () => {
      for (const id of ['m1', 'm2', 'm3']) await store.inbox.accept(inbound('c', id));
      await store.close();
      store = await place.open();
      const runs: [string, number][] = [];
      commitEach(store, (claim) => {
        runs.push([claim.inbound.id, claim.attempts]);
        expect(claim.inbound).to.deep.equal(inbound('c', claim.inbound.id));
        return unit(claim.seq);
      });
      await drained(store);
      expect(runs).to.deep.equal([
        ['m1', 0],
        ['m2', 0],
        ['m3', 0],
      ]);
    });

    it('counts the runs that a crash cut short, and not those of its neighbours', async () => {
      await store.inbox.accept(inbound('killer', 'k'));
      await store.inbox.accept(inbound('good', 'g'));
      const attempts: number[] = [];
      for (let start = 0; start < 6; start += 1) {
        store.inbox.work(hand.take);
        let claim = await hand.next();
        if (start === 0) await hand.next();
        if (claim.inbound.id !== 'k') claim = await hand.next();
        attempts.push(claim.attempts);
        if (start > 1) {
          // Counted before: it runs with nothing beside it.
          await tick();
          expect(hand.waiting).to.equal(0);
        }
        await crash();
      }
      expect(attempts).to.deep.equal([0, 1, 2, 3, 4, 5]);
      store.inbox.work(hand.take);
      await (await hand.next()).commit(unit(1, [], { dead: 'it ends the process' }));
      hand.letGo();
      const good = await hand.next();
      expect(good.inbound.id).to.equal('g');
      expect(good.attempts).to.be.at.most(2);
    });

    it('refuses new messages with 503 when too many wait, and still knows the old ones', async () => {
      await store.close();
      store = await place.open({ openRows: 5 });
      const answers = await Promise.allSettled(
        Array.from({ length: 8 }, (_, i) => store.inbox.accept(inbound(`c${i}`, `m${i}`))),
      );
      expect(answers.filter((a) => a.status === 'fulfilled')).to.have.length(5);
      const error = await rejection(store.inbox.accept(inbound('c9', 'm9')));
      expect(error).to.be.instanceOf(RequestError);
      expect(error).to.include({ status: 503, code: 'Busy', retryAfter: 5 });
      expect((await store.inbox.accept(inbound('c0', 'm0'))).seen).to.equal(true);
      commitEach(store, () => unit(1));
      await drained(store);
      expect((await store.inbox.accept(inbound('c9', 'm9'))).seen).to.equal(false);
    });

    it('refuses ids that can not be stored as they are', async () => {
      for (const id of ['a\0b', 'a\ud800']) {
        expect(await rejection(store.inbox.accept(inbound('c', id)))).to.include({ status: 400 });
      }
      const text = 'any \0 text \ud800 at all 😀';
      await store.inbox.accept(inbound('c', 'm', text));
      const [line] = await store.log.read('web:default:c', 0);
      expect(line).to.have.nested.property('content.text', text);
    });

    it('tells how much waits and for how long', async () => {
      expect(store.inbox.backlog()).to.deep.equal({ open: 0, oldestMs: 0 });
      await store.inbox.accept(inbound('a', 'm1'));
      place.clock.advance(7_000);
      await store.inbox.accept(inbound('b', 'm2'));
      expect(store.inbox.backlog()).to.deep.equal({ open: 2, oldestMs: 7_000 });
    });

    it('stops when what is in hand has ended and begins nothing more', async () => {
      await store.inbox.accept(inbound('a', 'm1'));
      await store.inbox.accept(inbound('a', 'm2'));
      const worker = store.inbox.work(hand.take);
      const claim = await hand.next();
      let stopped = false;
      const stopping = worker.stop().then(() => (stopped = true));
      await tick();
      expect(stopped).to.equal(false);
      await claim.commit(unit(1));
      hand.letGo();
      await stopping;
      await tick();
      expect(hand.waiting).to.equal(0);
      expect(store.inbox.backlog().open).to.equal(1);
    });
  });
}
