import { expect } from 'chai';
import fc from 'fast-check';
import type { Line } from '../../src/message.ts';
import type { Claim, Store, Worker } from '../../src/store/store.ts';
import { drained, inbound, unit, type MakePlace, type StorePlace } from './store.ts';

const CONVERSATIONS = ['a', 'b', 'c'];

type Step =
  | { readonly kind: 'accept'; readonly conversation: string; readonly id: number }
  | { readonly kind: 'pause' }
  | { readonly kind: 'reopen' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('accept' as const),
      conversation: fc.constantFrom(...CONVERSATIONS),
      id: fc.nat(8),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: 'pause' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' } as const) },
);

/** How a turn goes: with so many replies, or -1: released and run again. */
const turn = fc.integer({ min: -1, max: 3 });

/** Runs one history and keeps what a client of each conversation would have seen. */
class History {
  readonly #place: StorePlace;
  readonly #turns: number[];
  readonly #busy = new Set<string>();
  readonly watched = new Map<string, Line[]>(CONVERSATIONS.map((c) => [c, []]));
  readonly accepted = new Map<string, number>();
  readonly replies = new Map<string, number>();
  readonly faults: string[] = [];
  store!: Store;
  #worker!: Worker;

  constructor(place: StorePlace, turns: readonly number[]) {
    this.#place = place;
    this.#turns = [...turns];
  }

  async open(): Promise<void> {
    this.store = await this.#place.open();
    for (const [conversation, seen] of this.watched) {
      this.store.log.watch(`web:default:${conversation}`, (lines) => seen.push(...lines));
    }
    this.#worker = this.store.inbox.work((claim) => this.#turn(claim));
  }

  async reopen(): Promise<void> {
    await this.#worker.stop();
    await this.store.close();
    await this.open();
  }

  async accept(conversation: string, n: number): Promise<void> {
    const id = `${conversation}${n}`;
    const { seq, seen } = await this.store.inbox.accept(inbound(conversation, id));
    const before = this.accepted.get(id);
    if (before !== undefined && before !== seq) this.faults.push(`${id} moved ${before} to ${seq}`);
    if (!seen && this.accepted.has(id)) this.faults.push(`${id} was new twice`);
    this.accepted.set(id, seq);
  }

  async #turn(claim: Claim): Promise<void> {
    const { id, address } = claim.inbound;
    if (this.#busy.has(address.conversation))
      this.faults.push(`two turns of ${address.conversation}`);
    if (this.replies.has(id)) this.faults.push(`${id} ran after its commit`);
    const last = claim.session === undefined ? 0 : Number(claim.session.n);
    if (last >= claim.seq) this.faults.push(`${id} ran out of order`);
    this.#busy.add(address.conversation);
    const replies = this.#turns.shift() ?? 1;
    await new Promise((resolve) => setImmediate(resolve));
    this.#busy.delete(address.conversation);
    if (replies < 0) return claim.release(this.#place.clock.now(), 'again');
    const texts = Array.from({ length: replies }, (_, i) => `${id}/${i}`);
    await claim.commit(unit(claim.seq, texts));
    this.replies.set(id, replies);
  }
}

async function play(place: StorePlace, steps: readonly Step[], turns: readonly number[]) {
  const history = new History(place, turns);
  await history.open();
  let running: Promise<void>[] = [];
  for (const s of steps) {
    if (s.kind === 'accept') running.push(history.accept(s.conversation, s.id));
    else if (s.kind === 'pause') await new Promise((resolve) => setTimeout(resolve, 1));
    else {
      await Promise.all(running);
      running = [];
      await history.reopen();
    }
  }
  await Promise.all(running);
  await drained(history.store);
  return history;
}

export function historyContract(make: MakePlace): void {
  it('holds its promises in any history of accepts, turns, releases and restarts', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.array(turn, { maxLength: 30 }),
        async (steps, turns) => {
          const place = make();
          const history = await play(place, steps, turns);
          try {
            expect(history.faults).to.deep.equal([]);
            for (const [conversation, watched] of history.watched) {
              const lines = await history.store.log.read(`web:default:${conversation}`, 0);
              expect(lines.map((l) => l.seq)).to.deep.equal(lines.map((_, i) => i + 1));
              expect(watched).to.deep.equal(lines);
              const ins = lines.filter((l) => l.kind === 'in');
              for (const { inbound: id, seq } of ins) {
                expect(history.accepted.get(id)).to.equal(seq);
                const answers = lines.flatMap((l) =>
                  l.kind === 'out' && l.inbound === id ? [l.reply.text] : [],
                );
                const count = history.replies.get(id) ?? -1;
                expect(answers).to.deep.equal(
                  Array.from({ length: count }, (_, i) => `${id}/${i}`),
                );
              }
              const mine = [...history.accepted.keys()].filter((id) => id.startsWith(conversation));
              expect(ins.map((l) => l.inbound)).to.have.members(mine);
            }
          } finally {
            await history.store.close();
            place.remove();
          }
        },
      ),
      { numRuns: 60 },
    );
  });
}
