import { expect } from 'chai';
import type { Line } from '../../src/message.ts';
import type { Store, Ticket, TicketEvent } from '../../src/store/store.ts';
import { commitEach, drained, inbound, unit, type MakePlace, type StorePlace } from './store.ts';

function ticket(number: string, conversation: string, openedAt: number): Ticket {
  return {
    number,
    kind: 'return',
    subject: '退货 return',
    priority: 'normal',
    state: 'new',
    address: inbound(conversation, '').address,
    lang: 'zh',
    fields: { orderId: '20261101001', photo: null },
    openedAt,
    updatedAt: openedAt,
  };
}

function event(text: string, kind: TicketEvent['kind'] = 'opened'): TicketEvent {
  return { at: 5, by: 'bot', kind, text };
}

export function rowsContract(make: MakePlace): void {
  describe('rows', () => {
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

    it('reads the log by seq and limit', async () => {
      for (let i = 1; i <= 5; i += 1) await store.inbox.accept(inbound('c', `m${i}`));
      const seqs = async (after: number, limit?: number) =>
        (await store.log.read('web:default:c', after, limit)).map((l) => l.seq);
      expect(await seqs(0)).to.deep.equal([1, 2, 3, 4, 5]);
      expect(await seqs(2, 2)).to.deep.equal([3, 4]);
      expect(await seqs(5)).to.deep.equal([]);
    });

    it('tells watchers of one conversation until they end', async () => {
      const seen: number[] = [];
      const also: number[] = [];
      const end = store.log.watch('web:default:c', (lines) =>
        seen.push(...lines.map((l) => l.seq)),
      );
      store.log.watch('web:default:c', () => {
        throw new RangeError('a bad listener');
      });
      store.log.watch('web:default:c', (lines) => also.push(...lines.map((l) => l.seq)));
      await store.inbox.accept(inbound('c', 'm1'));
      await store.inbox.accept(inbound('other', 'm2'));
      await store.inbox.accept(inbound('c', 'm1'));
      end();
      end();
      await store.inbox.accept(inbound('c', 'm3'));
      expect(seen).to.deep.equal([1]);
      expect(also).to.deep.equal([1, 2]);
    });

    it('gives back lines as they were, echo and all', async () => {
      const message = { ...inbound('c', 'm1'), echo: { clientActivityID: 'x' } };
      let watched: readonly Line[] = [];
      store.log.watch('web:default:c', (lines) => (watched = [...watched, ...lines]));
      await store.inbox.accept(message);
      commitEach(store, () => unit(1, ['答 answer']));
      await drained(store);
      expect(await store.log.read('web:default:c', 0)).to.deep.equal(watched);
      expect(watched[0]).to.deep.include({
        kind: 'in',
        echo: { clientActivityID: 'x' },
        at: message.at,
      });
      expect(watched[1]).to.deep.include({ kind: 'out', inbound: 'm1', at: place.clock.now() });
    });

    it('opens a conversation once and binds its first user', async () => {
      const c = { channel: 'web', account: 'default', id: 'c', createdAt: 7 };
      const opened = await store.conversations.open(c);
      expect(opened).to.deep.equal({ ...c, key: 'web:default:c' });
      expect(await store.conversations.open({ ...c, createdAt: 9 })).to.deep.equal(opened);
      const holders = await Promise.all(
        ['ann', 'bob'].map((user) => store.conversations.bind(opened.key, user)),
      );
      expect(holders).to.deep.equal(['ann', 'ann']);
      expect(await store.conversations.get(opened.key)).to.deep.equal({ ...opened, user: 'ann' });
      expect(await store.conversations.get('web:default:none')).to.equal(undefined);
      const missing: unknown = await store.conversations.bind('none', 'x').catch((e: unknown) => e);
      expect(missing).to.include({ status: 404 });
    });

    it('makes and binds the conversation of a first message', async () => {
      await store.inbox.accept(inbound('c', 'm'));
      const found = await store.conversations.get('web:default:c');
      expect(found).to.include({ id: 'c', user: 'user-of-c', createdAt: place.clock.now() });
      await store.conversations.open({ channel: 'web', account: 'default', id: 'd', createdAt: 1 });
      await store.inbox.accept(inbound('d', 'm2'));
      expect(await store.conversations.get('web:default:d')).to.include({ user: 'user-of-d' });
    });

    it('hands out ticket numbers that never come again, over restarts and crashes', async () => {
      const numbers: string[] = [];
      for (let start = 0; start < 3; start += 1) {
        numbers.push(
          ...(await Promise.all(Array.from({ length: 45 }, () => store.tickets.nextNumber()))),
        );
        await store.close();
        store = await place.open();
      }
      expect(new Set(numbers).size).to.equal(135);
      expect(numbers[0]).to.equal('100001');
      expect(numbers.every((n) => /^\d{6,}$/.test(n))).to.equal(true);
    });

    it('writes tickets with their turn and finds them by number, customer and place', async () => {
      const [first, second] = [ticket('100001', 'c', 10), ticket('100002', 'c', 20)];
      await store.inbox.accept(inbound('c', 'm1'));
      await store.inbox.accept(inbound('c', 'm2'));
      commitEach(store, (claim) =>
        unit(1, [], {
          tickets:
            claim.seq === 1
              ? [first, second].map((t) => ({ kind: 'open', ticket: t, event: event(t.subject) }))
              : [
                  {
                    kind: 'change',
                    number: '100001',
                    state: 'solved',
                    event: event('done', 'state'),
                  },
                ],
        }),
      );
      await drained(store);
      expect(await store.tickets.find('100002')).to.deep.equal(second);
      expect(await store.tickets.find('100001')).to.deep.equal({
        ...first,
        state: 'solved',
        updatedAt: 5,
      });
      expect(await store.tickets.find('1')).to.equal(undefined);
      const mine = await store.tickets.ofCustomer(first.address, 1);
      expect(mine.map((t) => t.number)).to.deep.equal(['100002']);
      const here = await store.tickets.ofConversation('web:default:c');
      expect(here.map((t) => t.number)).to.deep.equal(['100001', '100002']);
      const history = await store.tickets.history('100001');
      expect(history).to.deep.equal([event('退货 return'), event('done', 'state')]);
    });

    it('guards bot state by its version', async () => {
      await store.botState.write({ a: { value: { n: 1 } }, b: { value: { n: 1 } } });
      const { a, b } = await store.botState.read(['a', 'b', 'none']);
      await store.botState.write({ a: { value: { n: 2 }, version: a!.version } });
      const stale: unknown = await store.botState
        .write({ b: { value: { n: 9 } }, a: { value: { n: 9 }, version: a!.version } })
        .catch((e: unknown) => e);
      expect(stale).to.have.property('code', 'state-conflict');
      const now = await store.botState.read(['a', 'b']);
      expect(now.b).to.deep.equal(b);
      expect(now.a?.value).to.deep.equal({ n: 2 });
      await store.botState.write({ a: { value: { n: 3 }, version: '*' } });
      await store.botState.delete(['a', 'none']);
      expect(await store.botState.read(['a'])).to.deep.equal({});
    });

    it('does not give a key that was deleted a version that it had', async () => {
      await store.botState.write({ k: { value: { n: 1 } } });
      const before = await store.botState.read(['k']);
      await store.botState.delete(['k']);
      await store.botState.write({ k: { value: { n: 1 } } });
      expect((await store.botState.read(['k'])).k?.version).to.not.equal(before.k?.version);
    });

    it('writes the bot state of a turn with the turn', async () => {
      await store.botState.write({ gone: { value: { n: 1 } } });
      await store.inbox.accept(inbound('c', 'm'));
      commitEach(store, () => unit(1, [], { botState: { gone: null, __proto__x: { n: 2 } } }));
      await drained(store);
      const rows = await store.botState.read(['gone', '__proto__x']);
      expect(Object.keys(rows)).to.deep.equal(['__proto__x']);
    });

    it('keeps the labelled pairs of turns, oldest first, and only the newest of too many', async () => {
      const pair = (n: number) => ({
        text: `邮费 ${n}`,
        lang: 'zh' as const,
        entry: 'delivery.cost',
        offered: ['delivery.cost', 'returns.cost'],
        at: place.clock.now() + n,
      });
      await store.close();
      store = await place.open({ labels: 3 });
      for (let n = 1; n <= 5; n += 1) await store.inbox.accept(inbound('c', `m${n}`));
      commitEach(store, ({ seq }) => unit(1, [], { labels: [pair(seq)] }));
      await drained(store);
      const kept = await store.labels.read();
      expect(kept.map(({ id: _, ...rest }) => rest)).to.deep.equal([3, 4, 5].map(pair));
      const behind = await store.labels.read(kept[0]!.id, 1);
      expect(behind.map((p) => p.text)).to.deep.equal(['邮费 4']);
    });

    it('forgets labelled pairs of more than a year ago', async () => {
      const pair = { text: 'x', lang: 'en' as const, entry: 'e', offered: ['e'] };
      const year = 365 * 86_400_000;
      await store.inbox.accept(inbound('c', 'm1'));
      await store.inbox.accept(inbound('c', 'm2'));
      commitEach(store, ({ seq }) => unit(1, [], { labels: [{ ...pair, at: seq * (year + 1) }] }));
      await drained(store);
      expect((await store.labels.read()).map((p) => p.at)).to.deep.equal([2 * (year + 1)]);
    });

    it('keeps no labelled pair of a turn that was not committed', async () => {
      await store.inbox.accept(inbound('c', 'm1'));
      await store.inbox.accept(inbound('c', 'm2'));
      const label = { text: 'x', lang: 'en' as const, entry: 'e', offered: ['e'], at: 1 };
      let tries = 0;
      store.inbox.work(async (claim) => {
        if (claim.seq === 1) return claim.commit(unit(1));
        tries += 1;
        if (tries === 1) place.touchSession('web:default:c');
        await claim.commit(unit(1, [], { labels: [label] })).catch(() => claim.release(0, 'again'));
      });
      await drained(store);
      expect(tries).to.be.at.least(2);
      expect(await store.labels.read()).to.have.length(1);
    });

    it('answers the probe while it is open and refuses everything after its close', async () => {
      await store.probe();
      await store.close();
      await store.close();
      const refused: unknown = await store.probe().catch((e: unknown) => e);
      expect(refused).to.have.property('code', 'defect');
      store = await place.open();
    });
  });
}
