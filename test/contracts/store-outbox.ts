import { expect } from 'chai';
import type { Delivery, Store } from '../../src/store/store.ts';
import {
  commitEach,
  drained,
  Hand,
  inbound,
  unit,
  type MakePlace,
  type StorePlace,
} from './store.ts';

function textOf(delivery: Delivery): string {
  return delivery.line.kind === 'out' ? delivery.line.reply.text : '';
}

/** Takes what comes one by one. */
function singly(hand: Hand<Delivery>): (deliveries: readonly Delivery[]) => Promise<void> {
  return async (deliveries) => {
    expect(deliveries).to.have.length(1);
    for (const delivery of deliveries) await hand.take(delivery);
  };
}

function tick(ms = 30): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function outboxContract(make: MakePlace): void {
  describe('outbox', () => {
    let place: StorePlace;
    let store: Store;
    let hand: Hand<Delivery>;

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

    /** Runs one turn that pushes these replies. */
    async function push(conversation: string, ...texts: string[]): Promise<void> {
      await store.inbox.accept(inbound(conversation, `in-${conversation}`));
      commitEach(store, () => unit(1, texts, { push: true }));
      await drained(store);
    }

    async function reopen(): Promise<void> {
      await store.close();
      hand.letGo();
      hand = new Hand();
      store = await place.open();
    }

    it('delivers in order, one at a time, with the address and the stored line', async () => {
      await push('c', 'one', 'two');
      store.outbox.work(singly(hand));
      const first = await hand.next();
      expect(textOf(first)).to.equal('one');
      expect(first.line.seq).to.equal(2);
      expect(first.attempts).to.equal(0);
      expect(first.address).to.deep.equal(inbound('c', '').address);
      await tick();
      expect(hand.waiting).to.equal(0);
      await first.sent('provider-1');
      hand.letGo();
      const second = await hand.next();
      expect(textOf(second)).to.equal('two');
      expect(second.idempotencyKey).to.match(/^[\w-]{16,32}$/);
      expect(second.idempotencyKey).to.not.equal(first.idempotencyKey);
    });

    it('delivers events too, in their place: a channel decides what it does with them', async () => {
      await store.inbox.accept(inbound('c', 'm1'));
      commitEach(store, () => ({
        ...unit(1, ['shown'], { push: true }),
        replies: [
          { from: 'bot', text: '', event: { name: 'handoff.initiate' } },
          { from: 'bot', text: 'shown' },
        ],
      }));
      await drained(store);
      store.outbox.work(singly(hand));
      const event = await hand.next();
      expect(event.line).to.have.nested.property('reply.event.name', 'handoff.initiate');
      await event.sent();
      hand.letGo();
      expect(textOf(await hand.next())).to.equal('shown');
    });

    it('delivers nothing of channels that are read', async () => {
      await store.inbox.accept(inbound('c', 'm1'));
      commitEach(store, () => unit(1, ['shown']));
      await drained(store);
      store.outbox.work(singly(hand));
      await tick();
      expect(hand.waiting).to.equal(0);
      expect(await store.outbox.backlog()).to.equal(0);
    });

    it('tries again at its time with the same key, later replies wait behind it', async () => {
      await push('c', 'one', 'two');
      store.outbox.work(singly(hand));
      const first = await hand.next();
      await first.retry(place.clock.now() + 5_000, 'busy');
      hand.letGo();
      await tick(150);
      expect(hand.waiting).to.equal(0);
      place.clock.advance(5_000);
      const again = await hand.next();
      expect([textOf(again), again.attempts]).to.deep.equal(['one', 1]);
      expect(again.idempotencyKey).to.equal(first.idempotencyKey);
    });

    it('goes on behind a dead or unknown reply, and sends either again when told', async () => {
      await push('c', 'one', 'two', 'three');
      store.outbox.work(singly(hand));
      const one = await hand.next();
      await one.dead('refused');
      hand.letGo();
      const two = await hand.next();
      await two.unknown('timed out');
      hand.letGo();
      const three = await hand.next();
      await three.sent();
      hand.letGo();
      await tick();
      expect(hand.waiting).to.equal(0);
      for (const [id, text] of [
        [two.id, 'two'],
        [one.id, 'one'],
      ] as const) {
        await store.outbox.resend(id);
        const again = await hand.next();
        expect(textOf(again)).to.equal(text);
        await again.sent();
        hand.letGo();
      }
      for (const id of [three.id, 12_345]) {
        const error: unknown = await store.outbox.resend(id).catch((e: unknown) => e);
        expect(error).to.have.property('code').that.is.oneOf(['Conflict', 'NotFound']);
      }
    });

    it('sends what a crash left pending; what was being sent becomes unknown', async () => {
      await push('c', 'one', 'two');
      store.outbox.work(singly(hand));
      const one = await hand.next();
      await reopen();
      store.outbox.work(singly(hand));
      const two = await hand.next();
      expect(textOf(two)).to.equal('two');
      await two.sent();
      hand.letGo();
      await tick();
      expect(hand.waiting).to.equal(0);
      await store.outbox.resend(one.id);
      expect(textOf(await hand.next())).to.equal('one');
    });

    it('takes a handler that fails for an unknown outcome', async () => {
      await push('c', 'one', 'two');
      const tried: string[] = [];
      store.outbox.work(async ([delivery]) => {
        if (delivery === undefined) return;
        tried.push(textOf(delivery));
        if (textOf(delivery) === 'one') throw new RangeError('boom');
        await delivery.sent();
      });
      await tick(60);
      expect(tried).to.deep.equal(['one', 'two']);
    });

    it('refuses a second end of a delivery', async () => {
      await push('c', 'one');
      store.outbox.work(singly(hand));
      const delivery = await hand.next();
      await delivery.sent();
      const error: unknown = await delivery.dead('x').catch((e: unknown) => e);
      expect(error).to.have.property('code', 'defect');
    });
  });
}
