import { expect } from 'chai';
import fc from 'fast-check';
import {
  Windows,
  type Holder,
  type Later,
  type Manner,
  type Passive,
} from '../../../channels/wechat/passive.ts';

/** Time that a test moves. */
class Time {
  now = 0;
  readonly #due: { at: number; run: () => void }[] = [];

  readonly later: Later = (ms, run) => {
    const one = { at: this.now + ms, run };
    this.#due.push(one);
    return () => {
      const i = this.#due.indexOf(one);
      if (i !== -1) this.#due.splice(i, 1);
    };
  };

  get pending(): number {
    return this.#due.length;
  }

  /** Runs what is due, each in its moment, and what follows from it. */
  async to(until: number): Promise<void> {
    for (;;) {
      await settle();
      this.#due.sort((a, b) => a.at - b.at);
      const [next] = this.#due;
      if (next === undefined || next.at > until) break;
      this.#due.shift();
      this.now = next.at;
      next.run();
    }
    this.now = until;
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
}

/** A request of WeChat's, as the channel sees it. */
class Request implements Holder {
  readonly gone: Promise<void>;
  got: Passive | undefined;
  /** Age at which it was answered. */
  gotAfter = 0;
  dropped = false;
  cut = false;
  readonly #age: () => number;
  #end: () => void = () => undefined;

