import { expect } from 'chai';
import { bot, KF, shown, startStage, type Stage } from './stage.ts';

describe('wecom: a talk', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await startStage();
  });
  afterEach(() => stage.stop());

  it('verifies the address, pulls what a callback tells of, takes the session and answers', async () => {
    const bubbles = await stage.say('你好');
    expect(shown(bubbles)).to.deep.equal(['text: echo 你好']);
    const [inbound] = stage.inbounds;
    expect(inbound?.address).to.deep.equal({
      channel: 'wecom',
      account: 'default',
      conversation: `${KF}:wmCustomer`,
      user: 'wmCustomer',
    });
    expect(stage.calls.filter((c) => c.startsWith('kf/service_state'))).to.deep.equal([
      'kf/service_state/get',
      'kf/service_state/trans',
    ]);
    await stage.say('再见');
    expect(stage.calls.filter((c) => c === 'kf/service_state/trans')).to.have.length(1);
    expect(stage.simulator.refused).to.deep.equal([]);
  });

  it('makes one bubble of the texts of one answer, and offers choices as a menu', async () => {
    stage.answer = ({ content }) =>
      content.kind === 'text'
        ? [
            bot('一'),
            bot('二'),
            bot('选哪个？', {
              choices: [
                { value: 'return-order', title: '退货' },
                { value: '中文值', title: '换货' },
              ],
            }),
          ]
        : content.kind === 'choice'
          ? [bot(`chose ${content.value} ${content.text}`)]
          : [];
    const bubbles = await stage.say('选');
    expect(shown(bubbles)).to.deep.equal(['menu: 一\n二\n选哪个？ [退货, 换货]']);
    for (const [at, value] of [
      [0, 'return-order 退货'],
      [1, '中文值 换货'],
    ] as const) {
      const before = stage.phone.screen.length;
      await stage.phone.do({ kind: 'tap', id: bubbles[0]!.items[at]!.id });
      await stage.until('it answers the tap', () => stage.phone.screen.length > before);
      expect(stage.phone.screen.at(-1)?.text).to.equal(`chose ${value}`);
    }
  });

  it('a long answer is split at 2048 bytes and complete', async () => {
    const text = '这是一句不太短的话。'.repeat(140);
    stage.answer = () => [bot(text)];
    const bubbles = await stage.say('长', 3);
    expect(bubbles.map((b) => b.text).join('')).to.equal(text);
    expect(bubbles.every((b) => Buffer.byteLength(b.text) <= 2048)).to.equal(true);
    expect(stage.simulator.refused).to.deep.equal([]);
  });

  it('more than ten choices are numbered text', async () => {
    const choices = Array.from({ length: 11 }, (_, i) => ({ value: `v${i}`, title: `项${i}` }));
    stage.answer = () => [bot('选', { choices })];
    const [bubble] = await stage.say('多');
    expect(bubble?.kind).to.equal('text');
    expect(bubble?.text).to.match(/^选\n1\. 项0\n[^]*\n11\. 项10$/);
  });

  it('an answer of more messages than the budget is squeezed, and nothing is refused', async () => {
    const choices = [{ value: 'a', title: 'A' }];
    stage.answer = () => Array.from({ length: 7 }, (_, i) => bot(`第${i}问`, { choices }));
    const bubbles = await stage.say('多');
    expect(bubbles).to.have.length(1);
    expect(bubbles[0]?.text).to.match(/^第0问\n1\. A\n[^]*第6问$/);
    expect(bubbles[0]?.items).to.have.length(1);
    expect(stage.simulator.refused).to.deep.equal([]);
  });

  it('beyond the budget it is undeliverable with the reason, without a call; a new message pays again', async () => {
    const long = '长'.repeat(680);
    stage.answer = ({ content }) =>
      content.kind === 'text' && content.text === 'six'
        ? [1, 2, 3, 4, 5, 6].map(() => bot(long))
        : [bot('short')];
    await stage.say('six', 5);
    await stage.until(
      'one is undeliverable',
      async () => (await stage.store.outbox.undelivered()).length > 0,
    );
    const undelivered = await stage.store.outbox.undelivered();
    expect(undelivered.map((u) => [u.state, u.error])).to.deep.include([
      'dead',
      'WeCom takes 5 messages in 48 hours for one of the customer',
    ]);
    expect(shown(await stage.say('again'))).to.deep.equal(['text: short']);
    expect(stage.simulator.refused).to.deep.equal([]);
  });

  it('keeps a picture and understands a location, link and order', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
    await stage.phone.do({ kind: 'image', name: '图.png', bytes: png });
    await stage.until('it is there', () => stage.inbounds.length === 1);
    const content = stage.inbounds[0]!.content;
    if (content.kind !== 'attachment') return expect.fail(content.kind);
    const [file] = content.attachments;
    expect(file).to.include({ kind: 'image', name: '图.png', contentType: 'image/png' });
    const served = await fetch(new URL(file!.url, stage.url));
    expect(Buffer.from(await served.arrayBuffer())).to.deep.equal(png);
    for (const message of [
      {
        msgtype: 'location',
        location: { latitude: 1.5, longitude: 2, name: '店', address: '路1号' },
      },
      { msgtype: 'location', location: { latitude: 1.5, longitude: 2 } },
      { msgtype: 'link', link: { title: 'T', url: 'https://x.example/' } },
      { msgtype: 'channels_shop_order', channels_shop_order: { order_id: '20261101001' } },
      { msgtype: 'business_card', business_card: { userid: 'u' } },
      { msgtype: 'sparkles', sparkles: {} },
    ]) {
      await stage.phone.do({ kind: 'event', name: 'message', key: JSON.stringify(message) });
    }
    await stage.until('all are there', () => stage.inbounds.length === 7);
    expect(
      stage.inbounds.slice(1).map(({ content: c }) => (c.kind === 'text' ? c.text : c)),
    ).to.deep.equal([
      'location-zh：店 路1号',
      'location-zh：1.5,2',
      'link-zh：T https://x.example/',
      'order-zh：20261101001',
      'business-card-zh',
      { kind: 'event', name: 'wecom.sparkles', value: { fromCustomer: true } },
    ]);
  });

  it('a file that is gone is a message without a file, and a warning', async () => {
    const message = { msgtype: 'image', image: { media_id: 'gone' } };
    await stage.phone.do({ kind: 'event', name: 'message', key: JSON.stringify(message) });
    await stage.until('it is there', () => stage.inbounds.length === 1);
    expect(stage.inbounds[0]?.content).to.deep.equal({
      kind: 'attachment',
      attachments: [],
      text: '',
    });
    expect(stage.logged.join()).to.contain('could not be kept');
  });

  it('sends a picture once uploaded, and a card', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
    let asked = 0;
    await stage.stop();
    stage = await startStage({
      fetch: (input, init) => {
        const url = input as string;
        if (!url.startsWith('https://shop.example/')) return fetch(input, init);
        asked += 1;
        return Promise.resolve(new Response(png));
      },
    });
    const picture = {
      kind: 'image',
      name: 'p.png',
      contentType: 'image/png',
      url: 'https://shop.example/p.png',
    } as const;
    stage.answer = () => [
      bot('看', {
        attachments: [picture],
        cards: [
          {
            title: '商品',
            text: '好',
            image: 'https://shop.example/p.png',
            url: 'https://shop.example/1',
          },
          { title: '无图', url: 'https://shop.example/2' },
        ],
      }),
    ];
    const expected = [
      'text: 看',
      'image: p.png',
      'card: 商品\n好\nhttps://shop.example/1',
      'text: 无图\nhttps://shop.example/2',
    ];
    expect(shown(await stage.say('图', 4))).to.deep.equal(expected);
    expect(shown(await stage.say('图', 4))).to.deep.equal(expected);
    expect([asked, stage.calls.filter((c) => c === 'media/upload').length]).to.deep.equal([1, 1]);
    stage.pass(3 * 86_400_000);
    await stage.say('图', 4);
    expect(asked).to.equal(2);
  });

  it('a picture that can not be read goes out as its address', async () => {
    await stage.stop();
    stage = await startStage({ publicUrl: 'http://127.0.0.1:9' });
    const picture = { kind: 'image', name: 'p', contentType: 'image/png', url: '/x.png' } as const;
    stage.answer = () => [bot('', { attachments: [picture] })];
    expect(shown(await stage.say('图'))).to.deep.equal(['text: p http://127.0.0.1:9/x.png']);
  });
});
