import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { z } from 'zod';
import { readAccounts } from '../../src/channel/accounts.ts';
import { FileError } from '../../src/errors.ts';

const shape = z.object({ name: z.string(), secret: z.string().min(8), mode: z.enum(['a', 'b']) });
const good = { secret: 'swordfish-1', mode: 'a' };

describe('readAccounts', () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'accounts-'));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  async function read(text: string) {
    const file = path.join(dir, 'accounts.json');
    await writeFile(file, text);
    return readAccounts(file, shape);
  }

  /** `[row].field` of every fault. */
  async function faults(value: unknown): Promise<readonly (string | undefined)[]> {
    const error: unknown = await read(JSON.stringify(value)).catch((e: unknown) => e);
    if (!(error instanceof FileError)) throw error;
    expect(error.message).not.to.include('swordfish');
    return error.faults.map((f) => f.key);
  }

  it('reads a list, also with a byte order mark', async () => {
    const list = [
      { ...good, name: 'shop-2' },
      { ...good, name: 'b' },
    ];
    expect(await read(JSON.stringify(list))).to.deep.equal(list);
    expect(await read(`\uFEFF${JSON.stringify(list)}`)).to.deep.equal(list);
  });

  it('names row and field of every fault at once', async () => {
    expect(
      await faults([
        { ...good, name: 'a' },
        { ...good, name: 'a' },
        { ...good, name: 'default' },
        { ...good, name: 'Über' },
        { ...good, name: 'x'.repeat(41) },
        { secret: 'swordfish', mode: 'c' },
        { name: 'f', secret: 'short' },
        { ...good, name: 7 },
        'swordfish',
      ]),
    ).to.deep.equal([
      '[2].name',
      '[3].name',
      '[4].name',
      '[5].name',
      '[6].name',
      '[6].mode',
      '[7].secret',
      '[7].mode',
      '[8].name',
      '[9].name',
      '[9]',
    ]);
  });

  it('says why a file can not be used, without showing what stands in it', async () => {
    for (const text of [
      '',
      '{"name": swordfish}',
      '{}',
      'null',
      '[]',
      `"${'x'.repeat(2 ** 20)}"`,
    ]) {
      const error: unknown = await read(text).catch((e: unknown) => e);
      expect(error).to.be.instanceOf(FileError);
      expect(error).to.have.property('message').that.does.not.include('swordfish');
    }
    const nowhere: unknown = await readAccounts(path.join(dir, 'none'), shape).catch(
      (e: unknown) => e,
    );
    expect(nowhere).to.have.property('message').that.includes('none');
  });

  it('takes anything for accounts or for faults, never for a defect', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const got: unknown = await read(JSON.stringify(value)).catch((e: unknown) => e);
        expect(got).to.be.instanceOf(FileError);
      }),
      { numRuns: 100 },
    );
  });
});
