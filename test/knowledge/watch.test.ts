import { rename, rm } from 'node:fs/promises';
import { expect } from 'chai';
import { FileError } from '../../src/errors.ts';
import { createLogger } from '../../src/log.ts';
import type { Knowledge } from '../../src/knowledge/types.ts';
import { watchKnowledge } from '../../src/knowledge/watch.ts';
import type { WatchedKnowledge, WatchOptions } from '../../src/knowledge/watch.ts';
import { HeldClock, NOW, ShopCopy } from './shop.ts';

const DELIVERY = 'faq/delivery.yaml';

describe('watchKnowledge', () => {
  let shop: ShopCopy;
  let log: string;
  let watched: WatchedKnowledge;
  let changes: Knowledge[];

  const start = async (more: Partial<WatchOptions> = {}) => {
    watched = await watchKnowledge({
      dir: shop.dir,
      clock: new HeldClock(),
      logger: createLogger('info', { write: (line) => (log += line) }),
      onChange: (next) => changes.push(next),
      ...more,
    });
  };
  /** Waits until it holds; the test's own time limit ends a wait in vain. */
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const answer = (k = watched.current()) => k.answer('delivery-time', 'zh', 'web', NOW);

  beforeEach(async () => {
    shop = await ShopCopy.make();
    log = '';
    changes = [];
  });
  afterEach(async () => {
    await watched.stop();
    await shop.remove();
  });

  it('serves a change, and whoever holds the version before keeps it whole', async () => {
    await start();
    const before = watched.current();
    await shop.replace(DELIVERY, '一般 2 到 4 天。', '一般 3 天。');
    await until(() => answer() === '一般 3 天。');
    expect(answer(before)).to.equal('一般 2 到 4 天。');
    expect(changes.at(-1)).to.equal(watched.current());
    expect(watched.current().version).not.to.equal(before.version);
  });

  it('serves new files and forgets deleted ones', async () => {
    await start();
    await shop.write('faq/new.yaml', '- { id: new, question: 新问题, answer: 新, status: live }\n');
    await until(() => watched.current().entries.has('new'));
    await rm(shop.path('faq/new.yaml'));
    await until(() => !watched.current().entries.has('new'));
  });

  it('sees a save by temporary file and rename', async () => {
    await start();
    const text = (await shop.read(DELIVERY)).replace('一般 2 到 4 天。', '一般 3 天。');
    await shop.write('faq/.delivery.yaml.tmp', text);
    await rename(shop.path('faq/.delivery.yaml.tmp'), shop.path(DELIVERY));
    await until(() => answer() === '一般 3 天。');
  });

  it('reports a bad file, serves the version before, and recovers', async () => {
    await start();
    const before = watched.current();
    const good = await shop.read(DELIVERY);
    await shop.write(DELIVERY, good.replace('status: live', 'status: alive'));
    await until(() => watched.faults().length > 0);
    expect(watched.current()).to.equal(before);
    expect(watched.faults()[0]).to.include({ line: 7, key: '[0].status' });
    await until(() => log.includes('knowledge has faults'));
    await shop.write(DELIVERY, good.replace('一般 2 到 4 天。', '一般 3 天。'));
    await until(() => answer() === '一般 3 天。');
    expect(watched.faults()).to.deep.equal([]);
  });

  it('a file that came back as it was is no change', async () => {
    await start();
    const good = await shop.read(DELIVERY);
    await shop.write(DELIVERY, '[');
    await watched.reload();
    expect(watched.faults()).to.have.length.above(0);
    await shop.write(DELIVERY, good);
    await watched.reload();
    expect(watched.faults()).to.deep.equal([]);
    expect(changes).to.deep.equal([]);
  });

  it('sees changes by looking, where it is told to', async () => {
    await start({ intervalMs: 50 });
    await shop.replace(DELIVERY, '一般 2 到 4 天。', '一般 3 天。');
    await until(() => answer() === '一般 3 天。');
  });

  it('without watching, a change waits for a reload', async () => {
    await start({ watch: false });
    await shop.replace(DELIVERY, '一般 2 到 4 天。', '一般 3 天。');
    expect(answer()).to.equal('一般 2 到 4 天。');
    await watched.reload();
    expect(answer()).to.equal('一般 3 天。');
  });

  it('edits a file and serves it', async () => {
    await start({ watch: false });
    const next = await watched.update(shop.path(DELIVERY), (value) => {
      (value as { answer: { zh: string } }[])[0]!.answer.zh = '一般 3 天。';
    });
    expect(answer(next)).to.equal('一般 3 天。');
    expect(watched.current()).to.equal(next);
    expect(await shop.read(DELIVERY)).to.include('answer: { zh: 一般 3 天。, en:');
  });

  it('refuses an edit with a fault and names the line', async () => {
    await start({ watch: false });
    const before = await shop.read(DELIVERY);
    const edit = watched.update(shop.path(DELIVERY), (value) => {
      (value as { id: string }[])[1]!.id = 'refund-time';
    });
    const error: unknown = await edit.catch((e: unknown) => e);
    expect(error).to.be.instanceOf(FileError);
    expect((error as FileError).message).to.match(/returns\.yaml:2 .*"refund-time" is also in/);
    expect(await shop.read(DELIVERY)).to.equal(before);
  });

  it('a listener that throws is logged and changes nothing', async () => {
    await start({
      watch: false,
      onChange: () => {
        throw new Error('listener');
      },
    });
    await shop.replace(DELIVERY, '一般 2 到 4 天。', '一般 3 天。');
    await watched.reload();
    expect(answer()).to.equal('一般 3 天。');
    expect(log).to.include('listener');
  });

  it('does not start on faults', async () => {
    await start();
    await shop.write(DELIVERY, '[');
    const again = watchKnowledge({
      dir: shop.dir,
      clock: new HeldClock(),
      logger: createLogger('silent'),
    });
    expect(await again.catch((e: unknown) => e)).to.be.instanceOf(FileError);
  });
});
