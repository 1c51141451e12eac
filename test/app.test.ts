import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadContent, type Content } from '../src/app.ts';
import { FileError } from '../src/errors.ts';
import { NOW, silent } from './support/content.ts';

const ROOT = join(import.meta.dirname, '..');

describe('content', function () {
  this.timeout(60_000);
  let dir: string;
  let content: Content;

  const options = () => ({
    dialogsDir: join(ROOT, 'dialogs'),
    knowledgeDir: join(dir, 'knowledge'),
    modelsDir: join(tmpdir(), 'yingda-test-models'),
    clock: { now: () => NOW },
    logger: silent,
    watch: false,
    texts: ['web.title'],
  });
  const edit = async (file: string, change: (text: string) => string): Promise<void> => {
    const path = join(dir, 'knowledge', file);
    await writeFile(path, change(await readFile(path, 'utf8')));
  };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'yingda-content-'));
    await cp(join(ROOT, 'knowledge'), join(dir, 'knowledge'), { recursive: true });
    content = await loadContent(options());
  });
  afterEach(async () => {
    await content.stop();
    await rm(dir, { recursive: true, force: true });
  });

  for (const [what, file, change, wanted] of [
    [
      'a wording that a channel needs',
      'wording.yaml',
      (t: string) => t.replace(/^ {2}title:/mu, '  titel:'),
      'web.title',
    ],
    [
      'a wording that the engine needs',
      'wording.yaml',
      (t: string) => t.replace(/^welcome:/mu, 'welcom:'),
      'welcome',
    ],
    [
      'a value that a wording is not given',
      'wording.yaml',
      (t: string) => t.replaceAll('{name}', '{nonsense}'),
      'nonsense',
    ],
    [
      'a text that a dialog says',
      'dialogs/return-order.yaml',
      (t: string) => t.replace(/^ {2}opened:/mu, '  openedd:'),
      'opened',
    ],
    [
      'a choice of a slot',
      'dialogs/return-order.yaml',
      (t: string) => t.replace(/^ {6}wrong-item:/mu, '      wrong-itm:'),
      'wrong-item',
    ],
  ] as const) {
    it(`keeps serving the old version where a reload lacks ${what}, and names it`, async () => {
      const before = content.knowledge.current();
      await edit(file, change);
      expect(await content.knowledge.reload()).to.equal(before);
      const faults = content.knowledge.faults().map((f) => `${f.file} ${f.key ?? ''} ${f.fault}`);
      expect(faults.join('\n')).to.include(wanted).and.include(file.split('/').at(-1));
    });
  }

  it('refuses the same at the start', async () => {
    await edit('dialogs/invoice.yaml', (t) => t.replace(/^ {2}opened:/mu, '  openedd:'));
    let refused: unknown;
    try {
      await (await loadContent(options())).stop();
    } catch (error) {
      refused = error;
    }
    expect(refused).to.be.instanceOf(FileError);
    expect(String(refused))
      .to.match(/invoice\.ts:\d+/u)
      .and.include('opened');
  });
});
