import { expect } from 'chai';
import type { Reply } from '../../../src/message.ts';
import { startStand, type Stand } from './stand.ts';

const SEND = 'message/custom/send';
const bot = (text: string, more: Partial<Reply> = {}): Reply => ({ from: 'bot', text, ...more });
const choices = [
  { value: 'quality', title: '质量问题' },
  { value: 'mind', title: 'Changed & "mind" <1>' },
];

describe('wechat: choices', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await startStand({ holdMs: 200, publicUrl: 'https://chat.example' });
  });
  afterEach(() => stand.stop());

  const delivered = () => stand.delivered();
  const sends = () => stand.sends();

  it('go as a native menu, and the request is told success', async () => {
    stand.answer = () => [bot('为什么退？', { choices })];
    for (let i = 0; i < 2; i += 1) {
      const { body } = await stand.say('退货');
      expect(body).to.equal('success');
      await delivered();
    }
    expect(sends().map((s) => s.msgtype)).to.deep.equal(['msgmenu', 'msgmenu']);
    expect(await stand.undelivered()).to.deep.equal([]);
  });

  for (const code of [40200, 48001]) {
    it(`go as links where menus are refused (${code}), inside the request while it is open`, async () => {
      stand.provider.next(SEND, code);
      stand.answer = () => [bot('为什么退？', { choices })];
      const { reply } = await stand.say('退货');
      await delivered();
      expect(reply?.Content).to.equal(
        '为什么退？\n\n' +
          '<a href="weixin://bizmsgmenu?msgmenucontent=质量问题&msgmenuid=quality">质量问题</a>\n' +
          '<a href="weixin://bizmsgmenu?msgmenucontent=Changed%20%26%20%22mind%22%20%3C1%3E&msgmenuid=mind">' +
          'Changed & "mind" ＜1＞</a>',
      );
      const again = await stand.say('退货');
      expect(again.reply?.Content).to.equal(reply?.Content);
      await delivered();
      expect(sends()).to.have.length(1);
      await stand.restart();
      expect((await stand.say('退货')).reply?.Content).to.equal(reply?.Content);
      expect(sends()).to.have.length(1);
      stand.advance(25 * 3600 * 1000);
      expect((await stand.say('退货')).body).to.equal('success');
      await delivered();
      expect(sends()).to.have.length(2);
    });
  }

  it('too many or too long for a menu go as links', async () => {
    const many = Array.from({ length: 11 }, (_, i) => ({ value: `v${i}`, title: `第${i}项` }));
    stand.answer = () => [bot('选', { choices: many })];
    const { reply } = await stand.say('hi');
    expect(reply?.Content).to.match(/^选\n\n<a href="weixin:/);
    expect(reply?.Content?.split('\n')).to.have.length(13);
  });

  it('come back by menu id, whatever its value was', async () => {
    const value = 'faq:中文的条目';
    stand.answer = () => [bot('选', { choices: [{ value, title: '配送' }] })];
    await stand.say('hi');
    await delivered();
    const id = String(sends()[0]?.msgmenu?.list[0]?.id);
    expect(id).to.match(/^h:[0-9a-f]{32}$/);
    stand.answer = () => [];
    const tap = (menu: string) => `<bizmsgmenuid>${menu}</bizmsgmenuid>`;
    await stand.say('配送', { more: tap(id) });
    await stand.say('质量问题', { more: tap('quality') });
    await stand.say('unknown', { more: tap(`h:${'0'.repeat(32)}`) });
    expect(stand.accepted.slice(1).map((a) => a.content)).to.deep.equal([
      { kind: 'choice', value, text: '配送' },
      { kind: 'choice', value: 'quality', text: '质量问题' },
      { kind: 'text', text: 'unknown' },
    ]);
  });

  it('a long text goes before its menu', async () => {
    const long = '原因很多。'.repeat(100);
    stand.answer = () => [bot(long, { choices })];
    const { reply } = await stand.say('hi');
    await delivered();
    expect(reply?.Content).to.equal(long);
    expect(sends()[0]?.msgmenu?.head_content).to.equal('请选择：');
  });
});
