import { expect } from 'chai';
import type { Reply } from '../../../src/message.ts';
import { startStand, until, type Stand } from './stand.ts';

const SEND = 'message/custom/send';
const bot = (text: string, more: Partial<Reply> = {}): Reply => ({ from: 'bot', text, ...more });
const choices = [
  { value: 'quality', title: '质量问题' },
  { value: 'mind', title: 'Changed & "mind" <1>' },
];

describe('wechat: what WeChat answers to calls', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await startStand({ holdMs: 200, publicUrl: 'https://chat.example' });
  });
  afterEach(() => stand.stop());

  const delivered = () => stand.delivered();
  const sends = () => stand.sends();
  const texts = () => sends().map((s) => s.text?.content ?? s.msgtype ?? '');

  describe('what WeChat answers', () => {
    it('-1 and 45011 are tried again', async () => {
      stand.provider.next(SEND, -1, 0);
      await stand.late([bot('一')]);
      await until(() => sends().length === 2);
      await delivered();
      stand.provider.next(SEND, 45011, 0);
      await stand.late([bot('二')]);
      await until(() => sends().length === 3);
      expect(await stand.store.outbox.backlog()).to.equal(1);
      stand.advance(2000);
      await until(() => sends().length === 4);
      await delivered();
      expect(texts()).to.deep.equal(['一', '一', '二', '二']);
      expect(await stand.undelivered()).to.deep.equal([]);
      const budget = await stand.store.channelState('wechat').get('budget:default:alice');
      expect(budget, 'a refused call is not counted').to.have.nested.property('[0].left', 4);
    });

    for (const [code, why] of [
      [45015, /48 hours/],
      [45047, /used up/],
      [43004, /does not follow/],
      [48002, /blocks/],
      [50002, /restricted/],
    ] as const) {
      it(`${code} ends a reply, with the reason`, async () => {
        stand.provider.always(SEND, code);
        await stand.late([bot('一'), bot('二', { choices })]);
        await until(async () => (await stand.undelivered()).length === 2);
        for (const { state, error } of await stand.undelivered()) {
          expect(state).to.equal('dead');
          expect(error).to.match(why).and.include(String(code));
        }
        await delivered();
        expect(sends()).to.have.length(1);
      });
    }

    it('no answer is an unknown outcome, never sent again by itself', async () => {
      stand.provider.next(SEND, 'cut');
      await stand.late([bot('一')]);
      await until(async () => (await stand.undelivered()).length === 1);
      expect((await stand.undelivered())[0]?.state).to.equal('unknown');
      stand.advance(3600 * 1000);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(sends()).to.have.length(1);
    });

    it('of a long reply that stopped half-way only the rest is sent later', async () => {
      const text = '第一句话。'.repeat(200);
      stand.provider.next(SEND, 0, 45011, 0);
      await stand.late([bot(text)]);
      await until(() => sends().length === 2);
      await until(async () => (await stand.store.outbox.backlog()) === 1);
      stand.advance(2000);
      await until(() => sends().length === 3);
      await delivered();
      expect(texts()[0]! + texts()[2]!).to.equal(text);
      expect(texts()[1]).to.equal(texts()[2]);
    });

    it('a refused token is replaced once; 50 sends at its end ask for one', async () => {
      stand.provider.next(SEND, 40001, 0);
      await stand.late([bot('一')]);
      await until(() => sends().length === 2);
      await delivered();
      const used = stand.provider.of(SEND).map((c) => c.query.get('access_token'));
      expect(used).to.deep.equal(['token-1', 'token-2']);
      stand.advance(7200 * 1000);
      const users = Array.from({ length: 50 }, (_, i) => `user${i}`);
      stand.answer = () => [bot('', { cards: [{ title: 'x', url: 'https://shop.example' }] })];
      await Promise.all(users.map((user) => stand.say('hi', { user })));
      await until(() => sends().length === 52);
      const [first] = stand.provider.of('stable_token');
      expect(first?.json).to.deep.equal({
        grant_type: 'client_credential',
        appid: 'wx5823bf96d3bd56c7',
        secret: 'the-app-secret',
      });
      expect(stand.provider.of('stable_token')).to.have.length(3);
    });

    it('without a token replies wait, and health says what to do', async () => {
      stand.provider.always('stable_token', 40164);
      await stand.late([bot('一')]);
      await until(() => stand.provider.of('stable_token').length > 0);
      await until(() => stand.channel.health?.().ok === false);
      expect(stand.channel.health?.().notes.join('\n')).to.match(/40164.*IP allowlist/);
      expect(await stand.undelivered()).to.deep.equal([]);
      stand.provider.always('stable_token', 0);
      stand.advance(2000);
      await until(() => sends().length === 1);
      await delivered();
      expect(stand.channel.health?.()).to.have.property('ok', true);
      expect(stand.channel.health?.().notes.join('\n')).to.not.match(/token-|the-app-secret/);
    });
  });

  describe('a template', () => {
    beforeEach(async () => {
      await stand.stop();
      const env = { WECHAT_TEMPLATE_ID: 'tpl', WECHAT_TEMPLATE_FIELD: 'thing1' };
      stand = await startStand({ holdMs: 200, env });
    });

    it('stands in for what may not be sent', async () => {
      stand.provider.next(SEND, 45015);
      await stand.late([
        bot('您的退货申请已经通过，请在七天内把商品寄回我们的仓库。'),
        bot('谢谢'),
      ]);
      await until(() => stand.provider.of('message/template/send').length === 1);
      await delivered();
      expect(stand.provider.of('message/template/send')[0]?.json).to.deep.equal({
        touser: 'alice',
        template_id: 'tpl',
        data: { thing1: { value: '您的退货申请已经通过，请在七天内把商品…' } },
      });
      expect(await stand.undelivered()).to.deep.equal([]);
    });

    it('that is refused leaves the first reason', async () => {
      stand.provider.next(SEND, 45047);
      stand.provider.always('message/template/send', 43101);
      await stand.late([bot('一')]);
      await until(async () => (await stand.undelivered()).length === 1);
      expect((await stand.undelivered())[0]?.error).to.match(/used up \(45047\)/);
    });
  });
});
