import { expect } from 'chai';
import type { Reply } from '../../../src/message.ts';
import { startStand, type Stand } from './stand.ts';

const SEND = 'message/custom/send';
const bot = (text: string, more: Partial<Reply> = {}): Reply => ({ from: 'bot', text, ...more });

describe('wechat: files and cards', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await startStand({ holdMs: 200, publicUrl: 'https://chat.example' });
  });
  afterEach(() => stand.stop());

  const delivered = () => stand.delivered();
  const sends = () => stand.sends();
  const texts = () => sends().map((s) => s.text?.content ?? s.msgtype ?? '');

  const image = {
    kind: 'image' as const,
    name: 'pic.png',
    contentType: 'image/png',
    url: '',
  };

  it('pictures are uploaded once in 3 days', async () => {
    const url = `${stand.provider.base}/picture.png`;
    stand.answer = () => [bot('看图', { attachments: [{ ...image, url }] })];
    expect((await stand.say('hi')).reply?.Content).to.equal('看图');
    await delivered();
    await stand.say('hi');
    await delivered();
    expect(stand.provider.of('media/upload')).to.have.length(1);
    const [upload] = stand.provider.of('media/upload');
    expect(upload?.query.get('type')).to.equal('image');
    expect(upload?.body.toString('latin1')).to.include('name="media"').and.include('a picture');
    const ids = sends().map((s) => s.image?.media_id);
    expect(new Set(ids).size).to.equal(1);
    stand.advance(3 * 24 * 3600 * 1000);
    await stand.say('hi');
    await delivered();
    expect(stand.provider.of('media/upload')).to.have.length(2);
  });

  it('an upload that WeChat forgot is made again', async () => {
    const url = `${stand.provider.base}/picture.png`;
    stand.answer = () => [bot('', { attachments: [{ ...image, url }] })];
    stand.provider.next(SEND, 40007);
    expect((await stand.say('hi')).body).to.equal('success');
    await delivered();
    expect(stand.provider.of('media/upload')).to.have.length(2);
    expect(sends()).to.have.length(2);
    expect(await stand.undelivered()).to.deep.equal([]);
  });

  it('what is no picture, or can’t be had, goes as its address', async () => {
    stand.provider.next('media/upload', 40004);
    stand.answer = () => [
      bot('', { attachments: [{ ...image, url: `${stand.provider.base}/picture.png` }] }),
      bot('', {
        attachments: [
          { kind: 'file', name: 'a.pdf', contentType: 'application/pdf', url: '/f/a.pdf' },
        ],
      }),
    ];
    await stand.say('hi');
    await delivered();
    expect(texts()).to.deep.equal([
      `pic.png: ${stand.provider.base}/picture.png`,
      'a.pdf: https://chat.example/f/a.pdf',
    ]);
  });

  it('cards go as news, without an address as text', async () => {
    stand.answer = () => [
      bot('', {
        cards: [
          { title: '订单', text: '已发货', url: 'https://shop.example/1', image: '/i.png' },
          { title: '提示', text: '无链接' },
        ],
      }),
    ];
    await stand.say('hi');
    await delivered();
    expect(sends()[0]).to.deep.equal({
      touser: 'alice',
      msgtype: 'news',
      news: {
        articles: [
          {
            title: '订单',
            description: '已发货',
            url: 'https://shop.example/1',
            picurl: 'https://chat.example/i.png',
          },
        ],
      },
    });
    expect(texts()[1]).to.equal('提示\n无链接');
  });
});
