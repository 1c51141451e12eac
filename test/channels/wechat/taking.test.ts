import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Reply } from '../../../src/message.ts';
import { eventXml, startStand, textXml, until, type Stand } from './stand.ts';

const bot = (text: string, more: Partial<Reply> = {}): Reply => ({ from: 'bot', text, ...more });

describe('wechat: what is taken', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await startStand({ holdMs: 300 });
    stand.answer = () => [];
  });
  afterEach(() => stand.stop());

  const message = (type: string, fields: string, id = '1') =>
    textXml('', { id, at: stand.now() })
      .replace('[text]', `[${type}]`)
      .replace(/<Content>.*<\/Content>/, fields);
  const media = '<MediaId><![CDATA[MEDIA-1]]></MediaId>';
  const contents = () => stand.accepted.map((a) => a.content);

  it('an image is fetched at once and kept', async () => {
    stand.provider.file = { contentType: 'image/jpeg', bytes: Buffer.from('a picture') };
    const picture = '<PicUrl><![CDATA[http://mmbiz.qpic.cn/x]]></PicUrl>';
    expect((await stand.push(message('image', picture + media))).body).to.equal('success');
    const [content] = contents();
    if (content?.kind !== 'attachment') throw new Error('no attachment');
    const [file] = content.attachments;
    expect(file).to.include({ kind: 'image', contentType: 'image/jpeg', name: 'MEDIA_ID.jpg' });
    expect(file?.url).to.match(/^\/channels\/wechat\/files\//);
    expect(stand.provider.of('media/get')[0]?.query.get('media_id')).to.equal('MEDIA-1');
    const served = await fetch(stand.base + (file?.url ?? ''));
    expect(await served.text()).to.equal('a picture');
    await stand.push(message('image', picture + media));
    expect(stand.provider.of('media/get')).to.have.length(1);
  });

  it('an image that can’t be fetched is taken without it, and nothing else is asked for it', async () => {
    stand.provider.always('media/get', 40007);
    const picture = '<PicUrl><![CDATA[http://mmbiz.qpic.cn/x]]></PicUrl>';
    await stand.push(message('image', picture + media));
    expect(contents()).to.deep.equal([
      {
        kind: 'attachment',
        attachments: [
          {
            kind: 'image',
            name: 'image.jpg',
            contentType: 'image/jpeg',
            url: 'http://mmbiz.qpic.cn/x',
          },
        ],
        text: '',
      },
    ]);
    expect(stand.logged.join('')).to.include('was not fetched');
  });

  it('a download that hangs does not hold the message', async () => {
    await stand.stop();
    stand = await startStand({ mediaMs: 60 });
    stand.provider.next('media/get', 'hang');
    await stand.push(message('voice', media));
    await until(() => stand.accepted.length === 1);
    expect(contents()[0]).to.deep.equal({
      kind: 'attachment',
      attachments: [
        {
          kind: 'audio',
          name: 'voice.amr',
          contentType: 'audio/amr',
          url: 'wechat:media/MEDIA-1',
        },
      ],
      text: '',
    });
  });

  it('of a voice its words are taken, else its file', async () => {
    stand.provider.file = { contentType: 'audio/amr', bytes: Buffer.from('#!AMR') };
    const words = '<Recognition><![CDATA[我要退货。]]></Recognition>';
    await stand.push(message('voice', media + words, '1'));
    await stand.push(message('voice', `${media}<Format>amr</Format><Recognition/>`, '2'));
    expect(contents()[0]).to.deep.equal({ kind: 'text', text: '我要退货。' });
    expect(contents()[1]).to.have.nested.property('attachments[0].contentType', 'audio/amr');
  });

  it('a key that is a dialog or an entry starts it; others are recorded', async () => {
    const click = (key: string) =>
      stand.push(eventXml('CLICK', stand.now(), `<EventKey><![CDATA[${key}]]></EventKey>`));
    for (const key of ['return-order', 'faq:delivery', 'nothing-known', 'K 1']) await click(key);
    await stand.push(
      eventXml('SCAN', stand.now(), '<EventKey><![CDATA[return-order]]></EventKey>'),
    );
    await stand.push(
      eventXml('subscribe', stand.now(), '<EventKey>qrscene_return-order</EventKey>'),
    );
    expect(contents()).to.deep.equal([
      { kind: 'choice', value: 'return-order', text: '退货' },
      { kind: 'choice', value: 'faq:delivery', text: 'faq:delivery' },
      { kind: 'event', name: 'click', value: { key: 'nothing-known' } },
      { kind: 'event', name: 'click', value: { key: 'K 1' } },
      { kind: 'choice', value: 'return-order', text: '退货' },
      { kind: 'choice', value: 'return-order', text: '退货' },
    ]);
  });

  it('one customer who writes much too fast is told 429, others are not', async () => {
    await stand.stop();
    const user = { perSecond: 1, burst: 3, maxDelayMs: 50 };
    stand = await startStand({ limits: { user } });
    const texts = Array.from({ length: 6 }, (_, i) => stand.say(String(i)));
    const statuses = (await Promise.all(texts)).map((a) => a.status);
    expect(statuses.filter((s) => s === 200)).to.have.length(3);
    expect(statuses.filter((s) => s === 429)).to.have.length(3);
    expect((await stand.say('hi', { user: 'bob' })).status).to.equal(200);
  });
});

