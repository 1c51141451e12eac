import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  packVector,
  type PackedVector,
} from '../../../src/understanding/embedding/small-vectors.ts';
import { VectorFile } from '../../../src/understanding/embedding/vector-file.ts';

const vector = (n: number): PackedVector => packVector(Float32Array.of(n, 1, -1));

describe('vector file', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vectors-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('gives back what was added, by text, in another process too', async () => {
    const first = new VectorFile(join(dir, 'models'), 'e1', 3);
    await first.add(
      new Map([
        ['退货', vector(0.5)],
        ['refund', vector(-2)],
      ]),
    );
    await first.add(
      new Map([
        ['refund', vector(3)],
        ['new', vector(4)],
      ]),
    );
    const found = await new VectorFile(join(dir, 'models'), 'e1', 3).read(['退货', 'refund', 'x']);
    expect([...found.keys()]).to.deep.equal(['退货', 'refund']);
    expect(found.get('refund')).to.deep.equal(vector(3));
    expect(found.get('退货')).to.deep.equal(vector(0.5));
  });

  it('keeps encoders apart, by id and by length', async () => {
    await new VectorFile(dir, 'e1', 3).add(new Map([['a', vector(1)]]));
    expect((await new VectorFile(dir, 'e2', 3).read(['a'])).size).to.equal(0);
    expect((await new VectorFile(dir, 'e1', 4).read(['a'])).size).to.equal(0);
  });

  it('takes a damaged file for an empty one and mends it', async () => {
    const file = new VectorFile(dir, 'e1', 3);
    await file.add(new Map([['a', vector(1)]]));
    const [name] = await readdir(dir);
    const path = join(dir, name!);
    const bytes = await readFile(path);
    for (const damaged of [bytes.subarray(0, -1), Buffer.from('x'), Buffer.alloc(0)]) {
      await writeFile(path, damaged);
      expect((await file.read(['a'])).size).to.equal(0);
    }
    bytes[50] = (bytes[50] ?? 0) ^ 1;
    await writeFile(path, bytes);
    expect((await file.read(['a'])).size).to.equal(0);
    await file.add(new Map([['b', vector(2)]]));
    expect((await file.read(['a', 'b'])).size).to.equal(1);
  });

  it('keeps the files of three encoders', async () => {
    for (const id of ['e1', 'e2', 'e3', 'e4', 'e5']) {
      await new VectorFile(dir, id, 3).add(new Map([['a', vector(1)]]));
    }
    expect(await readdir(dir)).to.have.length(3);
    expect((await new VectorFile(dir, 'e5', 3).read(['a'])).size).to.equal(1);
  });

  it('keeps the newest vectors where there are too many', async () => {
    const file = new VectorFile(dir, 'e1', 3);
    const many = (from: number, count: number) =>
      new Map(Array.from({ length: count }, (_, i) => [`t${from + i}`, vector(1)] as const));
    await file.add(many(0, 50_000));
    await file.add(many(50_000, 10));
    const found = await file.read(['t0', 't9', 't10', 't50009']);
    expect([...found.keys()]).to.deep.equal(['t10', 't50009']);
  });
});
