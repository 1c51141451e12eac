import { createHash } from 'node:crypto';
import { expect } from 'chai';
import startWechat, { type WechatSimulator } from '../../../simulators/wechat/index.ts';
import { OUT_OF_ORDER } from '../../../simulators/wechat/phone.ts';
import { textOf, writeXml } from '../../../simulators/wechat/xml.ts';
import { startStub, type StubServer } from './stub-server.ts';

const NOW = 1_795_000_000_000;

describe("the simulator's pushes for 公众号", () => {
  let simulator: WechatSimulator;
  let stub: StubServer;

  async function begin(options: Parameters<typeof startWechat>[0] = {}): Promise<void> {
    const clock = { now: () => NOW };
    simulator = await startWechat({ clock, resendAfterMs: 30, ...options });
    stub = await startStub(simulator);
  }

  afterEach(async () => {
    await simulator.stop();
    await stub.stop();
  });

  const hi = (user = 'o1'): Promise<boolean> =>
    simulator.phone(user).do({ kind: 'text', text: '你好' });
  const texts = (user = 'o1'): string[] => simulator.phone(user).screen.map((b) => b.text);
  const sha1 = (...parts: (string | null)[]): string =>
    createHash('sha1').update(parts.sort().join('')).digest('hex');

  it('verifies the address by the echo of a string', async () => {
    await begin();
    expect(await simulator.verify()).to.equal(undefined);
    simulator.connect(`${simulator.url}/nowhere`);
    expect(await simulator.verify()).to.equal('HTTP 404');
  });

  it('seals and signs a text, with its id beyond 2^53', async () => {
    await begin();
    expect(await hi()).to.equal(true);
    const [{ query, outer, message }] = stub.pushes as [StubServer['pushes'][0]];
    const token = simulator.env.WECHAT_TOKEN ?? '';
    const [stamp, nonce] = [query.get('timestamp'), query.get('nonce')];
    expect(stamp).to.equal(String(NOW / 1000));
    expect(query.get('signature')).to.equal(sha1(token, stamp, nonce));
    expect(query.get('msg_signature')).to.equal(
      sha1(token, stamp, nonce, textOf(outer, 'Encrypt') ?? ''),
    );
    expect([query.get('openid'), query.get('encrypt_type')]).to.deep.equal(['o1', 'aes']);
    expect(outer.children.map((c) => c.name)).to.deep.equal(['ToUserName', 'Encrypt']);
    expect(message.children.map((c) => c.name)).to.deep.equal([
      'ToUserName',
      'FromUserName',
      'CreateTime',
      'MsgType',
      'Content',
      'MsgId',
    ]);
    expect(textOf(message, 'Content')).to.equal('你好');
    expect(Number(textOf(message, 'MsgId'))).to.be.greaterThan(2 ** 53);
    expect(simulator.phone('o1').screen).to.deep.equal([]);
  });

  it('gives each message a larger id', async () => {
    await begin();
    await hi();
    await hi();
    const [a, b] = stub.pushes.map((p) => BigInt(textOf(p.message, 'MsgId') ?? ''));
    expect(b! > a!).to.equal(true);
  });

  it('sends plain and compatible documents where the account is set to them', async () => {
    await begin({ mode: 'plain' });
    stub.answer = ({ message }) =>
      writeXml({
        ToUserName: textOf(message, 'FromUserName'),
        FromUserName: textOf(message, 'ToUserName'),
        CreateTime: 1,
        MsgType: 'text',
        Content: 'plain',
      });
    await hi();
    expect(simulator.env.WECHAT_MODE).to.equal('plain');
    expect(stub.pushes[0]?.query.has('msg_signature')).to.equal(false);
    expect(textOf(stub.pushes[0]?.outer, 'Content')).to.equal('你好');
    expect(texts()).to.deep.equal(['plain']);
    await simulator.stop();
    await stub.stop();
    await begin({ mode: 'compatible' });
    await hi();
    const [push] = stub.pushes;
    expect(textOf(push?.outer, 'Content')).to.equal('你好');
    expect(textOf(push?.message, 'Content')).to.equal('你好');
  });

  it('resends three times in all, the same message freshly signed, then tells the customer', async () => {
    await begin();
    stub.answer = () => undefined;
    expect(await hi()).to.equal(false);
    expect(stub.pushes).to.have.length(3);
    expect(new Set(stub.pushes.map((p) => textOf(p.message, 'MsgId'))).size).to.equal(1);
    expect(new Set(stub.pushes.map((p) => p.query.get('nonce'))).size).to.equal(3);
    expect(new Set(stub.pushes.map((p) => p.query.get('msg_signature'))).size).to.equal(3);
    const [notice] = simulator.phone('o1').screen;
    expect([notice?.kind, notice?.text]).to.deep.equal(['notice', OUT_OF_ORDER]);
  });

  it('shows the answer of the try that is answered, and of that one alone', async () => {
    await begin({ resendAfterMs: 60 });
    const open: (() => void)[] = [];
    stub.answer = (push, response) => {
      if (stub.pushes.length < 3) {
        open.push(() => response.end(stub.reply(push, { Content: 'late' })));
        return undefined;
      }
      for (const late of open) late();
      return stub.reply(push, { Content: 'third' });
    };
    expect(await hi()).to.equal(true);
    expect(texts()).to.deep.equal(['third']);
  });

  it('tries again where the connection breaks or the server is in trouble', async () => {
    await begin();
    stub.answer = (push, response) => {
      if (stub.pushes.length === 1) response.destroy();
      else if (stub.pushes.length === 2) response.statusCode = 503;
      return stub.reply(push);
    };
    expect(await hi()).to.equal(true);
    expect(stub.pushes).to.have.length(3);
    expect(texts()).to.deep.equal(['您好']);
  });

  it('gives up where nobody listens', async () => {
    await begin();
    await stub.stop();
    expect(await hi()).to.equal(false);
    expect(texts()).to.deep.equal([OUT_OF_ORDER]);
  });

  it('tells nobody that an event without an answer failed', async () => {
    await begin();
    stub.answer = () => 'nonsense';
    expect(await simulator.phone('o1').do({ kind: 'event', name: 'unsubscribe' })).to.equal(false);
    expect(texts()).to.deep.equal([]);
  });

  const WRONG: Readonly<Record<string, (push: StubServer['pushes'][0]) => string>> = {
    JSON: () => '{"errcode":0}',
    'success with a line break': () => 'success\n',
    'a plain reply in safe mode': () =>
      writeXml({
        ToUserName: 'o1',
        FromUserName: 'gh',
        CreateTime: 1,
        MsgType: 'text',
        Content: 'x',
      }),
    'a wrong signature': (p) => stub.reply(p).replace(/<Nonce>.*<\/Nonce>/u, '<Nonce>m</Nonce>'),
    'a reply for somebody else': (p) => stub.reply(p, { ToUserName: 'o2' }),
    'a reply of another account': (p) => stub.reply(p, { FromUserName: 'gh_other' }),
    'an empty text': (p) => stub.reply(p, { Content: '' }),
    'a text of 2049 bytes': (p) => stub.reply(p, { Content: `${'好'.repeat(682)}abc` }),
    'an unknown type': (p) => stub.reply(p, { MsgType: 'msgmenu' }),
    'a missing time': (p) => stub.reply(p, { CreateTime: undefined }),
    'an unknown picture': (p) => stub.reply(p, { MsgType: 'image', Image: { MediaId: 'none' } }),
    'two articles for a message': (p) =>
      stub.reply(p, {
        MsgType: 'news',
        ArticleCount: 2,
        Articles: { item: [{ Title: 'a' }, { Title: 'b' }] },
      }),
  };
  for (const [what, body] of Object.entries(WRONG)) {
    it(`is out of order for ${what}`, async () => {
      await begin();
      stub.answer = body;
      expect(await hi()).to.equal(false);
      expect(stub.pushes).to.have.length(1);
      expect(texts()).to.deep.equal([OUT_OF_ORDER]);
      expect(simulator.refused.map((r) => r.call)).to.deep.equal(['passive reply']);
    });
  }

  it('takes a text of 2048 bytes, an article and a hand-over', async () => {
    await begin();
    const long = `${'好'.repeat(682)}ab`;
    stub.answer = (p) => stub.reply(p, { Content: long });
    await hi();
    stub.answer = (p) =>
      stub.reply(p, {
        MsgType: 'news',
        ArticleCount: 1,
        Articles: { item: [{ Title: '标题', Description: '说明', PicUrl: '', Url: '' }] },
      });
    await hi();
    stub.answer = (p) => stub.reply(p, { MsgType: 'transfer_customer_service' });
    await hi();
    expect(texts()).to.deep.equal([long, '标题\n说明']);
    expect(simulator.refused).to.deep.equal([]);
  });

  it('sends a tap on an item as its words with its id', async () => {
    await begin();
    stub.answer = (p) =>
      stub.reply(p, {
        Content: '<a href="weixin://bizmsgmenu?msgmenucontent=好&msgmenuid=m1">很好</a>',
      });
    await hi();
    stub.answer = () => 'success';
    await simulator.phone('o1').do({ kind: 'tap', id: 'm1' });
    const tap = stub.pushes.at(-1)?.message;
    expect([textOf(tap, 'Content'), textOf(tap, 'bizmsgmenuid')]).to.deep.equal(['好', 'm1']);
    const missed = await simulator.phone('o1').do({ kind: 'tap', id: 'no' }).catch(String);
    expect(missed).to.match(/no/u);
  });

  it('sends a picture with an address on its own origin, and its text behind it', async () => {
    await begin();
    const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 1]);
    await simulator.phone('o1').do({ kind: 'image', name: 'a.png', bytes, text: '看' });
    const [picture, text] = stub.pushes.map((p) => p.message);
    expect(textOf(picture, 'MsgType')).to.equal('image');
    expect(textOf(text, 'Content')).to.equal('看');
    const got = await fetch(textOf(picture, 'PicUrl') ?? '');
    expect(got.headers.get('content-type')).to.equal('image/png');
    expect(Buffer.from(await got.arrayBuffer())).to.deep.equal(bytes);
  });

  it('names events and their keys as the documents do', async () => {
    await begin();
    const phone = simulator.phone('o1');
    await phone.do({ kind: 'join' });
    await phone.do({ kind: 'join', scene: 'shop' });
    await phone.do({ kind: 'event', name: 'SCAN', key: 'shop' });
    await phone.do({ kind: 'event', name: 'CLICK', key: 'returns' });
    const sent = stub.pushes.map(({ message }) => [
      textOf(message, 'Event'),
      textOf(message, 'EventKey'),
      textOf(message, 'Ticket') !== undefined,
      textOf(message, 'MsgId'),
    ]);
    expect(sent).to.deep.equal([
      ['subscribe', '', false, undefined],
      ['subscribe', 'qrscene_shop', true, undefined],
      ['SCAN', 'shop', true, undefined],
      ['CLICK', 'returns', false, undefined],
    ]);
  });

  it('lets nobody write who has unfollowed', async () => {
    await begin();
    await simulator.phone('o1').do({ kind: 'event', name: 'unsubscribe' });
    expect(await hi().catch(String)).to.match(/does not follow/u);
  });
});
