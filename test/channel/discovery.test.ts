import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { channelEnv } from '../../src/channel/channel-env.ts';
import { discoverChannels } from '../../src/channel/discovery.ts';
import { FileError } from '../../src/errors.ts';

const good = (name: string): string => `export default {
  name: '${name}',
  capabilities: { delivery: 'pull', taps: true },
  env: { required: [], optional: [] },
  open: async () => ({ stop: async () => undefined }),
};`;

describe('discoverChannels', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'yingda-channels-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  async function put(name: string, text: string): Promise<void> {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), text);
  }

  async function faults(): Promise<string> {
    try {
      await discoverChannels(dir);
    } catch (error) {
      expect(error).to.be.instanceOf(FileError);
      return (error as FileError).message;
    }
    return '';
  }

  it('finds the channels that ship', async () => {
    const found = await discoverChannels(path.join(import.meta.dirname, '../../channels'));
    expect(found.map((c) => c.name)).to.include('web');
  });

  it('loads folders in order and leaves the README alone', async () => {
    await put('README.md', '#');
    await put('b/index.ts', good('b'));
    await put('a/index.ts', good('a'));
    expect((await discoverChannels(dir)).map((c) => c.name)).to.deep.equal(['a', 'b']);
  });

  it('names every stray and broken one at once, with the reason', async () => {
    await put('stray.ts', good('stray'));
    await put('empty/readme.txt', '');
    await put('named/index.ts', good('other'));
    await put('broken/index.ts', 'throw new Error("no such cable");');
    await put('shape/index.ts', 'export default { name: "shape", capabilities: {} };');
    const text = await faults();
    expect(text).to.match(/stray\.ts: is not the folder/);
    expect(text).to.match(/empty: has no index\.ts/);
    expect(text).to.match(/named\/index\.ts name: is "other" in a folder called "named"/);
    expect(text).to.match(/broken\/index\.ts: does not load: no such cable/);
    expect(text).to.match(/shape\/index\.ts capabilities\.delivery: the default export/);
  });
});

describe('channelEnv', () => {
  const definition = { name: 'x', env: { required: ['A', 'B'], optional: ['C'] } };

  it('is on with all, off with none, and says what is missing with some', () => {
    expect(channelEnv(definition, { A: '1', B: '2', C: '3', D: '4' })).to.deep.equal({
      on: true,
      values: { A: '1', B: '2', C: '3' },
      faults: [],
    });
    expect(channelEnv(definition, { A: '', C: '3' })).to.include({ on: false });
    const half = channelEnv(definition, { A: '1' });
    expect(half.on).to.equal(false);
    expect(half.faults.map((f) => f.name)).to.deep.equal(['B']);
    expect(half.faults[0]?.fault).to.contain('x channel needs all of A, B');
  });

  it('is always on where nothing is required', () => {
    expect(channelEnv({ name: 'x', env: { required: [], optional: [] } }, {}).on).to.equal(true);
  });
});
