import { expect } from 'chai';
import { ComponentDialog, TextPrompt, WaterfallDialog } from 'botbuilder-dialogs';
import type { Content } from '../../src/app.ts';
import {
  back,
  confirm,
  defineDialog,
  done,
  dropIn,
  orderNumber,
  retry,
} from '../../src/dialog/index.ts';
import type { AuthoredDialog } from '../../src/dialog/run.ts';
import { OutsideError } from '../../src/errors.ts';
import { demoShop } from '../../src/connector/demo/shop.ts';
import { NOW, shopContent } from '../support/content.ts';
import { openDesk, textOf } from '../support/desk.ts';

async function withDialog(id: string, dialog: AuthoredDialog): Promise<Content> {
  const content = await shopContent();
  return { ...content, dialogs: new Map(content.dialogs).set(id, dialog) };
}

describe('steps', () => {
  it('runs functions between questions, once each, and can go back', async () => {
    const ran: string[] = [];
    const dialog = defineDialog({
      id: 'return-order',
      intents: ['order.return'],
      slots: { orderId: orderNumber(), sure: confirm() },
      steps: [
        {
          name: 'greet',
          run: () => {
            ran.push('greet');
            return Promise.resolve(undefined);
          },
        },
        'orderId',
        {
          name: 'look',
          run: ({ values }) => {
            ran.push(`look ${values.orderId ?? ''}`);
            return Promise.resolve(values.orderId === '20261101001' ? back('orderId') : undefined);
          },
        },
        'sure',
      ],
      vars: () => Promise.resolve({ items: '耳机', reason: '-' }),
      complete: ({ values }) => done(values.sure ? 'declined' : undefined),
    });
    const desk = await openDesk(await withDialog('return-order', dialog));
    await desk.say('我要退货');
    expect(textOf(await desk.say('20261101001'))).to.match(/订单号/u);
    await desk.say('20261101002');
    await desk.say('是');
    expect(ran).to.deep.equal(['greet', 'look 20261101001', 'look 20261101002']);
    expect(desk.session().stack).to.deep.equal([]);
    await desk.stop();
  });

  it('counts a value that a check refuses as a failed answer', async () => {
    const dialog = defineDialog({
      id: 'return-order',
      intents: ['order.return'],
      slots: { orderId: orderNumber() },
      check: { orderId: () => retry('cancelled', { id: 'x' }) },
      complete: () => done(),
    });
    const desk = await openDesk(await withDialog('return-order', dialog));
    await desk.say('我要退货');
    await desk.say('20261101002');
    await desk.say('20261101003');
    expect(textOf(await desk.say('20261101005'))).to.match(/人工/u);
    await desk.stop();
  });
});

describe('a Bot Framework dialog dropped in', () => {
  it('runs as it is, and answers a question in its middle', async () => {
    class Component extends ComponentDialog {
      override initialDialogId = 'steps';
    }
    const component = new Component('complaint');
    component.addDialog(
      new WaterfallDialog('steps', [
        (step) => step.prompt('words', 'component: which shop?'),
        async (step) => {
          await step.context.sendActivity(`component: noted ${String(step.result)}`);
          return step.endDialog();
        },
      ]),
    );
    component.addDialog(new TextPrompt('words'));
    const desk = await openDesk(await withDialog('complaint', dropIn(component, ['complaint'])));
    expect(textOf(await desk.say('我要投诉'))).to.equal('component: which shop?');
    const aside = textOf(await desk.say('退货运费谁出？'));
    expect(aside)
      .to.match(/运费/u)
      .and.match(/component: which shop\?/u);
    expect(textOf(await desk.say('徐汇店'))).to.equal('component: noted 徐汇店');
    expect(desk.session().stack).to.deep.equal([]);
    await desk.stop();
  });
});

describe('an order system that can not be reached', () => {
  it('costs the last answer only, and says so', async () => {
    let down = true;
    const shop = demoShop(NOW);
    const desk = await openDesk(await shopContent(), {
      orders: {
        ...shop,
        find: (id, signal) =>
          down
            ? Promise.reject(new OutsideError('down', 'down', { retryable: false }))
            : shop.find(id, signal),
      },
    });
    await desk.say('查快递');
    const apology = textOf(await desk.say('20261101001'));
    expect(apology).to.match(/人工|稍后/u);
    down = false;
    expect(textOf(await desk.say('20261101001'))).to.match(/SF1368800101/u);
    await desk.stop();
  });
});
