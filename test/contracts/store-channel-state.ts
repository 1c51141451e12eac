/** What channels keep, and messages stored together with it. */
import { expect } from 'chai';
import type { Store } from '../../src/store/store.ts';
import { commitEach, drained, inbound, unit, type MakePlace, type StorePlace } from './store.ts';

export function channelStateContract(make: MakePlace): void {
  describe('state of channels', () => {
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = make();
      store = await place.open();
    });

    afterEach(async () => {
      await store.close();
      place.remove();
    });

    async function reopen(limits?: { openRows?: number }): Promise<void> {
      await store.close();
      store = await place.open(limits);
    }

    it('keeps JSON by channel and key, over a restart', async () => {
      const value = { cursor: '4\u00007', list: [1, null, true, '界😀'], deep: { a: {} } };
      await store.channelState('a').set('cursor', 'first');
      await store.channelState('a').set('cursor', value);
      await store.channelState('b').set('cursor', null);
      await reopen();
      const [a, b] = [store.channelState('a'), store.channelState('b')];
      expect(await a.get('cursor')).to.deep.equal(value);
      expect(await b.get('cursor')).to.equal(null);
      expect(await b.get('other')).to.equal(undefined);
      await a.delete('cursor');
      await a.delete('never was');
      expect(await a.get('cursor')).to.equal(undefined);
      expect(await b.get('cursor')).to.equal(null);
    });

    it('stores messages of one pull in order, each once, with the cursor', async () => {
      await store.inbox.accept(inbound('c', 'm1'));
      const pull = ['m1', 'm2', 'm3', 'm2'].map((id) => inbound('c', id));
      const state = { key: 'cursor', value: 'k1' };
      expect(await store.inbox.acceptAll('web', pull, state)).to.deep.equal([
        { seq: 1, seen: true },
        { seq: 2, seen: false },
        { seq: 3, seen: false },
        { seq: 2, seen: true },
      ]);
      expect(await store.channelState('web').get('cursor')).to.equal('k1');
      const turns: string[] = [];
      commitEach(store, ({ inbound: { id } }) => {
        turns.push(id);
        return unit(1);
      });
      await drained(store);
      expect(turns).to.deep.equal(['m1', 'm2', 'm3']);
    });

    it('moves the cursor of a pull that brought nothing', async () => {
      expect(await store.inbox.acceptAll('web', [], { key: 'k', value: 1 })).to.deep.equal([]);
      expect(await store.channelState('web').get('k')).to.equal(1);
    });

    it('stores nothing of a pull of which one message is refused', async () => {
      const good = inbound('c', 'm1');
      const state = { key: 'cursor', value: 'k1' };
      for (const bad of [
        inbound('c', 'm\u00002'),
        { ...inbound('c', 'm2'), address: { ...good.address, channel: 'sms' } },
      ]) {
        const error: unknown = await store.inbox
          .acceptAll('web', [good, bad], state)
          .catch((e: unknown) => e);
        expect(error).to.be.instanceOf(Error);
      }
      expect(await store.channelState('web').get('cursor')).to.equal(undefined);
      expect(store.inbox.backlog().open).to.equal(0);
      expect(await store.log.read('web:default:c', 0)).to.deep.equal([]);
    });

    it('refuses all of a pull for which there is no room, and takes what was seen', async () => {
      await reopen({ openRows: 3 });
      await store.inbox.accept(inbound('c', 'm1'));
      const state = { key: 'cursor', value: 'k1' };
      const pull = ['m2', 'm3', 'm4'].map((id) => inbound('c', id));
      const error: unknown = await store.inbox
        .acceptAll('web', pull, state)
        .catch((e: unknown) => e);
      expect(error).to.include({ status: 503, code: 'Busy' });
      expect(store.inbox.backlog().open).to.equal(1);
      expect(await store.channelState('web').get('cursor')).to.equal(undefined);
      const fits = ['m1', 'm2', 'm3'].map((id) => inbound('c', id));
      const accepted = await store.inbox.acceptAll('web', fits, state);
      expect(accepted.map((a) => a.seen)).to.deep.equal([true, false, false]);
      const again = await store.inbox.acceptAll('web', fits, { key: 'cursor', value: 'k2' });
      expect(again.map((a) => a.seen)).to.deep.equal([true, true, true]);
      expect(await store.channelState('web').get('cursor')).to.equal('k2');
    });

    it('sees the cursor and its messages together in every transaction', async () => {
      const pulls = Array.from({ length: 20 }, (_, n) =>
        store.inbox.acceptAll('web', [inbound('c', `m${n}`), inbound('d', `n${n}`)], {
          key: 'cursor',
          value: n,
        }),
      );
      await Promise.all(pulls);
      await reopen();
      expect(await store.channelState('web').get('cursor')).to.equal(19);
      expect(store.inbox.backlog().open).to.equal(40);
    });
  });
}
