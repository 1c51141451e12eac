import { OutsideError } from '../../src/errors.ts';
import type { ContentDirs } from '../content.ts';
import { freePort } from '../server-process.ts';
import { seeded } from '../stats.ts';
import { Customer } from './customer.ts';
import { isClean, together, type Verdict } from './oracle.ts';
import { Phoenix } from './phoenix.ts';

/** What came of a message that ends the process whenever its turn runs. */
export interface PoisonReport {
  /** Times the process ended and was started again. */
  readonly restarts: number;
  /** Of the conversation that sent the message; its answer must be an apology. */
  readonly sender: Verdict;
  /** Of the conversations beside it. */
  readonly others: Verdict;
  readonly acknowledged: number;
  readonly clean: boolean;
}

/** More restarts than this mean that the message is never set aside. */
const MOST_RESTARTS = 12;
const PATIENCE_MS = 30_000;

/**
 * Sends a message that kills the process, beside conversations that go on talking, and starts the
 * server again whenever it is gone, as a supervisor would, until all is answered.
 */
export async function runPoison(options: {
  readonly conversations: number;
  readonly seed: number;
  readonly dataDir: string;
  /** With the bench's survey and crash dialogs. */
  readonly content: ContentDirs;
}): Promise<PoisonReport> {
  const { seed, dataDir, content } = options;
  const phoenix = new Phoenix({ dataDir, content, port: await freePort() });
  const sender = new Customer('poison', phoenix.connection, seeded(seed));
  const others = Array.from(
    { length: options.conversations },
    (_, i) => new Customer(`beside-${i}`, phoenix.connection, seeded(seed + i + 1)),
  );
  let over = false;
  const isOver = (): boolean => over;
  let restarts = 0;
  await phoenix.rise();
  const supervisor = (async () => {
    while (restarts < MOST_RESTARTS) {
      await phoenix.gone();
      if (isOver()) return;
      restarts += 1;
      // The message may end the process again before it listens.
      await phoenix.rise().catch(() => undefined);
    }
  })();
  const work = async (): Promise<PoisonReport> => {
    await Promise.all([sender, ...others].map((c) => c.begin()));
    const talks = others.map((c) => c.talk(() => over));
    await sender.say({ text: '下单后多久能到？', answer: /2–4/u });
    await sender.say({ text: '崩溃演习', answer: /抱歉/u });
    await sender.say({ text: 'How much is shipping?', answer: /99/u });
    const verdict = await sender.settle(PATIENCE_MS * 2);
    over = true;
    await Promise.all(talks);
    const beside = together(await Promise.all(others.map((c) => c.settle(PATIENCE_MS))));
    return {
      restarts,
      sender: verdict,
      others: beside,
      acknowledged: [sender, ...others].reduce((total, c) => total + c.counts.acknowledged, 0),
      clean: isClean(verdict) && isClean(beside) && restarts > 0,
    };
  };
  try {
    const givenUp = supervisor.then(() => {
      const text = `the message still ends the process after ${restarts} restarts`;
      throw new OutsideError('bench', text, { retryable: false });
    });
    return await Promise.race([work(), givenUp]);
  } finally {
    over = true;
    await phoenix.close();
    await supervisor;
  }
}
