import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { layOutContent, provideModels } from '../../bench/content.ts';
import { runWechatKills } from '../../bench/faults/wechat-run.ts';

describe('a server that is killed while customers write on WeChat', function () {
  this.timeout(240_000);
  let root = '';

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'yingda-wechat-kills-'));
  });
  after(() => rm(root, { recursive: true, force: true }));

  it('loses, doubles and disorders nothing on any screen over 6 kills', async () => {
    const content = await layOutContent(join(root, 'content'), ['receipt']);
    const dataDir = join(root, 'data');
    await mkdir(dataDir);
    await provideModels(content, dataDir);
    const report = await runWechatKills({ kills: 6, users: 6, seed: 20_261_124, dataDir, content });
    expect(report.verdict).to.deep.equal({ lost: [], doubled: [], disordered: [], strange: [] });
    expect(report.acknowledged).to.be.greaterThan(6);
  });
});
