import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { FileError } from '../../src/errors.ts';
import { YamlFile } from '../../src/knowledge/yaml-file.ts';
import { mergeYaml } from '../../src/knowledge/yaml-merge.ts';

const TEXT = `# The returns desk keeps this file.
- id: a # first
  question: 'quoted'
  alike:
    # how most people ask
    - one
    - two # rare
  answer: |
    several
    lines
- id: b
  question: { zh: 问, en: ask } # both
`;

interface Item {
  id: string;
  question?: unknown;
  alike?: string[];
  answer?: string;
}

describe('YAML files as a lowdb store', () => {
  let dir: string;
  let path: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'yingda-yaml-'));
    path = join(dir, 'faq.yaml');
    await writeFile(path, TEXT);
  });
  afterEach(async () => rm(dir, { recursive: true, force: true }));

  it('an edit keeps comments, quotes, order and everything it did not touch', async () => {
    await new YamlFile(path).update((value) => {
      const items = value as Item[];
      items[0]!.alike!.push('three');
      items[1]!.question = { zh: '问', en: 'ask again' };
    });
    expect(await readFile(path, 'utf8')).to.equal(
      TEXT.replace('    - two # rare\n', '    - two # rare\n    - three\n').replace(
        'en: ask }',
        'en: ask again }',
      ),
    );
  });

  it('comments follow their item when another is taken out before it', async () => {
    await new YamlFile(path).update((value) => (value as Item[]).shift());
    expect(await readFile(path, 'utf8')).to.match(/en: ask \} # both/);
  });

  it('leaves no temporary file, and is really written under NODE_ENV=test', async () => {
    await new YamlFile(path).update((value) => (value as Item[]).push({ id: 'c' }));
    expect(await readdir(dir)).to.deep.equal(['faq.yaml']);
    const ids = (parse(await readFile(path, 'utf8')) as Item[]).map((i) => i.id);
    expect(ids).to.deep.equal(['a', 'b', 'c']);
  });

  it('sees what somebody else wrote in between', async () => {
    const file = new YamlFile(path);
    await file.read();
    await writeFile(path, `${TEXT}- id: c\n`);
    await file.update((value) => (value as Item[]).push({ id: 'd' }));
    const ids = (parse(await readFile(path, 'utf8')) as Item[]).map((i) => i.id);
    expect(ids).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('edits at the same time do not lose each other', async () => {
    const file = new YamlFile(path);
    const ids = Array.from({ length: 20 }, (_, i) => `n${i}`);
    await Promise.all(ids.map((id) => file.update((value) => (value as Item[]).push({ id }))));
    const found = (parse(await readFile(path, 'utf8')) as Item[]).map((i) => i.id);
    expect(found).to.deep.equal(['a', 'b', ...ids]);
  });

  it('a check that throws leaves the file as it was, and the next edit works', async () => {
    const file = new YamlFile(path);
    const refuse = () => {
      throw new FileError([]);
    };
    const push = (value: unknown) => (value as Item[]).push({ id: 'c' });
    const error = await file.update(push, refuse).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(FileError);
    expect(await readFile(path, 'utf8')).to.equal(TEXT);
    await file.update(push);
    expect(await readFile(path, 'utf8')).to.equal(`${TEXT}- id: c\n`);
  });

  it('an alias stays while it says the same, and is written out otherwise', () => {
    const text = 'a: &x { n: 1 }\nb: *x\n';
    expect(mergeYaml(text, { a: { n: 1 }, b: { n: 1 }, c: 3 })).to.equal(`${text}c: 3\n`);
    const merged = mergeYaml(text, { a: { n: 2 }, b: { n: 1 } });
    expect(parse(merged ?? '')).to.deep.equal({ a: { n: 2 }, b: { n: 1 } });
  });

  it('an alias whose anchor an edit takes away is refused', () => {
    expect(mergeYaml('a: &x { n: 1 }\nb: *x\n', { b: { n: 1 } })).to.equal(undefined);
  });

  it('any value can be written over any other', () => {
    const json = fc.jsonValue().map((v) => JSON.parse(JSON.stringify(v)) as unknown);
    fc.assert(
      fc.property(json, json, (before, after) => {
        const merged = mergeYaml(stringify(before), after);
        if (merged !== undefined) expect(parse(merged)).to.deep.equal(after);
        else expect(JSON.stringify(after)).to.match(/__proto__|\\u|�/);
      }),
    );
  });
});
