import { expect } from 'chai';
import { createLogger } from '../../src/log.ts';
import { KeyRounds } from '../../src/store/key-rounds.ts';
import { HandClock } from '../contracts/store.ts';

const logger = createLogger('silent');

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe('KeyRounds', () => {
  it('forgets a key that has nothing left', async () => {
    const clock = new HandClock();
    const rounds = new KeyRounds({ clock, logger, run: () => Promise.resolve(undefined) });
    for (let i = 0; i < 100; i += 1) rounds.add(`k${i}`);
    expect(rounds.size).to.equal(100);
    const worker = rounds.start(4);
    await until(() => rounds.size === 0);
    await worker.stop();
  });

  it('runs a key again when work came in while it was busy', async () => {
    let runs = 0;
    const rounds = new KeyRounds({
      clock: new HandClock(),
      logger,
      run: (key) => {
        runs += 1;
        if (runs === 1) rounds.add(key);
        return Promise.resolve(undefined);
      },
    });
    rounds.add('k');
    const worker = rounds.start(1);
    await until(() => rounds.size === 0);
    expect(runs).to.equal(2);
    await worker.stop();
  });

  it('tries a key again some time after a failure of its work', async () => {
    const clock = new HandClock();
    let runs = 0;
    const rounds = new KeyRounds({
      clock,
      logger,
      run: () => {
        runs += 1;
        return runs === 1 ? Promise.reject(new RangeError('boom')) : Promise.resolve(undefined);
      },
    });
    rounds.add('k');
    const worker = rounds.start(1);
    await until(() => runs === 1);
    clock.advance(10_000);
    await until(() => rounds.size === 0);
    expect(runs).to.equal(2);
    await worker.stop();
  });

  it('takes the keys that run alone first, each with nothing beside it', async () => {
    const log: string[] = [];
    const rounds = new KeyRounds({
      clock: new HandClock(),
      logger,
      run: async (key) => {
        log.push(`${key} begins`);
        await new Promise((resolve) => setTimeout(resolve, 3));
        log.push(`${key} ends`);
        return undefined;
      },
    });
    rounds.add('a');
    rounds.add('b');
    rounds.add('x', { alone: true });
    rounds.add('y', { alone: true });
    const worker = rounds.start(8);
    await until(() => rounds.size === 0);
    expect(log.slice(0, 6)).to.deep.equal([
      'x begins',
      'x ends',
      'y begins',
      'y ends',
      'a begins',
      'b begins',
    ]);
    await worker.stop();
  });

  it('can be started once', () => {
    const rounds = new KeyRounds({
      clock: new HandClock(),
      logger,
      run: () => Promise.resolve(undefined),
    });
    rounds.start(1);
    expect(() => rounds.start(1)).to.throw('twice');
  });
});
