import { expect } from 'chai';
import startWechat, { type WechatSimulator } from '../../../simulators/wechat/index.ts';
import { textOf } from '../../../simulators/wechat/xml.ts';
import { startStub, type StubServer } from './stub-server.ts';

const HOUR = 3_600_000;
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d]);
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);

describe("the simulator's API for 公众号", () => {
  let simulator: WechatSimulator;
  let stub: StubServer;
  let now: number;

  async function begin(options: Parameters<typeof startWechat>[0] = {}): Promise<void> {
    now = 1_795_000_000_000;
    simulator = await startWechat({ clock: { now: () => now }, resendAfterMs: 30, ...options });
    stub = await startStub(simulator);
  }
  beforeEach(() => begin());
  afterEach(async () => {
    await simulator.stop();
    await stub.stop();
  });

  const hi = (): Promise<boolean> => simulator.phone('o1').do({ kind: 'text', text: '你好' });
  const text = (content: unknown): object => ({ touser: 'o1', msgtype: 'text', text: { content } });
  async function send(order: unknown, token?: string): Promise<unknown> {
    const used = token ?? (await stub.token());
    return (await stub.call('message/custom/send', order, used)).errcode;
  }
  async function upload(
    type: string,
    name: string,
    bytes: Buffer,
  ): Promise<Record<string, unknown>> {
    const form = new FormData();
    form.append('media', new Blob([bytes]), name);
    const query = `access_token=${await stub.token()}&type=${type}`;
    const sent = await fetch(`${simulator.url}/cgi-bin/media/upload?${query}`, {
      method: 'POST',
      body: form,
    });
    return (await sent.json()) as Record<string, unknown>;
  }
  const lastRefused = (): unknown => simulator.refused.at(-1);

  describe('stable_token', () => {
    const order = (more: object = {}): object => ({
      grant_type: 'client_credential',
      appid: simulator.env.WECHAT_APP_ID,
      secret: simulator.env.WECHAT_APP_SECRET,
      ...more,
    });

    it('refuses wrong credentials', async () => {
      const code = async (more: object): Promise<unknown> =>
        (await stub.call('stable_token', order(more))).errcode;
      expect(await code({ secret: 'x' })).to.equal(40125);
      expect(await code({ appid: 'x' })).to.equal(40013);
      expect(await code({ grant_type: 'x' })).to.equal(40002);
      expect(simulator.refused.map((r) => r.code)).to.deep.equal([40125, 40013, 40002]);
    });

    it('gives the same one until its last five minutes, then both hold', async () => {
      const first = await stub.call('stable_token', order());
      expect(first.expires_in).to.equal(7200);
      now += 6_899_000;
      const again = await stub.call('stable_token', order());
      expect(again).to.deep.equal({ access_token: first.access_token, expires_in: 301 });
      now += 1_000;
      const next = await stub.call('stable_token', order());
      expect(next.access_token).to.not.equal(first.access_token);
      expect(next.expires_in).to.equal(7200);
      await hi();
      expect(await send(text('a'), String(first.access_token))).to.equal(0);
      expect(await send(text('b'), String(next.access_token))).to.equal(0);
      now += 300_000;
      expect(await send(text('c'), String(first.access_token))).to.equal(42001);
      expect(simulator.calls.get('stable_token')).to.equal(3);
    });

    it('ends the others at once where it is forced, 30 s apart, 20 times a day', async () => {
      const old = await stub.token();
      const forced = async (): Promise<Record<string, unknown>> =>
        stub.call('stable_token', order({ force_refresh: true }));
      const first = (await forced()).access_token;
      expect(first).to.not.equal(old);
      expect(await send(text('a'), old)).to.equal(40001);
      now += 29_000;
      expect((await forced()).access_token).to.equal(first);
      for (let n = 2; n <= 20; n += 1) {
        now += 30_000;
        expect((await forced()).access_token).to.be.a('string');
      }
      now += 30_000;
      expect((await forced()).errcode).to.equal(45009);
    });
  });

  it('refuses calls without a token, with a broken and with an unknown one', async () => {
    expect((await stub.call('message/custom/send', text('a'))).errcode).to.equal(41001);
    expect(await send(text('a'), 'nonsense')).to.equal(40014);
    expect(await send(text('a'), `1_${'a'.repeat(80)}`)).to.equal(40001);
  });

  it('shows a text and says who sent it how', async () => {
    await hi();
    expect(await send(text('在的'))).to.equal(0);
    const [bubble] = simulator.phone('o1').screen;
    expect([bubble?.text, bubble?.kind, bubble?.by]).to.deep.equal(['在的', 'text', 'active']);
    expect(simulator.refused).to.deep.equal([]);
  });

  it('counts escapes in the JSON that should have been characters', async () => {
    await hi();
    const ordinary = JSON.stringify(text('a\\u4f60\u0007'));
    expect(await send(ordinary)).to.equal(0);
    expect(simulator.escaped).to.equal(0);
    expect(await send(ordinary.replace('a', '\\u4f60'))).to.equal(0);
    expect(simulator.escaped).to.equal(1);
  });

  const menu = { head_content: '选', list: [{ id: '1', content: '好' }], tail_content: '谢谢' };
  const RULES: readonly [what: string, order: unknown, code: number][] = [
    ['no JSON', '{', 47001],
    ['JSON that is no object', '[]', 47001],
    ['nothing', '', 44002],
    ['an unknown openid', { ...text('a'), touser: 'nobody' }, 40003],
    ['an unknown type', { touser: 'o1', msgtype: 'toString' }, 40008],
    ['an empty text', text(''), 44004],
    ['a missing text', text(undefined), 44004],
    ['a text that is a number', text(1), 47001],
    ['a body that is missing', { touser: 'o1', msgtype: 'text' }, 47001],
    ['2049 bytes', text(`${'好'.repeat(682)}abc`), 45002],
    ['an unknown picture', { touser: 'o1', msgtype: 'image', image: { media_id: 'x' } }, 40007],
    ['an unknown voice', { touser: 'o1', msgtype: 'voice', voice: { media_id: 'x' } }, 40007],
    ['a video without its picture', { touser: 'o1', msgtype: 'video', video: {} }, 40007],
    ['music without an address', { touser: 'o1', msgtype: 'music', music: {} }, 40035],
    ['no article', { touser: 'o1', msgtype: 'news', news: { articles: [] } }, 47001],
    ['two articles', { touser: 'o1', msgtype: 'news', news: { articles: [{}, {}] } }, 45008],
    ['an untitled article', { touser: 'o1', msgtype: 'news', news: { articles: [{}] } }, 40035],
    ['an unknown material', { touser: 'o1', msgtype: 'mpnews', mpnews: { media_id: 'x' } }, 40007],
    ['a card without its id', { touser: 'o1', msgtype: 'wxcard', wxcard: {} }, 40035],
    [
      'a mini program without its id',
      { touser: 'o1', msgtype: 'miniprogrampage', miniprogrampage: {} },
      40035,
    ],
    ['an empty menu', { touser: 'o1', msgtype: 'msgmenu', msgmenu: { ...menu, list: [] } }, 47001],
    [
      'an item without id',
      { touser: 'o1', msgtype: 'msgmenu', msgmenu: { list: [{ content: 'a' }] } },
      40035,
    ],
  ];
  for (const [what, order, code] of RULES) {
    it(`refuses ${what} with ${code}`, async () => {
      await hi();
      expect(await send(order)).to.equal(code);
      expect(lastRefused()).to.include({ call: 'message/custom/send', code });
      expect(simulator.phone('o1').quota.left).to.equal(5);
      expect(simulator.phone('o1').screen).to.deep.equal([]);
    });
  }

  it('takes 2048 bytes, an article and a menu, whose items can be tapped', async () => {
    await hi();
    expect(await send(text(`${'好'.repeat(682)}ab`))).to.equal(0);
    const articles = [{ title: '标题', description: '说明', url: 'https://a.example/' }];
    expect(await send({ touser: 'o1', msgtype: 'news', news: { articles } })).to.equal(0);
    expect(await send({ touser: 'o1', msgtype: 'msgmenu', msgmenu: menu })).to.equal(0);
    const shown = simulator.phone('o1').screen.at(-1);
    expect(shown).to.deep.include({ kind: 'menu', text: '选\n谢谢' });
    expect(shown?.items).to.deep.equal([{ id: '1', title: '好' }]);
    await simulator.phone('o1').do({ kind: 'tap', id: '1' });
    const tap = stub.pushes.at(-1)?.message;
    expect([textOf(tap, 'Content'), textOf(tap, 'bizmsgmenuid')]).to.deep.equal(['好', '1']);
  });

  it('refuses menus and templates of an account that is not verified, and all without permission', async () => {
    await simulator.stop();
    await stub.stop();
    await begin({ verified: false });
    await hi();
    expect(await send({ touser: 'o1', msgtype: 'msgmenu', msgmenu: menu })).to.equal(40200);
    const template = { touser: 'o1', template_id: 't', data: {} };
    const sent = await stub.call('message/template/send', template, await stub.token());
    expect(sent.errcode).to.equal(48001);
    await simulator.stop();
    await stub.stop();
    await begin({ custom: false });
    await hi();
    expect(await send(text('a'))).to.equal(48001);
  });

  describe('quota', () => {
    it('lets five go for each message within 48 hours', async () => {
      expect(simulator.phone('o1').quota.left).to.equal(0);
      expect(await send(text('0'))).to.equal(45015);
      await hi();
      for (let n = 1; n <= 5; n += 1) expect(await send(text(`${n}`))).to.equal(0);
      expect(await send(text('6'))).to.equal(45047);
      await hi();
      expect(await send(text('7'))).to.equal(0);
      now += 48 * HOUR - 1;
      expect(await send(text('8'))).to.equal(0);
      now += 1;
      expect(await send(text('9'))).to.equal(45015);
    });

    for (const name of ['CLICK', 'SCAN', 'subscribe', 'scancode_push', 'scancode_waitmsg']) {
      it(`lets three go within a minute of ${name}`, async () => {
        await simulator.phone('o1').do({ kind: 'event', name, key: 'k' });
        for (let n = 1; n <= 3; n += 1) expect(await send(text(`${n}`))).to.equal(0);
        expect(await send(text('4'))).to.equal(45047);
        now += 60_000;
        expect(await send(text('5'))).to.equal(45015);
      });
    }

    it('gives nothing for other events, and nothing more once the customer has unfollowed', async () => {
      await simulator.phone('o1').do({ kind: 'event', name: 'VIEW', key: 'https://a.example/' });
      expect(await send(text('a'))).to.equal(45015);
      await hi();
      await simulator.phone('o1').do({ kind: 'event', name: 'unsubscribe' });
      expect(await send(text('a'))).to.equal(45015);
    });

    it('uses what ends soonest first', async () => {
      await hi();
      await simulator.phone('o1').do({ kind: 'event', name: 'CLICK', key: 'k' });
      for (let n = 1; n <= 3; n += 1) await send(text(`${n}`));
      now += 60_000;
      expect(simulator.phone('o1').quota.left).to.equal(5);
    });
  });

  it('keeps media for three days, by kind, format and size', async () => {
    const kept = await upload('image', 'a.png', PNG);
    expect(kept).to.have.all.keys('type', 'media_id', 'created_at');
    expect(await upload('thumb', 'a.jpg', JPEG)).to.have.property('thumb_media_id');
    const codes = [
      await upload('file', 'a.png', PNG),
      await upload('image', 'a.png', Buffer.from('GIF')),
      await upload('image', 'a.png', Buffer.alloc(0)),
      await upload('image', 'a.png', Buffer.concat([PNG, Buffer.alloc(2 * 1024 * 1024)])),
      await upload('thumb', 'a.jpg', Buffer.concat([JPEG, Buffer.alloc(64 * 1024)])),
      await upload('voice', 'a.wav', PNG),
    ];
    expect(codes.map((c) => c.errcode)).to.deep.equal([40004, 40005, 40006, 45001, 45001, 40005]);
    const token = await stub.token();

    await hi();
    const image = { media_id: kept.media_id };
    expect(await send({ touser: 'o1', msgtype: 'image', image })).to.equal(0);
    expect(await send({ touser: 'o1', msgtype: 'voice', voice: image })).to.equal(40007);
    const bubble = simulator.phone('o1').screen.at(-1);
    const picture = await fetch(`${simulator.url}${bubble?.picture ?? ''}`);
    expect(Buffer.from(await picture.arrayBuffer())).to.deep.equal(PNG);

    const get = async (key: string): Promise<Response> =>
      fetch(
        `${simulator.url}/cgi-bin/media/get?access_token=${key}&media_id=${String(kept.media_id)}`,
      );
    const got = await get(token);
    expect(got.headers.get('content-type')).to.equal('image/png');
    expect(Buffer.from(await got.arrayBuffer())).to.deep.equal(PNG);
    now += 72 * HOUR;
    expect(await (await get(await stub.token())).json()).to.have.property('errcode', 40007);
  });

  it('finds no media in a form that is broken', async () => {
    const head = 'Content-Disposition: form-data; name="media"; filename="a.png"';
    const forms = [
      ['multipart/form-data; boundary=x', `--x\r\n${head}\r\n\r\nabc`],
      ['multipart/form-data; boundary=x', ''],
      ['multipart/form-data; x', 'x'],
      ['image/png', 'x'],
    ] as const;
    const query = `access_token=${await stub.token()}&type=image`;
    for (const [type, body] of forms) {
      const headers = { 'Content-Type': type };
      const to = `${simulator.url}/cgi-bin/media/upload?${query}`;
      const sent = await fetch(to, { method: 'POST', headers, body });
      expect(await sent.json(), body).to.have.property('errcode', 41005);
    }
  });

  it('types once for 15 s, soon after the customer, until a message comes', async () => {
    const type = async (command = 'Typing'): Promise<unknown> =>
      (await stub.call('message/custom/typing', { touser: 'o1', command }, await stub.token()))
        .errcode;
    simulator.phone('o1');
    expect(await type()).to.equal(45080);
    await hi();
    expect(await type('typing')).to.equal(45072);
    expect(await type()).to.equal(0);
    expect(simulator.phone('o1').typing).to.equal(true);
    expect(await type()).to.equal(45081);
    await send(text('a'));
    expect(simulator.phone('o1').typing).to.equal(false);
    expect(await type()).to.equal(0);
    expect(await type('CancelTyping')).to.equal(0);
    now += 31_000;
    expect(await type()).to.equal(45080);
  });

  it('delivers a template and pushes what became of it', async () => {
    const order = { touser: 'o1', template_id: 't1', data: { number: { value: '20261101001' } } };
    simulator.phone('o1');
    const sent = await stub.call('message/template/send', order, await stub.token());
    expect(sent.errcode).to.equal(0);
    expect(simulator.phone('o1').screen.at(-1)?.text).to.equal('t1\n20261101001');
    while (stub.pushes.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const event = stub.pushes[0]?.message;
    expect(textOf(event, 'Event')).to.equal('TEMPLATESENDJOBFINISH');
    expect(textOf(event, 'MsgID')).to.equal(String(sent.msgid));
    expect(textOf(event, 'Status')).to.equal('success');
    await simulator.phone('o1').do({ kind: 'event', name: 'unsubscribe' });
    const refused = await stub.call('message/template/send', order, await stub.token());
    expect(refused.errcode).to.equal(43004);
  });

  it('delivers a subscription notice for each time the customer allowed it', async () => {
    const order = { touser: 'o1', template_id: 't1', data: { a: { value: 'b' } } };
    const notify = async (): Promise<unknown> =>
      (await stub.call('message/subscribe/bizsend', order, await stub.token())).errcode;
    simulator.phone('o1');
    expect(await notify()).to.equal(43101);
    await simulator.phone('o1').event('subscribe_msg_popup_event', 't1');
    expect(await notify()).to.equal(0);
    expect(await notify()).to.equal(43101);
  });

  it('takes a menu of the documented shape', async () => {
    const create = async (button: unknown): Promise<unknown> =>
      (await stub.call('menu/create', { button }, await stub.token())).errcode;
    const click = { type: 'click', name: '退货', key: 'returns' };
    expect(await create([click, { name: '更多', sub_button: [click, click] }])).to.equal(0);
    expect(await create([click, click, click, click])).to.equal(40016);
    expect(await create([{ name: 'x', sub_button: Array(6).fill(click) }])).to.equal(40023);
    expect(await create([{ ...click, type: 'tap' }])).to.equal(40017);
    expect(await create([{ ...click, key: '' }])).to.equal(40019);
    expect(await create([{ type: 'view', name: 'x', url: 'x' }])).to.equal(40035);
  });

  it('answers drawn faults instead of doing it, and cuts connections before and behind it', async () => {
    await simulator.stop();
    await stub.stop();
    let fault: number | undefined;
    let cut: 'before' | 'after' | undefined;
    const custom = (call: string): boolean => call === 'message/custom/send';
    await begin({
      fault: (call) => (custom(call) ? fault : undefined),
      cut: (call) => (custom(call) ? cut : undefined),
    });
    await hi();
    fault = -1;
    expect(await send(text('a'))).to.equal(-1);
    fault = undefined;
    const broken = async (): Promise<unknown> => send(text('b')).catch(() => 'broken');
    cut = 'before';
    expect(await broken()).to.equal('broken');
    expect(simulator.phone('o1').screen).to.have.length(0);
    cut = 'after';
    expect(await broken()).to.equal('broken');
    expect(simulator.phone('o1').screen).to.have.length(1);
    expect(simulator.refused).to.deep.equal([]);
  });

  it('knows no other calls and no other methods', async () => {
    const token = await stub.token();
    expect((await stub.call('constructor', {}, token)).errcode).to.equal(40066);
    expect((await stub.call('getcallbackip', {}, token)).errcode).to.equal(43002);
    const got = await fetch(`${simulator.url}/cgi-bin/getcallbackip?access_token=${token}`);
    expect(await got.json()).to.deep.equal({ ip_list: ['127.0.0.1'] });
  });
});
