import { expect } from 'chai';
import Database from 'libsql';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createLogger } from '../../src/log.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import {
  commitEach,
  drained,
  HandClock,
  inbound,
  storeContract,
  unit,
  type StorePlace,
} from '../contracts/store.ts';

const CHILD = fileURLToPath(new URL('accept-child.ts', import.meta.url));
const logger = createLogger('silent');

function embeddedPlace(): StorePlace {
  const dataDir = mkdtempSync(join(tmpdir(), 'yingda-store-'));
  const clock = new HandClock();
  return {
    clock,
    open: (limits = {}) => openEmbeddedStore({ dataDir, clock, logger, limits }),
    touchSession(key) {
      const other = new Database(join(dataDir, 'yingda.db'));
      other.prepare('UPDATE session SET version = version + 1 WHERE key = ?').run([key]);
      other.close();
    },
    remove: () => rmSync(dataDir, { recursive: true }),
  };
}

storeContract('embedded', embeddedPlace);

describe('embedded store', () => {
  let dataDir: string;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'yingda-store-'));
  });

  afterEach(() => rmSync(dataDir, { recursive: true }));

  const open = () => openEmbeddedStore({ dataDir, clock: Date, logger });

  it('is one file that others can not read', async () => {
    const store = await open();
    await store.inbox.accept(inbound('c', 'm'));
    expect(statSync(join(dataDir, 'yingda.db')).mode & 0o077).to.equal(0);
    expect(statSync(join(dataDir, 'yingda.db-wal')).mode & 0o077).to.equal(0);
    await store.close();
  });

  it('refuses a second store on the folder, in this process and in another', async () => {
    const store = await open();
    const here: unknown = await open().catch((e: unknown) => e);
    expect(here).to.have.property('code', 'config');
    expect(here).to.have.property('message').that.contains('in use by another running process');
    const child = promisify(execFile)(process.execPath, ['--import=tsx', CHILD, dataDir, '0']);
    const there: unknown = await child.catch((e: unknown) => e);
    expect(there).to.have.property('stderr').that.contains('in use by another running process');
    await store.close();
    await (await open()).close();
  });

  it('says why a folder can not be used', async () => {
    const inside = join(dataDir, 'yingda.lock', 'no-folder');
    await (await open()).close();
    const error: unknown = await openEmbeddedStore({ dataDir: inside, clock: Date, logger }).catch(
      (e: unknown) => e,
    );
    expect(error).to.have.property('code', 'config');
  });

  it('keeps little in memory and loses nothing by it', async () => {
    const limits = { bodies: 3, bodiesOfOne: 1, outboxConversations: 1, sessionCharacters: 20 };
    const store = await openEmbeddedStore({ dataDir, clock: Date, logger, limits });
    for (let c = 0; c < 6; c += 1) {
      for (let n = 0; n < 3; n += 1) await store.inbox.accept(inbound(`c${c}`, `c${c}-${n}`));
    }
    commitEach(store, ({ inbound: message, seq, session }) => {
      expect(message).to.deep.equal(inbound(message.address.conversation, message.id));
      expect(session === undefined).to.equal(seq === 1);
      return unit(seq, [`to ${message.id}`], { push: true });
    });
    await drained(store);
    const sent = new Map<string, string[]>();
    let left = 18;
    await new Promise<void>((resolve) => {
      store.outbox.work(async ([delivery]) => {
        if (delivery === undefined) return;
        const { address, line } = delivery;
        await delivery.sent();
        const texts = sent.get(address.conversation) ?? [];
        sent.set(address.conversation, texts);
        if (line.kind === 'out') texts.push(line.reply.text);
        left -= 1;
        if (left === 0) resolve();
      });
    });
    for (const [c, texts] of sent)
      expect(texts).to.deep.equal([0, 1, 2].map((n) => `to ${c}-${n}`));
    await store.close();
  });

  it('has every acknowledged message after kill -9, and opens again each time', async function () {
    this.timeout(30_000);
    for (let round = 0; round < 4; round += 1) {
      const child = spawn(process.execPath, ['--import=tsx', CHILD, dataDir, String(round)]);
      const acked: string[] = [];
      const ended = new Promise((resolve) => child.once('exit', resolve));
      for await (const line of createInterface({ input: child.stdout })) {
        acked.push(line);
        if (acked.length === 150 + round * 97) child.kill('SIGKILL');
      }
      await ended;
      expect(acked.length).to.be.at.least(150);
      const store = await open();
      const lines = new Set<string>();
      for (let c = 0; c < 5; c += 1) {
        const all = await store.log.read(`web:default:c${c}`, 0, 1_000_000);
        expect(all.map((l) => l.seq)).to.deep.equal(all.map((_, i) => i + 1));
        for (const line of all) if (line.kind === 'in') lines.add(line.inbound);
      }
      expect(acked.filter((id) => !lines.has(id))).to.deep.equal([]);
      await store.close();
    }
  });
});