  constructor(age: () => number = () => 0) {
    this.#age = age;
    this.gone = new Promise((resolve) => (this.#end = resolve));
  }

  answer(passive: Passive): Promise<boolean> {
    if (this.got !== undefined || this.cut || this.dropped) return Promise.resolve(false);
    this.got = passive;
    this.gotAfter = this.#age();
    this.#end();
    return Promise.resolve(true);
  }

  drop(): void {
    this.dropped = true;
    this.#end();
  }

  /** WeChat gives it up. */
  giveUp(): void {
    if (this.got === undefined) this.cut = true;
    this.#end();
  }
}

const TEXT: Passive = { kind: 'text', text: 'answer' };
const SUCCESS: Passive = { kind: 'success' };
const THINKING: Passive = { kind: 'text', text: 'thinking' };
const quick: Manner = { patient: false, atLast: () => Promise.resolve() };
const patient: Manner = {
  patient: true,
  atLast: async (answer) => {
    await answer(THINKING);
  },
};

describe('wechat windows', () => {
  let time: Time;
  let windows: Windows;
  beforeEach(() => {
    time = new Time();
    windows = new Windows({ later: time.later, now: () => time.now });
  });

  function enter(manner: Manner, { accepted = true } = {}): Request {
    const request = new Request();
    windows.enter('m', request, manner);
    if (accepted) windows.accepted('m');
    return request;
  }

  it('answers with what is offered in time', async () => {
    const request = enter(quick);
    await time.to(4499);
    expect(request.got).to.be.undefined;
    expect(await windows.offer('m', TEXT)).to.be.true;
    expect(request.got).to.equal(TEXT);
    expect(await windows.offer('m', TEXT)).to.be.false;
    expect(time.pending).to.equal(0);
  });

  it('answers success at 4.5 s, and nothing after it', async () => {
    const request = enter(quick);
    await time.to(4500);
    expect(request.got).to.deep.equal(SUCCESS);
    expect(windows.isOpen('m')).to.be.false;
    expect(await windows.offer('m', TEXT)).to.be.false;
  });

  it('does not acknowledge before the message is stored, and then at once', async () => {
    const request = enter(quick, { accepted: false });
    await time.to(6000);
    expect(request.got).to.be.undefined;
    windows.accepted('m');
    await settle();
    expect(request.got).to.deep.equal(SUCCESS);
  });

  it('a message that can’t be stored begins anew at its next try', async () => {
    const first = enter(quick, { accepted: false });
    windows.refused('m', first);
    expect(first.got).to.be.undefined;
    const second = new Request();
    expect(windows.enter('m', second, quick)).to.deep.equal({ accepted: false, over: false });
    windows.accepted('m');
    expect(await windows.offer('m', TEXT)).to.be.true;
    expect(second.got).to.equal(TEXT);
  });

  it('a refusal does not end the newer try that has the message in hand', async () => {
    const first = enter(quick, { accepted: false });
    const second = enter(quick, { accepted: false });
    expect(first.dropped).to.be.true;
    windows.refused('m', first);
    windows.accepted('m');
    expect(await windows.offer('m', TEXT)).to.be.true;
    expect(second.got).to.equal(TEXT);
  });

  it('an answer waits for the next try of a request that was cut', async () => {
    const first = enter(quick);
    first.giveUp();
    await settle();
    const offered = windows.offer('m', TEXT);
    await time.to(3000);
    const second = new Request();
    windows.enter('m', second, quick);
    expect(await offered).to.be.true;
    expect(second.got).to.equal(TEXT);
  });

  it('and gives up where none comes within 6 s', async () => {
    enter(quick).giveUp();
    await time.to(2000);
    let left: boolean | undefined;
    void windows.offer('m', TEXT).then((is) => (left = is));
    await time.to(5999);
    expect(left).to.be.undefined;
    await time.to(6000);
    expect(left).to.be.false;
    const late = new Request();
    expect(windows.enter('m', late, quick).over).to.be.true;
    expect(late.got).to.deep.equal(SUCCESS);
  });

  it('holds two tries and speaks at the end of the third', async () => {
    const first = enter(patient);
    await time.to(5000);
    first.giveUp();
    const second = enter(patient);
    await time.to(10_000);
    second.giveUp();
    const third = enter(patient);
    await time.to(14_499);
    expect([first.got, second.got, third.got]).to.deep.equal([undefined, undefined, undefined]);
    await time.to(14_500);
    expect(third.got).to.equal(THINKING);
    expect(await windows.offer('m', TEXT)).to.be.false;
  });

  it('counts the tries that an earlier process has seen', async () => {
    const third = new Request();
    windows.enter('m', third, patient);
    windows.accepted('m', 3);
    await time.to(4500);
    expect(third.got).to.equal(THINKING);
  });

  it('ends a patient request that WeChat does not cut', async () => {
    const first = enter(patient);
    await time.to(6500);
    expect(first.dropped).to.be.true;
    expect(windows.isOpen('m')).to.be.true;
  });

  it('says nothing on a connection that WeChat must have cut', async () => {
    const first = enter(patient);
    await time.to(5200);
    const offered = windows.offer('m', TEXT);
    await settle();
    expect(first.dropped).to.be.true;
    const second = new Request();
    windows.enter('m', second, patient);
    expect(await offered).to.be.true;
    expect(second.got).to.equal(TEXT);
  });

  it('an answer in the last moment is given again where WeChat asks again; an earlier one is not', async () => {
    enter(quick);
    await time.to(4100);
    await windows.offer('m', TEXT);
    const [second, third] = [new Request(), new Request()];
    windows.enter('m', second, quick);
    windows.enter('m', third, quick);
    expect(second.got).to.equal(TEXT);
    expect(third.got).to.deep.equal(SUCCESS);

    const early = new Request();
    windows.enter('n', early, quick);
    windows.accepted('n');
    await time.to(4200);
    await windows.offer('n', TEXT);
    const again = new Request();
    windows.enter('n', again, quick);
    expect(again.got).to.deep.equal(SUCCESS);
  });

  it('is closed by a turn without replies', () => {
    const request = enter(quick);
    windows.close('m');
    expect(request.got).to.deep.equal(SUCCESS);
  });

  it('forgets a message after a minute', async () => {
    enter(quick);
    windows.close('m');
    await time.to(61_000);
    windows.enter('other', new Request(), quick);
    const again = new Request();
    expect(windows.enter('m', again, quick)).to.deep.equal({ accepted: false, over: false });
  });

  it('stop ends all of it', async () => {
    const stored = enter(quick);
    const unstored = new Request();
    windows.enter('n', unstored, quick);
    windows.stop();
    await settle();
    expect(stored.got).to.deep.equal(SUCCESS);
    expect(unstored.dropped).to.be.true;
    const late = enter(quick);
    await settle();
    expect(late.got).to.deep.equal(SUCCESS);
    expect(time.pending).to.equal(0);
  });

  it('whatever the order of things, an answer is shown once or reported as not shown', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          isPatient: fc.boolean(),
          answerAt: fc.integer({ min: 0, max: 20_000 }),
          cuts: fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 1, max: 5000 }))),
          gaps: fc.tuple(...[0, 1].map(() => fc.integer({ min: 0, max: 2000 }))),
          copies: fc.array(fc.integer({ min: 0, max: 15_000 }), { maxLength: 3 }),
          acceptMs: fc.integer({ min: 0, max: 6000 }),
        }),
        async ({ isPatient, answerAt, cuts, gaps, copies, acceptMs }) => {
          time = new Time();
          windows = new Windows({ later: time.later, now: () => time.now });
          const manner = isPatient ? patient : quick;
          const requests: Request[] = [];
          const at = (ms: number, run: () => void): void => void time.later(ms, run);
          /** WeChat's try: cut when its time is over, and then made again. */
          function attempt(i: number): void {
            const from = time.now;
            const request = new Request(() => time.now - from);
            requests.push(request);
            const entered = windows.enter('m', request, manner);
            if (!entered.over && !entered.accepted) at(acceptMs, () => windows.accepted('m'));
            at(cuts[i] ?? 5000, () => {
              const answered = request.got !== undefined;
              request.giveUp();
              if (!answered && i < 2) at(gaps[i] ?? 0, () => attempt(i + 1));
            });
          }
          attempt(0);
          for (const copy of copies) {
            at(copy, () => {
              const from = time.now;
              const request = new Request(() => time.now - from);
              requests.push(request);
              windows.enter('m', request, manner);
            });
          }
          let left: boolean | undefined;
          at(answerAt, () => void windows.offer('m', TEXT).then((is) => (left = is)));
          await time.to(100_000);
          const shown = requests.filter((r) => r.got === TEXT).length;
          expect(left).to.be.a('boolean');
          // Once more only where it left in the last moment.
          const inTime = requests.every((r) => r.got?.kind !== 'text' || r.gotAfter < 4050);
          expect(shown).to.be.within(left === true ? 1 : 0, left !== true ? 0 : inTime ? 1 : 2);
          const texts = new Set(requests.filter((r) => r.got?.kind === 'text').map((r) => r.got));
          expect(texts.size).to.be.at.most(1);
          for (const r of requests) {
            expect(r.got !== undefined || r.cut || r.dropped).to.be.true;
          }
          windows.stop();
          expect(time.pending).to.equal(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
