import { expect } from 'chai';
import { inThread } from '../../src/understanding/thread.ts';

/** A module of these statements, with the thread's port and its task. */
const entry = (statements: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(
      `import { parentPort as port, workerData } from 'node:worker_threads';${statements}`,
    )}`,
  );
const never = new AbortController().signal;
const second = (n: unknown): number | undefined => (Number(n) > 1 ? Number(n) : undefined);
const failureOf = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => expect.fail('no failure'),
    (cause: unknown) => cause,
  );

describe('a thread', () => {
  it('gives the first message that is an answer', async () => {
    const counts = entry('for (const n of [1, workerData.task, 3]) port.postMessage(n);');
    expect(await inThread(counts, 2, never, second)).to.equal(2);
  });

  it('tells what went wrong in it, or that it ended without an answer', async () => {
    const broken = failureOf(inThread(entry(`throw new Error('broken')`), 0, never, second));
    expect(await broken)
      .to.be.an('error')
      .with.property('message', 'broken');
    const silent = failureOf(inThread(entry('process.exit(3);'), 0, never, second));
    expect(await silent)
      .to.have.property('message')
      .that.includes('code 3');
  });

  it('is not started, or ended, where nobody waits any more', async () => {
    const hangs = entry('setInterval(() => {}, 1000);');
    expect(await failureOf(inThread(hangs, 0, AbortSignal.abort('early'), second))).to.equal(
      'early',
    );
    const late = new AbortController();
    const failure = failureOf(inThread(hangs, 0, late.signal, second));
    late.abort('late');
    expect(await failure).to.equal('late');
  });
});
