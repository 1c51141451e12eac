import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { startEngine, type Engine } from '../../src/app.ts';
import { discoverChannels } from '../../src/channel/discovery.ts';
import { DEMO_NOW, demoShop } from '../../src/connector/demo/shop.ts';
import type { Lang } from '../../src/message.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { conversationKey, type Store } from '../../src/store/store.ts';
import type { Session } from '../../src/turn/session.ts';
import { contentClock, NOW, shopContent, silent } from '../support/content.ts';

interface Row {
  readonly lang: Lang;
  readonly task: string;
  readonly refused: string;
  /** The positive twin; empty where the table has none. */
  readonly wanted: string;
}

interface State {
  readonly dialog: string | null;
  readonly tickets: number;
  readonly handoff: boolean;
}

const tableOf = async (name: string): Promise<readonly (readonly string[])[]> => {
  const text = await readFile(join(import.meta.dirname, name), 'utf8');
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
};
const langOf = (text?: string): Lang => (text === 'en' ? 'en' : 'zh');

const rows = (await tableOf('negations.tsv')).map(
  ([lang, task = '', refused = '', wanted = '']): Row => ({
    lang: langOf(lang),
    task,
    refused,
    wanted,
  }),
);
/** Messages that refuse or deny one thing and want another. */
const inSpite = await tableOf('wanted-in-spite.tsv');

/** What starts each task, in words that are no row of the table. */
const STARTS: Readonly<Record<Lang, Readonly<Record<string, string>>>> = {
  zh: {
    'return-order': '申请退货',
    invoice: '帮我开张发票',
    'change-address': '修改地址',
    complaint: '投诉',
    'order-status': '查订单',
  },
  en: {
    'return-order': 'I want to return an item',
    invoice: 'I want an invoice',
    'change-address': 'change my address',
    complaint: 'I want to complain',
    'order-status': 'track my order',
  },
};

const NOTHING: State = { dialog: null, tickets: 0, handoff: false };

describe('negation', () => {
  let engine: Engine;
  let store: Store;
  let dataDir: string;
  let session: Session | undefined;
  let failed: string | undefined;
  let count = 0;

  before(async function () {
    this.timeout(60_000);
    dataDir = await mkdtemp(join(tmpdir(), 'yingda-negation-'));
    contentClock.set(NOW);
    store = await openEmbeddedStore({ dataDir, clock: contentClock, logger: silent });
    const channels = await discoverChannels(join(import.meta.dirname, '../../channels'));
    engine = startEngine({
      content: await shopContent(),
      store,
      clock: contentClock,
      logger: silent,
      orders: demoShop(DEMO_NOW),
      channels: new Map(channels.map((c) => [c.name, c])),
      onDuty: () => true,
      limits: { failures: 1 },
      onTurn(unit) {
        session = unit.session as unknown as Session;
        failed = unit.dead;
      },
    });
  });

  after(async () => {
    await engine.turns.stop();
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** The state after these texts, said one after the other in a conversation of their own. */
  async function say(lang: Lang, ...texts: readonly string[]): Promise<State> {
    count += 1;
    const conversation = `c${count}`;
    const address = { channel: 'web', account: 'default', conversation, user: `u${count}` };
    const key = conversationKey(address);
    for (const [i, text] of texts.entries()) {
      const id = `m${count}-${i}`;
      const ended = engine.signals.wait(key, id, 20_000);
      const content = { kind: 'text', text } as const;
      await store.inbox.accept({ id, address, content, at: NOW, lang });
      expect(await ended, 'the turn ended').to.equal(true);
      expect(failed).to.equal(undefined);
    }
    const handoff = session?.handoff !== undefined;
    const active = handoff ? undefined : engine.parts.dialogs.active(session?.stack ?? []);
    return {
      dialog: active?.id ?? null,
      tickets: (await store.tickets.ofConversation(key)).length,
      handoff,
    };
  }

  it('has at least 60 rows of each language', () => {
    for (const lang of ['zh', 'en']) {
      expect(rows.filter((row) => row.lang === lang)).to.have.length.of.at.least(60);
    }
  });

  for (const { lang, task, refused, wanted } of rows) {
    const starts = STARTS[lang];
    const other = task === 'invoice' ? 'return-order' : 'invoice';

    it(`"${refused}" starts nothing`, async () => {
      expect(await say(lang, refused)).to.deep.equal(NOTHING);
    });

    it(`"${refused}" starts nothing within another task`, async () => {
      const state = await say(lang, starts[other] ?? '', refused);
      expect(state).to.deep.equal({ ...NOTHING, dialog: other });
    });

    if (starts[task] !== undefined) {
      it(`"${refused}" ends its own task without a trace`, async () => {
        expect(await say(lang, starts[task] ?? '', refused)).to.deep.equal(NOTHING);
      });
    }

    if (wanted === '') continue;
    it(`"${wanted}" does it`, async () => {
      const before = task === 'cancel' ? [starts['return-order'] ?? ''] : [];
      const expected = task === 'cancel' || task === 'human' ? null : task;
      expect(await say(lang, ...before, wanted)).to.deep.equal({
        ...NOTHING,
        dialog: expected,
        handoff: task === 'human',
      });
    });
  }

  for (const [lang, task = '', text = ''] of inSpite) {
    it(`"${text}" starts ${task}`, async () => {
      const expected = { ...NOTHING, dialog: task === 'human' ? null : task };
      expect(await say(langOf(lang), text)).to.deep.equal({
        ...expected,
        handoff: task === 'human',
      });
    });
  }
});
