import { DialogTestClient } from 'botbuilder-testing';
import type { Activity } from 'botbuilder-core';
import { expect } from 'chai';
import { orderSystem } from '../../src/connector/orders.ts';
import { demoShop } from '../../src/connector/demo/shop.ts';
import type { DialogBox } from '../../src/dialog/box.ts';
import { SlotDialog } from '../../src/dialog/compile.ts';
import type { Lang } from '../../src/message.ts';
import type { TicketView } from '../../src/dialog/ports.ts';
import { NOW, shopContent } from '../support/content.ts';

/** A box of the shop's wording and data, with tickets kept in a list. */
async function shopBox(lang: Lang): Promise<{ box: () => DialogBox; opened: TicketView[] }> {
  const { knowledge } = await shopContent();
  const serving = knowledge.current();
  const opened: TicketView[] = [];
  const orders = orderSystem(demoShop(NOW)).forTurn('test');
  const box = (): DialogBox => ({
    lang,
    now: NOW,
    connectors: { orders },
    tickets: {
      open: ({ kind }) => {
        const number = String(100_001 + opened.length);
        const ticket = {
          number,
          kind,
          subject: kind,
          state: 'new',
          stateText: 'new',
          openedAt: NOW,
        };
        opened.push(ticket);
        return Promise.resolve(ticket);
      },
      find: (number) => Promise.resolve(opened.find((t) => t.number === number)),
      mine: () => Promise.resolve(opened),
      add: () => Promise.resolve(true),
    },
    wording: {
      text: (key, l, vars, vary) => serving.text(key, l, vars, vary),
      has: (key) => serving.hasText(key),
    },
    dialogWording: (id) => serving.dialogs.get(id) ?? { choices: {}, labels: {} },
  });
  return { box, opened };
}

async function clientFor(id: string, lang: Lang) {
  const { dialogs } = await shopContent();
  const authored = dialogs.get(id);
  if (authored?.kind !== 'slots') throw new TypeError(`no dialog ${id}`);
  const { box, opened } = await shopBox(lang);
  const client = new DialogTestClient('test', new SlotDialog(authored, box));
  const says = async (text: string): Promise<string> => {
    const first = (await client.sendActivity(text)) as Partial<Activity> | undefined;
    return [first, ...readRest(client)].map((r) => r?.text ?? '').join('\n');
  };
  return { client, says, opened };
}

function* readRest(client: DialogTestClient): Generator<Partial<Activity>> {
  for (;;) {
    const next = client.getNextReply() as Partial<Activity> | undefined;
    if (next === undefined) return;
    yield next;
  }
}

describe('SlotDialog, driven by DialogTestClient', () => {
  it('asks slot by slot and opens a ticket (zh)', async () => {
    const { client, says, opened } = await clientFor('return-order', 'zh');
    expect(await says('我要退货')).to.match(/订单号/u);
    expect(await says('20261101002')).to.match(/原因/u);
    expect(await says('第一个')).to.match(/照片/u);
    expect(await says('跳过')).to.match(/降噪耳机/u);
    expect(await says('是的')).to.match(/100001/u);
    expect(opened.map((t) => t.kind)).to.deep.equal(['return']);
    expect(client.dialogTurnResult).to.deep.include({ status: 'complete' });
  });

  it('leaves out a slot whose condition does not hold (en)', async () => {
    const { says, opened } = await clientFor('return-order', 'en');
    await says('return');
    await says('20261101005');
    expect(await says('changed my mind')).to.match(/Backpack/u);
    expect(await says('no')).not.to.equal('');
    expect(opened).to.deep.equal([]);
  });

  it('mends an earlier answer and asks only what hangs on it', async () => {
    const { says } = await clientFor('return-order', 'en');
    await says('return');
    await says('20261101005');
    await says('changed my mind');
    const mended = await says('sorry, it should be the wrong item');
    expect(mended)
      .to.match(/Wrong item/u)
      .and.match(/photo/u);
    expect(await says('skip')).to.match(/Backpack/u);
  });

  it('offers a person with the third failed answer', async () => {
    const { says } = await clientFor('return-order', 'zh');
    await says('退货');
    expect(await says('嘎嘎'))
      .to.match(/订单号/u)
      .and.not.match(/人工/u);
    expect(await says('啊吧'))
      .to.match(/订单号/u)
      .and.not.match(/人工/u);
    expect(await says('哦哦哦哦'))
      .to.match(/人工/u)
      .and.match(/订单号/u);
  });

  it('ends with the reason where policy refuses', async () => {
    const { client, says, opened } = await clientFor('return-order', 'zh');
    await says('退货');
    expect(await says('20261101001')).to.match(/签收|收到|送达/u);
    expect(client.dialogTurnResult).to.deep.include({ status: 'complete' });
    expect(opened).to.deep.equal([]);
  });

  it('takes the order from the phone it was placed with', async () => {
    const { says } = await clientFor('order-status', 'en');
    await says('order status');
    expect(await says('13800000001')).to.match(/20261101001[\s\S]*|2 orders/u);
    expect(await says('the second one')).to.match(/JD0026110102/u);
  });
});
