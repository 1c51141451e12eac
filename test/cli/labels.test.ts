import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readLabelled } from '../../src/cli/eval/labelled-file.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { silent } from '../support/content.ts';

const run = promisify(execFile);
const LABELS = join(import.meta.dirname, '../../src/cli/labels.ts');

describe('npm run labels', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'labels-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const labels = (...args: string[]) =>
    run(process.execPath, ['--import=tsx', LABELS, ...args], {
      env: { ...process.env, DATA_DIR: dir },
    });

  it('writes a labelled file while the store is in use', async () => {
    const store = await openEmbeddedStore({
      dataDir: dir,
      clock: { now: () => 5 },
      logger: silent,
    });
    const worker = store.inbox.work((claim) =>
      claim.commit({
        session: {},
        replies: [],
        push: false,
        tickets: [],
        labels: (['zh', 'en'] as const).map((lang) => ({
          text: `${lang} "邮费"`,
          lang,
          entry: 'delivery.cost',
          offered: ['delivery.cost', 'returns.cost'],
          at: 5,
        })),
      }),
    );
    await store.inbox.accept({
      id: 'm',
      address: { channel: 'web', account: 'default', conversation: 'c', user: 'u' },
      content: { kind: 'text', text: 'x' },
      at: 1,
    });
    while (store.inbox.backlog().open > 0) await new Promise((r) => setTimeout(r, 2));
    const { stdout } = await labels();
    const file = join(dir, 'picks.jsonl');
    await writeFile(file, stdout);
    expect(await readLabelled(file)).to.deep.equal([
      { line: 1, text: 'zh "邮费"', intent: 'faq.delivery.cost' },
      { line: 2, text: 'en "邮费"', intent: 'faq.delivery.cost' },
    ]);
    const one = await labels('--lang', 'en');
    expect(JSON.parse(one.stdout)).to.deep.equal({
      text: 'en "邮费"',
      intent: 'faq.delivery.cost',
      lang: 'en',
      at: '1970-01-01T00:00:00.005Z',
      offered: ['delivery.cost', 'returns.cost'],
    });
    await worker.stop();
    await store.close();
  }).timeout(20_000);

  it('says where nothing has been served yet', async () => {
    const failed: unknown = await labels().catch((error: unknown) => error);
    expect(failed).to.have.property('code', 1);
    expect(failed)
      .to.have.property('stderr')
      .that.matches(/yingda\.db is not there/u);
  }).timeout(20_000);

  it('knows two languages', async () => {
    const failed: unknown = await labels('--lang', 'fr').catch((error: unknown) => error);
    expect(failed).to.have.property('code', 2);
    expect(failed).to.have.property('stderr').that.contains('"fr" is not zh or en');
  }).timeout(20_000);
});
