/** The checks that Bot Framework asks of every storage, and our own on top. */
import {
  ConversationState,
  MemoryStorage,
  TestAdapter,
  type Storage,
  type StoreItem,
} from 'botbuilder-core';
import { DialogSet, DialogTurnStatus, TextPrompt, WaterfallDialog } from 'botbuilder-dialogs';
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../src/log.ts';
import { BotStorage } from '../../src/store/bot-storage.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function readOne(storage: Storage, key: string): Promise<StoreItem> {
  return (await storage.read([key]))[key] as StoreItem;
}

/** @param fresh answers an empty storage */
function storageChecks(fresh: () => Storage): void {
  let storage: Storage;

  beforeEach(() => {
    storage = fresh();
  });

  it('reads an unknown key as nothing', async () => {
    expect(Object.keys(await storage.read(['unknown']))).to.deep.equal([]);
  });

  it('refuses to read without keys', async () => {
    const error = await rejection(storage.read(null as unknown as string[]));
    expect(error).to.be.instanceOf(ReferenceError);
    expect(error).to.have.property('message', 'Keys are required when reading.');
  });

  it('refuses to write without changes', async () => {
    const error = await rejection(storage.write(null as unknown as StoreItem));
    expect(error).to.be.instanceOf(ReferenceError);
    expect(error).to.have.property('message', 'Changes are required when writing.');
  });

  it('takes an empty write', async () => {
    await storage.write({});
  });

  it('creates objects, with and without an eTag of the caller', async () => {
    await storage.write({ plain: { id: 1 }, item: { id: 2, eTag: '*' } });
    const read = await storage.read(['plain', 'item']);
    expect((read.plain as StoreItem).id).to.equal(1);
    const item = read.item as StoreItem;
    expect(item.id).to.equal(2);
    expect(item.eTag).to.be.a('string').that.is.not.oneOf(['', '*']);
  });

  it('takes crazy keys', async () => {
    const key = '!@#$%^&*()~/\\><,.?\';"`~ 键 __proto__';
    await storage.write({ [key]: { id: 1 } });
    expect(await readOne(storage, key)).to.include({ id: 1 });
  });

  it('guards updates by eTag', async () => {
    await storage.write({ plain: { id: 1, count: 1 }, item: { id: 1, count: 1 } });
    const first = await storage.read(['plain', 'item']);
    const plain = first.plain as StoreItem;
    const item = first.item as StoreItem;
    delete plain.eTag;
    await storage.write({ plain: { ...plain, count: 2 }, item: { ...item, count: 2 } });
    const second = await readOne(storage, 'item');
    expect(second).to.include({ count: 2 });
    expect(second.eTag).to.not.equal(item.eTag);
    // Without an eTag the last write wins; with a stale one it is refused.
    await storage.write({ plain: { ...plain, count: 123 } });
    expect(await rejection(storage.write({ item: { ...item, count: 123 } }))).to.be.instanceOf(
      Error,
    );
    expect(await readOne(storage, 'plain')).to.include({ count: 123 });
    expect(await readOne(storage, 'item')).to.include({ count: 2 });
    await storage.write({ item: { ...item, count: 100, eTag: '*' } });
    expect(await readOne(storage, 'item')).to.include({ count: 100 });
  });

  it('deletes', async () => {
    await storage.write({ gone: { id: 1 } });
    await storage.delete(['gone']);
    expect(await storage.read(['gone'])).to.deep.equal({});
  });

  it('takes a delete of what is not there', async () => {
    await storage.delete(['unknown']);
  });

  it('reads, writes and deletes in batches', async () => {
    const keys = ['one', 'two', 'three'];
    await storage.write(Object.fromEntries(keys.map((key, id) => [key, { id }])));
    const read = await storage.read([...keys, 'four']);
    expect(Object.keys(read)).to.have.members(keys);
    for (const key of keys) expect((read[key] as StoreItem).eTag).to.be.a('string');
    await storage.delete(keys);
    expect(await storage.read(keys)).to.deep.equal({});
  });

  it('carries a waterfall to its end', async () => {
    const conversationState = new ConversationState(storage);
    const dialogs = new DialogSet(conversationState.createProperty('dialogs'));
    dialogs.add(new TextPrompt('text'));
    dialogs.add(
      new WaterfallDialog('three', [
        (s) => s.prompt('text', 'name?'),
        (s) => s.prompt('text', `and then, ${String(s.result)}?`),
        async (s) => {
          await s.context.sendActivity(`got ${String(s.result)}`);
          return s.endDialog();
        },
      ]),
    );
    const adapter = new TestAdapter(async (turn) => {
      const dc = await dialogs.createContext(turn);
      const result = await dc.continueDialog();
      if (result.status === DialogTurnStatus.empty) await dc.beginDialog('three');
      await conversationState.saveChanges(turn);
    });
    await adapter
      .send('hello')
      .assertReply('name?')
      .send('王芳')
      .assertReply('and then, 王芳?')
      .send('tea')
      .assertReply('got tea')
      .startTest();
  });
}

describe('BotStorage', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'yingda-bot-storage-'));
  let store: Store;
  let storage: BotStorage;

  before(async () => {
    store = await openEmbeddedStore({ dataDir, clock: Date, logger: createLogger('silent') });
    storage = new BotStorage(store.botState);
  });

  after(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });

  describe("Bot Framework's checks", () => {
    storageChecks(() => storage);
  });

  describe("Bot Framework's checks on its own MemoryStorage, to check them", () => {
    storageChecks(() => new MemoryStorage());
  });

  it('answers a fresh copy at each read', async () => {
    await storage.write({ copy: { list: [1] } });
    const one = await readOne(storage, 'copy');
    (one.list as number[]).push(2);
    expect((await readOne(storage, 'copy')).list).to.deep.equal([1]);
  });

  it('writes nothing of a batch with one stale eTag', async () => {
    await storage.write({ x: { n: 1 }, y: { n: 1 } });
    const stale = await readOne(storage, 'x');
    await storage.write({ x: { n: 2 } });
    const error = await rejection(storage.write({ y: { n: 9 }, x: { ...stale, n: 9 } }));
    expect(error).to.have.property('code', 'state-conflict');
    expect(await readOne(storage, 'y')).to.include({ n: 1 });
    expect(await rejection(storage.write({ x: { n: 9, eTag: 'made up' } }))).to.have.property(
      'code',
      'state-conflict',
    );
  });

  it('takes an empty eTag for none, as Bot Framework does, and stores no eTag', async () => {
    await storage.write({ e: { n: 1 } });
    await storage.write({ e: { n: 2, eTag: '' } });
    const { e } = await store.botState.read(['e']);
    expect(e?.value).to.deep.equal({ n: 2 });
  });
});
