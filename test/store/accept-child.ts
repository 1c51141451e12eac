/** A process that accepts messages for ever and prints the id of each after it was acknowledged. */
import { createLogger } from '../../src/log.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { inbound, unit } from '../contracts/store.ts';

const [dataDir = '', round = ''] = process.argv.slice(2);
const store = await openEmbeddedStore({ dataDir, clock: Date, logger: createLogger('silent') });
store.inbox.work((claim) => claim.commit(unit(claim.seq, ['answer'])));

async function acceptForEver(conversation: string): Promise<void> {
  for (let n = 0; ; n += 1) {
    const id = `${round}-${conversation}-${n}`;
    await store.inbox.accept(inbound(conversation, id));
    process.stdout.write(`${id}\n`);
  }
}

await Promise.all(['c0', 'c1', 'c2', 'c3', 'c4'].map(acceptForEver));
