import { expect } from 'chai';
import { demoShop } from '../../src/connector/demo/shop.ts';
import { conversationKey } from '../../src/store/store.ts';
import { NOW, shopContent } from '../support/content.ts';
import { openDesk, textOf } from '../support/desk.ts';

const ADDRESS = { channel: 'web', account: 'default', conversation: 'c', user: 'u' };

describe('running turns', () => {
  it('makes one ticket of two quick "yes"', async () => {
    const desk = await openDesk(await shopContent());
    await desk.say('我要退货');
    await desk.say('20261101002');
    await desk.say('不想要了');
    const key = conversationKey(ADDRESS);
    const ended = ['x1', 'x2'].map((id) => desk.engine.signals.wait(key, id, 10_000));
    await Promise.all(
      ['x1', 'x2'].map((id) =>
        desk.store.inbox.accept({
          id,
          address: ADDRESS,
          content: { kind: 'text', text: '是的' },
          at: NOW,
        }),
      ),
    );
    await Promise.all(ended);
    expect(await desk.store.tickets.ofConversation(key)).to.have.length(1);
    await desk.stop();
  });

  it('answers quick messages one by one, in order', async () => {
    const desk = await openDesk(await shopContent());
    const key = conversationKey(ADDRESS);
    const texts = ['我要退货', '20261101002', '质量问题', '跳过'];
    const ended = texts.map((_, i) => desk.engine.signals.wait(key, `q${i}`, 10_000));
    await Promise.all(
      texts.map((text, i) =>
        desk.store.inbox.accept({
          id: `q${i}`,
          address: ADDRESS,
          content: { kind: 'text', text },
          at: NOW,
        }),
      ),
    );
    await Promise.all(ended);
    const answers = (await desk.log()).flatMap((l) => (l.kind === 'out' ? [l.inbound] : []));
    expect(answers).to.deep.equal(['q0', 'q1', 'q2', 'q3']);
    expect(desk.engine.parts.dialogs.active(desk.session().stack)?.frame?.slot).to.equal('sure');
    await desk.stop();
  });

  it('retries a turn that throws, then sets it aside with an apology and goes on', async () => {
    let calls = 0;
    const shop = demoShop(NOW);
    const desk = await openDesk(await shopContent(), {
      live: true,
      limits: { failures: 2 },
      orders: {
        ...shop,
        byPhone: () => {
          calls += 1;
          return Promise.resolve(null as never);
        },
      },
    });
    await desk.say('查快递');
    const apology = await desk.say('13800000001');
    expect(apology).to.have.length(1);
    expect(apology[0]).to.include({ key: 'sorry.failed' });
    expect(calls).to.be.at.least(2);
    expect(textOf(await desk.say('20261101001'))).to.match(/SF1368800101/u);
    await desk.stop();
  });

  it('keeps nothing of a turn that failed', async () => {
    const shop = demoShop(NOW);
    const desk = await openDesk(await shopContent(), {
      limits: { failures: 1 },
      orders: { ...shop, byPhone: () => Promise.resolve(null as never) },
    });
    await desk.say('查快递');
    const before = JSON.stringify(desk.session().stack);
    await desk.say('13800000001');
    expect(JSON.stringify(desk.session().stack)).to.equal(before);
    await desk.stop();
  });
});
