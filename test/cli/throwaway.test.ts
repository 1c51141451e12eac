import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { withThrowaway, type Throwaway } from '../../src/cli/throwaway.ts';
import { conversationKey } from '../../src/store/store.ts';
import { silent } from '../support/content.ts';

const root = join(import.meta.dirname, '../..');
const places = {
  dialogsDir: join(root, 'dialogs'),
  knowledgeDir: join(root, 'knowledge'),
  modelsDir: join(tmpdir(), 'yingda-test-models'),
  logger: silent,
};

/** Folders of ours; others keep caches there. */
const own = async (dir: string): Promise<readonly string[]> =>
  (await readdir(dir)).filter((name) => name.startsWith('yingda-'));

describe('an engine that is thrown away', () => {
  it('takes messages, and leaves nothing behind even where its user fails', async function () {
    this.timeout(60_000);
    const temp = process.env.TMPDIR;
    const empty = join(tmpdir(), `throwaway-${process.pid}`);
    await mkdir(empty, { recursive: true });
    process.env.TMPDIR = empty;
    const seen: string[] = [];
    const use = async ({ store, engine, clock }: Throwaway): Promise<void> => {
      const address = { channel: 'web', account: 'default', conversation: 'c', user: 'u' };
      const ended = engine.signals.wait(conversationKey(address), 'm', 20_000);
      const content = { kind: 'text', text: '我要退货' } as const;
      await store.inbox.accept({ id: 'm', address, content, at: clock.now(), lang: 'zh' });
      await ended;
      seen.push(...(await own(empty)));
      throw new Error('user failed');
    };
    try {
      await withThrowaway(places, use).then(
        () => expect.fail('no failure'),
        (error: unknown) => expect(error).to.have.property('message', 'user failed'),
      );
      expect(seen).to.have.length(1);
      expect(await own(empty)).to.deep.equal([]);
    } finally {
      if (temp === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = temp;
      await rm(empty, { recursive: true, force: true });
    }
  });
});
