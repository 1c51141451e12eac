import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { layOutContent, provideModels, type ContentDirs } from '../../bench/content.ts';
import { runKills } from '../../bench/faults/kill-run.ts';
import { isClean } from '../../bench/faults/oracle.ts';
import { runPoison } from '../../bench/faults/poison-run.ts';

const SEED = 20_261_122;

describe('a server that is killed under load', function () {
  this.timeout(180_000);
  let root = '';
  let content: ContentDirs;

  async function folder(name: string): Promise<string> {
    const dataDir = join(root, name);
    await mkdir(dataDir);
    await provideModels(content, dataDir);
    return dataDir;
  }

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'yingda-kills-'));
    content = await layOutContent(join(root, 'content'), ['survey', 'crash']);
  });

  after(() => rm(root, { recursive: true, force: true }));

  it('answers every acknowledged message exactly once, in order, over 20 kills', async () => {
    const run = async (group: number) =>
      runKills({
        content,
        kills: 10,
        conversations: 6,
        seed: SEED + group,
        dataDir: await folder(`kills-${group}`),
      });
    for (const report of await Promise.all([run(1), run(2)])) {
      expect(report.verdict).to.satisfy(isClean, JSON.stringify(report.verdict));
      expect(report.renamed).to.deep.equal([]);
      expect(report.ownEnds).to.deep.equal([]);
      expect(report.acknowledged).to.be.greaterThan(20);
    }
  });

  it('sets a message aside that ends the process each time, and serves the others', async () => {
    const dataDir = await folder('poison');
    const report = await runPoison({ content, conversations: 3, seed: SEED, dataDir });
    expect(report.sender).to.satisfy(isClean, JSON.stringify(report.sender));
    expect(report.others).to.satisfy(isClean, JSON.stringify(report.others));
    expect(report.restarts).to.be.within(1, 6);
  });
});