describe('wechat: several accounts', () => {
  const other = { appId: 'wx1111111111111111', token: 'othertoken', aesKey: 'A'.repeat(43) };
  let stand: Stand;
  let file: string;
  const row = {
    name: 'second',
    ...other,
    appSecret: 'other-secret',
    lang: 'en',
    menu: { HELP: 'return-order', HOURS: 'When are you open?' },
    scenes: { 'shop-1': 'faq:delivery' },
    choices: 'numbers',
    transferToKf: true,
  };

  async function start(rows: unknown, env: Readonly<Record<string, string>> = {}): Promise<void> {
    file = path.join(tmpdir(), `yingda-accounts-${process.pid}-${Date.now()}.json`);
    await writeFile(file, JSON.stringify(rows));
    stand = await startStand({ env: { WECHAT_ACCOUNTS: file, ...env }, holdMs: 300 });
  }

  const push = (xml: string) =>
    stand.push(xml, { path: '/channels/wechat/second', account: other });

  afterEach(async () => {
    await stand.stop();
    await rm(file, { force: true });
  });

  it('each have their own route, keys, conversations and token', async () => {
    await start([row]);
    stand.answer = () => [bot('', { cards: [{ title: 'x', url: 'https://x.example' }] })];
    const xml = textXml('hi', { id: '1', at: stand.now() });
    expect((await stand.push(xml)).body).to.equal('success');
    expect((await push(xml)).body).to.equal('success');
    await until(() => stand.provider.of('message/custom/send').length === 2);
    expect((await stand.push(xml, { path: '/channels/wechat/second' })).status).to.equal(403);
    expect((await stand.push(xml, { path: '/channels/wechat/third' })).status).to.equal(404);
    expect(stand.accepted.map((a) => [a.address.account, a.lang])).to.deep.equal([
      ['default', undefined],
      ['second', 'en'],
    ]);
    const secrets = stand.provider.of('stable_token').map((c) => c.json.secret);
    expect(secrets).to.have.members(['the-app-secret', 'other-secret']);
    expect(stand.channel.health?.().notes.join('\n')).to.match(/^default: [^]*\nsecond: /);
  });

  it('may be all there is', async () => {
    const without = {
      WECHAT_APP_ID: '',
      WECHAT_APP_SECRET: '',
      WECHAT_TOKEN: '',
      WECHAT_AES_KEY: '',
    };
    await start([row], without);
    stand.answer = () => [bot('hi')];
    expect((await stand.say('hi')).status).to.equal(404);
    const answer = await push(textXml('hi', { id: '1', at: stand.now() }));
    expect(answer.reply?.Content).to.equal('hi');
  });

  it('map keys and scenes', async () => {
    await start([row]);
    stand.answer = () => [];
    const key = (name: string) => `<EventKey><![CDATA[${name}]]></EventKey>`;
    await push(eventXml('CLICK', stand.now(), key('HELP')));
    await push(eventXml('CLICK', stand.now(), key('HOURS')));
    await push(eventXml('SCAN', stand.now(), key('shop-1')));
    await push(eventXml('subscribe', stand.now(), key('qrscene_shop-1')));
    expect(stand.accepted.map((a) => a.content)).to.deep.equal([
      { kind: 'choice', value: 'return-order', text: '退货' },
      { kind: 'text', text: 'When are you open?' },
      { kind: 'choice', value: 'faq:delivery', text: 'shop-1' },
      { kind: 'choice', value: 'faq:delivery', text: 'shop-1' },
    ]);
  });

  it('hand over to WeChat’s own console where they are told to', async () => {
    await start([row]);
    stand.answer = () => [
      bot('正在为您转接。'),
      bot('', { event: { name: 'handoff.initiate', value: {} } }),
    ];
    const { reply } = await push(textXml('人工', { id: '1', at: stand.now() }));
    expect(reply?.MsgType).to.equal('transfer_customer_service');
    await until(() => stand.provider.of('message/custom/send').length === 1);
    expect(stand.provider.of('message/custom/send')[0]?.json.text?.content).to.equal(
      '正在为您转接。',
    );
    stand.answer = () => [bot('', { event: { name: 'handoff.initiate', value: {} } })];
    const alone = await push(textXml('人工', { id: '2', at: stand.now() }));
    expect(alone.reply?.MsgType).to.equal('transfer_customer_service');
  });

  it('show numbers where they are told to', async () => {
    await start([row]);
    stand.answer = () => [
      bot('为什么退？', {
        choices: [
          { value: 'a', title: '质量' },
          { value: 'b', title: '不想要' },
        ],
      }),
    ];
    const { reply } = await push(textXml('退货', { id: '1', at: stand.now() }));
    expect(reply?.Content).to.equal('为什么退？\n\n1. 质量\n2. 不想要');
  });

  it('name every fault of their file, and of the variables', async () => {
    await start([row]);
    const faults = async (env: Readonly<Record<string, string>>): Promise<string> => {
      try {
        const second = await startStand({ env });
        await second.stop();
        return 'none';
      } catch (error) {
        return String(error);
      }
    };
    const bad = [
      { ...row, mode: 'clear', extra: 1 },
      { name: 'x', ...other, token: '!' },
    ];
    await writeFile(file, JSON.stringify(bad));
    const told = await faults({ WECHAT_ACCOUNTS: file });
    expect(told)
      .to.match(/\[1\]\.mode/)
      .and.match(/extra/)
      .and.match(/\[2\]\.token/);
    expect(told)
      .to.match(/\[2\]\.appSecret/)
      .and.not.include('othertoken');
    expect(await faults({ WECHAT_AES_KEY: '' })).to.match(/WECHAT_AES_KEY: is missing.*plain/);
    expect(await faults({ WECHAT_AES_KEY: 'short' })).to.match(/43 letters and digits/);
    expect(await faults({ WECHAT_AES_KEY: '', WECHAT_MODE: 'plain' })).to.equal('none');
    expect(
      await faults({
        WECHAT_MODE: 'open',
        WECHAT_LANG: 'fr',
        WECHAT_TEMPLATE_ID: 'x',
        WECHAT_TOKEN: '-',
      }),
    ).to.match(/WECHAT_TOKEN[^]*WECHAT_MODE[^]*WECHAT_LANG[^]*WECHAT_TEMPLATE_FIELD/);
    expect(await faults({ WECHAT_API_BASE: 'api.weixin.qq.com' })).to.match(/WECHAT_API_BASE/);
  });
});
