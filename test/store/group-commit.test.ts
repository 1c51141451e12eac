import { expect } from 'chai';
import { GroupCommit, type GroupTransaction } from '../../src/store/group-commit.ts';

/** A store of strings with transactions. It counts them, and its commit can be made to fail. */
class Strings implements GroupTransaction {
  saved: readonly string[] = [];
  now: string[] = [];
  commits = 0;
  failNext = false;

  begin(): void {
    this.now = [...this.saved];
  }

  commit(): void {
    if (this.failNext) {
      this.failNext = false;
      throw new RangeError('disk full');
    }
    this.commits += 1;
    this.saved = [...this.now];
  }

  rollback(): void {
    this.now = [...this.saved];
  }

  nested<T>(work: () => T): T {
    const before = [...this.now];
    try {
      return work();
    } catch (error) {
      this.now = before;
      throw error;
    }
  }

  write(text: string): () => string {
    return () => {
      this.now.push(text);
      return text;
    };
  }
}

describe('GroupCommit', () => {
  let strings: Strings;
  let group: GroupCommit;

  beforeEach(() => {
    strings = new Strings();
    group = new GroupCommit(strings);
  });

  it('writes what is asked for in one tick with one commit, in order', async () => {
    const texts = Array.from({ length: 50 }, (_, i) => `t${i}`);
    const results = await Promise.all(texts.map((t) => group.run(strings.write(t))));
    expect(results).to.deep.equal(texts);
    expect(strings.saved).to.deep.equal(texts);
    expect(strings.commits).to.equal(1);
  });

  it('resolves only after the commit, and calls `after` before anybody awaiting', async () => {
    const steps: string[] = [];
    const one = group
      .run(strings.write('a'), (r) => steps.push(`after ${r} ${strings.commits}`))
      .then((r) => steps.push(`resolved ${r}`));
    const two = group
      .run(strings.write('b'), (r) => steps.push(`after ${r} ${strings.commits}`))
      .then((r) => steps.push(`resolved ${r}`));
    expect(strings.commits).to.equal(0);
    await Promise.all([one, two]);
    expect(steps).to.deep.equal(['after a 1', 'after b 1', 'resolved a', 'resolved b']);
  });

  it('lets later writes of a group see earlier ones', async () => {
    const [, seen] = await Promise.all([
      group.run(strings.write('a')),
      group.run(() => [...strings.now]),
    ]);
    expect(seen).to.deep.equal(['a']);
  });

  it('undoes and rejects only the write that throws', async () => {
    const results = await Promise.allSettled([
      group.run(strings.write('a')),
      group.run(() => {
        strings.now.push('half');
        throw new RangeError('no');
      }),
      group.run(strings.write('b')),
    ]);
    expect(results.map((r) => r.status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
    expect(strings.saved).to.deep.equal(['a', 'b']);
    expect(strings.commits).to.equal(1);
  });

  it('undoes a write that throws alone', async () => {
    const failed = group.run(() => {
      strings.now.push('half');
      throw new RangeError('no');
    });
    expect(await failed.catch((e: unknown) => e)).to.be.instanceOf(RangeError);
    expect(strings.now).to.deep.equal([]);
    await group.run(strings.write('a'));
    expect(strings.saved).to.deep.equal(['a']);
  });

  it('rejects a whole group whose commit fails, and goes on', async () => {
    strings.failNext = true;
    let told = false;
    const failed = await Promise.allSettled([
      group.run(strings.write('a'), () => (told = true)),
      group.run(strings.write('b')),
    ]);
    expect(failed.map((r) => r.status)).to.deep.equal(['rejected', 'rejected']);
    expect(told).to.equal(false);
    await group.run(strings.write('c'));
    expect(strings.saved).to.deep.equal(['c']);
  });

  it('splits a burst so that one transaction stays short, and writes all of it', async () => {
    await Promise.all(Array.from({ length: 600 }, (_, i) => group.run(strings.write(`t${i}`))));
    expect(strings.saved).to.have.length(600);
    expect(strings.commits).to.equal(3);
  });

  it('writes what waits when it is closed and takes nothing after', async () => {
    const waiting = group.run(strings.write('a'));
    group.close();
    expect(strings.saved).to.deep.equal(['a']);
    expect(await waiting).to.equal('a');
    const late: unknown = await group.run(strings.write('b')).catch((e: unknown) => e);
    expect(late).to.have.property('code', 'defect');
  });
});
