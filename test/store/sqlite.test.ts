import { expect } from 'chai';
import Database from 'libsql';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GroupCommit } from '../../src/store/group-commit.ts';
import { MetaRows } from '../../src/store/meta-rows.ts';
import { SqliteFile } from '../../src/store/sqlite.ts';

describe('SqliteFile', () => {
  let dir: string;
  let file: SqliteFile;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'yingda-sqlite-'));
    file = await SqliteFile.open(join(dir, 'a.db'));
  });

  afterEach(() => {
    file.close();
    rmSync(dir, { recursive: true });
  });

  const insertSession = (f: SqliteFile) =>
    f.prepare((sql, p: { key: string; doc: string }) =>
      sql.insertInto('session').values({ key: p.key, doc: p.doc, version: 1 }).returning('version'),
    );

  it('syncs each commit to the disk, in a write-ahead log', () => {
    expect(file.raw('PRAGMA synchronous').all()).to.deep.equal([{ synchronous: 2 }]);
    expect(file.raw('PRAGMA journal_mode').all()).to.deep.equal([{ journal_mode: 'wal' }]);
    expect(file.raw('PRAGMA foreign_keys').all()).to.deep.equal([{ foreign_keys: 1 }]);
  });

  it('runs a statement again after it failed', () => {
    const insert = insertSession(file);
    expect(insert.get({ key: 'k', doc: '1' })).to.have.property('version', 1);
    for (let i = 0; i < 2; i += 1) {
      expect(() => insert.get({ key: 'k', doc: '2' })).to.throw('UNIQUE constraint failed');
    }
    expect(insert.get({ key: 'other', doc: '3' })).to.have.property('version', 1);
  });

  it('refuses a value that the engine can not take', () => {
    const insert = insertSession(file);
    expect(() => insert.get({ key: 'k', doc: true as unknown as string })).to.throw('boolean');
    expect(() => insert.get({ key: 'k' } as { key: string; doc: string })).to.throw('undefined');
  });

  it('replaces a NUL instead of losing the text behind it', () => {
    insertSession(file).get({ key: 'k', doc: 'a\0b' });
    const find = file.prepare((sql, p: { key: string }) =>
      sql.selectFrom('session').select('doc').where('key', '=', p.key),
    );
    expect(find.get({ key: 'k' })).to.have.property('doc', 'a\ufffdb');
  });

  it('undoes the work of one savepoint only', () => {
    const meta = new MetaRows(file);
    file.begin();
    file.nested(() => meta.set('kept', 1));
    expect(() =>
      file.nested(() => {
        meta.set('undone', 1);
        throw new RangeError('no');
      }),
    ).to.throw(RangeError);
    file.commit();
    expect([meta.get('kept'), meta.get('undone')]).to.deep.equal([1, undefined]);
  });

  it('opens no transaction by a savepoint where the engine has ended the one there was', () => {
    file.begin();
    file.raw('ROLLBACK').run();
    expect(() => file.nested(() => 1)).to.throw('undone by the engine');
    file.rollback();
  });

  it('fails the writes that a full disk can not take, and goes on when there is room', async () => {
    const group = new GroupCommit(file);
    const meta = new MetaRows(file);
    const insert = insertSession(file);
    const pages = file.raw('PRAGMA page_count').get() as { page_count: number };
    file.raw(`PRAGMA max_page_count = ${pages.page_count + 20}`).get();
    const doc = 'x'.repeat(5_000);
    const write = (key: string) => group.run(() => insert.get({ key, doc }));
    const keys = Array.from({ length: 60 }, (_, i) => `k${i}`);
    const kept: string[] = [];
    for (let i = 0; i < keys.length; i += 6) {
      const some = keys.slice(i, i + 6);
      const results = await Promise.allSettled(some.map(write));
      kept.push(...some.filter((_, j) => results[j]?.status === 'fulfilled'));
    }
    expect(kept.length).to.be.within(1, 59);
    file.raw('PRAGMA max_page_count = 1000000').get();
    await group.run(() => meta.set('after', 1));
    expect(meta.get('after')).to.equal(1);
    const stored = file.prepare((sql) => sql.selectFrom('session').select('key')).all({});
    expect(stored.map((row) => row.key)).to.have.members(kept);
  });

  it('keeps its tables over a second opening and refuses those of a newer version', async () => {
    new MetaRows(file).set('n', 7);
    file.close();
    file = await SqliteFile.open(join(dir, 'a.db'));
    expect(new MetaRows(file).get('n')).to.equal(7);
    file.close();
    const raw = new Database(join(dir, 'a.db'));
    raw.exec("INSERT INTO kysely_migration VALUES ('9999-newer', '2099-01-01')");
    raw.close();
    const error: unknown = await SqliteFile.open(join(dir, 'a.db')).catch((e: unknown) => e);
    expect(error).to.have.property('code', 'config');
    expect(error).to.have.property('message').that.contains('9999-newer');
  });
});
