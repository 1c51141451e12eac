import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { openFiles } from '../../src/channel/files.ts';

describe('files that customers sent', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'files-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('keeps nothing of a file whose sender is gone, however soon it went', async () => {
    let next = 0;
    const newId = () => `file-${(next += 1)}-aaaaaaaa`;
    const files = await openFiles({ dataDir: dir, newId, prefix: '/channels/x/files/' });
    const endings = Array.from({ length: 300 }, async (_, i) => {
      const content = Readable.from([Buffer.from('abc')]);
      const kept = files.keep('a.png', 'image/png', content);
      for (let turns = i % 8; turns > 0; turns -= 1) await Promise.resolve();
      if (i % 3 === 0) content.destroy();
      content.destroy();
      return kept.then(
        (attachment) => files.drop([attachment]),
        () => undefined,
      );
    });
    await Promise.all(endings);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await readdir(path.join(dir, 'files'))).to.deep.equal([]);
  });
});
