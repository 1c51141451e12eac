import { expect } from 'chai';
import type { Reply } from '../../../src/message.ts';
import { eventXml, startStand, textXml, until, type Stand } from './stand.ts';

const bot = (text: string, more: Partial<Reply> = {}): Reply => ({ from: 'bot', text, ...more });
const choices = [
  { value: 'quality', title: '质量问题' },
  { value: 'mind', title: 'Changed & "mind" <1>' },
];

describe('wechat: the budget of replies', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await startStand({ holdMs: 200, publicUrl: 'https://chat.example' });
  });
  afterEach(() => stand.stop());

  const delivered = () => stand.delivered();
  const sends = () => stand.sends();
  const texts = () => sends().map((s) => s.text?.content ?? s.msgtype ?? '');

  const five = (n: number) => Array.from({ length: n }, (_, i) => bot('', { cards: [card(i)] }));
  const card = (i: number) => ({ title: `卡${i}`, url: `https://shop.example/${i}` });

  it('of a message is 5 calls; a turn that would exceed it is merged', async () => {
    await stand.late(five(5));
    await until(() => sends().length === 5);
    await delivered();
    expect(new Set(sends().map((s) => s.msgtype))).to.deep.equal(new Set(['news']));
    await stand.late(five(6));
    await until(() => sends().length === 6);
    await delivered();
    expect(texts()[5]).to.equal(
      Array.from({ length: 6 }, (_, i) => `卡${i}\nhttps://shop.example/${i}`).join('\n\n'),
    );
    expect(await stand.undelivered()).to.deep.equal([]);
  });

  it('choices are merged into the text before pictures and cards are', async () => {
    await stand.late([...five(4), bot('一', { choices }), bot('二', { choices })]);
    await until(() => sends().length === 5);
    await delivered();
    expect(sends().map((s) => s.msgtype)).to.deep.equal(['news', 'news', 'news', 'news', 'text']);
  });

  it('what still can’t be sent is undeliverable, with the reason', async () => {
    const long = '长文。'.repeat(220);
    await stand.late(Array.from({ length: 7 }, () => bot(long)));
    await until(async () => (await stand.undelivered()).length > 0);
    await delivered();
    expect(sends()).to.have.length(5);
    const lost = await stand.undelivered();
    expect(lost).to.have.length(2);
    for (const { state, error } of lost) {
      expect(state).to.equal('dead');
      expect(error).to.match(/5 replies that WeChat allows within 48 hours.*used up/);
    }
  });

  it('a redelivery pays for nothing', async () => {
    const xml = textXml('hi', { id: '77', at: stand.now() });
    stand.answer = () => five(5);
    await stand.push(xml);
    await until(() => sends().length === 5);
    await delivered();
    await stand.push(xml);
    const budget = await stand.store.channelState('wechat').get('budget:default:alice');
    expect(budget).to.have.nested.property('[0].left', 0);
  });

  it('of a menu button is 3 in a minute; other buttons pay for nothing', async () => {
    const key = '<EventKey><![CDATA[K]]></EventKey>';
    await stand.late(five(3), eventXml('CLICK', stand.now(), key));
    await until(() => sends().length === 3);
    await delivered();
    await stand.late(five(1), eventXml('VIEW', stand.now(), key));
    await until(async () => (await stand.undelivered()).length === 1);
    expect(sends()).to.have.length(3);
  });

  it('ends with its time', async () => {
    stand.answer = () => [bot('hi')];
    await stand.say('hi');
    await delivered();
    stand.advance(48 * 3600 * 1000 + 1);
    await stand.late(five(1), eventXml('VIEW', stand.now(), '<EventKey>a</EventKey>'));
    await until(async () => (await stand.undelivered()).length === 1);
    expect(sends()).to.deep.equal([]);
  });

  it('spent, an answer in time still goes inside the request', async () => {
    stand.answer = () => [bot('选', { choices }), bot('', { cards: [card(1)] })];
    const { reply } = await stand.push(eventXml('VIEW', stand.now(), '<EventKey>a</EventKey>'));
    expect(reply?.Content).to.match(/^选\n\n<a href=[^]*\n\n卡1\nhttps:/);
    await delivered();
    expect(sends()).to.deep.equal([]);
  });
});
