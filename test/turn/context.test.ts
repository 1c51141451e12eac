import { expect } from 'chai';
import { consider, runTurn } from '../../src/turn/pipeline.ts';
import { NOW, shopContent } from '../support/content.ts';
import { openDesk, textOf } from '../support/desk.ts';

const ADDRESS = { channel: 'web', account: 'default', conversation: 'c', user: 'u' };

describe('context of a conversation', () => {
  it('says what was carried and from which message', async () => {
    const desk = await openDesk(await shopContent());
    await desk.say('查下20261101002');
    const [first] = (await desk.log()).filter((l) => l.kind === 'in');
    const { situation, decision } = consider(desk.engine.parts, {
      inbound: { id: 'x', address: ADDRESS, content: { kind: 'text', text: '那退货呢' }, at: NOW },
      session: JSON.parse(JSON.stringify(desk.session())) as never,
      seq: 9,
    });
    const carried = [{ what: 'order', value: '20261101002', from: first?.seq }];
    expect(situation.understood.carried).to.deep.equal(carried);
    expect(decision).to.deep.include({ kind: 'start', dialog: 'return-order', carried });
    await desk.stop();
  });

  it('considers a message as often as need be: what was stored stays as it is', async () => {
    const desk = await openDesk(await shopContent());
    await desk.say('查下20261101002');
    const session = JSON.parse(JSON.stringify(desk.session())) as never;
    const message = {
      inbound: { id: 'x', address: ADDRESS, content: { kind: 'text', text: '那退货呢' }, at: NOW },
      session,
    } as const;
    const turns = [1, 2].map(() => consider(desk.engine.parts, message).session.recall?.turn);
    expect(turns).to.deep.equal([2, 2]);
    expect(session).to.deep.equal(desk.session());
    await desk.stop();
  });

  it('says what a task that waited was given, and from which message', async () => {
    const desk = await openDesk(await shopContent());
    await desk.say('查下订单，顺便开发票');
    const session = JSON.parse(JSON.stringify(desk.session())) as never;
    const { understood, unit } = await runTurn(desk.engine.parts, {
      inbound: {
        id: 'x',
        address: ADDRESS,
        content: { kind: 'text', text: '20261101002' },
        at: NOW,
      },
      session,
      seq: 5,
    });
    expect(understood.carried).to.deep.equal([{ what: 'order', value: '20261101002', from: 5 }]);
    expect(textOf(unit.replies)).to.match(/还是订单 20261101002/u);
    await desk.stop();
  });

  it('is not another user’s', async () => {
    const desk = await openDesk(await shopContent());
    await desk.say('查下20261101002');
    const { decision } = consider(desk.engine.parts, {
      inbound: {
        id: 'x',
        address: { ...ADDRESS, user: 'somebody else' },
        content: { kind: 'text', text: '那退货呢' },
        at: NOW,
      },
      session: JSON.parse(JSON.stringify(desk.session())) as never,
    });
    expect(JSON.stringify(decision)).not.to.include('20261101002');
    await desk.stop();
  });

  it('keeps at most three tasks waiting', async () => {
    const desk = await openDesk(await shopContent());
    await desk.say('查下订单，退货，再开发票，另外我要投诉，还要改地址，再查工单');
    expect(desk.session().pending).to.have.length(3);
    await desk.stop();
  });

  it('keeps the tasks that wait and what was talked about over a restart', async () => {
    const desk = await openDesk(await shopContent());
    await desk.say('查下订单，顺便开发票');
    const stored = JSON.parse(JSON.stringify(desk.session())) as ReturnType<typeof desk.session>;
    expect(stored.pending?.map((p) => p.dialog)).to.deep.equal(['invoice']);
    expect(textOf(await desk.say('20261101002'))).to.match(/个人/u);
    expect(desk.session().pending).to.equal(undefined);
    await desk.stop();
  });
});

describe('labelled pairs', () => {
  it('are written when a similar question is picked, masked', async () => {
    const desk = await openDesk(await shopContent());
    const [offer] = (await desk.say('积分 我的手机13800000001')).filter((r) => r.choices);
    const picked = offer?.choices?.[0];
    if (picked === undefined) throw new Error('nothing was offered');
    await desk.say({ kind: 'choice', value: picked.value, text: picked.title });
    const [pair, more] = await desk.store.labels.read();
    expect(more).to.equal(undefined);
    expect(`faq:${pair?.entry ?? ''}`).to.equal(picked.value);
    expect(pair?.text).to.equal('积分 我的手机***');
    expect(pair?.offered).to.include(pair?.entry);
    await desk.say({ kind: 'choice', value: picked.value, text: picked.title });
    expect(await desk.store.labels.read()).to.have.length(1);
    await desk.stop();
  });

  it('are not written for none of them, nor for a late pick', async () => {
    const desk = await openDesk(await shopContent());
    await desk.say('积分');
    const values = desk.session().offered?.map((o) => o.value) ?? [];
    expect(values).to.include('none');
    await desk.say({ kind: 'choice', value: 'none', text: '都不是' });
    await desk.say('积分');
    desk.wait(31 * 60_000);
    await desk.say({ kind: 'choice', value: values[0] ?? '', text: '' });
    expect(await desk.store.labels.read()).to.deep.equal([]);
    await desk.stop();
  });
});
