import { expect } from 'chai';
import { RequestError } from '../../../src/errors.ts';
import type { Reply } from '../../../src/message.ts';
import { eventXml, startStand, textXml, until, type Stand } from './stand.ts';

const bot = (text: string, more: Partial<Reply> = {}): Reply => ({ from: 'bot', text, ...more });
const choices = [
  { value: 'quality', title: '质量问题' },
  { value: 'mind', title: '不想要了' },
];

describe('wechat: the answer inside the request', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await startStand({ holdMs: 300 });
  });
  afterEach(() => stand.stop());

  const delivered = () => until(async () => (await stand.store.outbox.backlog()) === 0);
  const sends = () => stand.provider.of('message/custom/send').map((c) => c.json);

  /** A gate that the turn waits at. */
  function gate(replies: readonly Reply[]): () => void {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    stand.answer = async () => {
      await opened;
      return replies;
    };
    return open;
  }

  it('brings the turn’s texts back as one, encrypted and signed', async () => {
    stand.answer = () => [bot('好的。'), bot('请说订单号。')];
    const { status, reply, body } = await stand.say('我要退货');
    expect(status).to.equal(200);
    expect(body).to.not.include('好的');
    expect(reply).to.include({
      ToUserName: 'alice',
      FromUserName: 'gh_shop',
      MsgType: 'text',
      Content: '好的。\n\n请说订单号。',
    });
    await delivered();
    expect(stand.provider.calls).to.deep.equal([]);
    expect(await stand.undelivered()).to.deep.equal([]);
  });

  it('sends what does not fit by call, in order', async () => {
    const long = '长'.repeat(681);
    stand.answer = () => [bot('一'), bot(long), bot('二')];
    const { reply } = await stand.say('hi');
    await delivered();
    expect(reply?.Content).to.equal(`一\n\n${long}`);
    expect(Buffer.byteLength(reply?.Content ?? '')).to.be.at.most(2048);
    expect(sends().map((s) => s.text?.content)).to.deep.equal(['二']);
  });

  it('splits one long text at 2048 bytes: 45002 can not come', async () => {
    stand.answer = () => [bot('说明很长。'.repeat(500))];
    const { reply } = await stand.say('hi');
    await delivered();
    const parts = [reply?.Content ?? '', ...sends().map((s) => s.text?.content ?? '')];
    expect(parts.join('')).to.equal('说明很长。'.repeat(500));
    for (const part of parts) {
      expect(Buffer.byteLength(part)).to.be.within(1, 2048);
      expect(part).to.match(/。$/);
    }
  });

  it('answers success at once where the turn says nothing', async () => {
    stand.answer = () => [];
    const { body, reply } = await stand.say('hi');
    expect(body).to.equal('success');
    expect(reply).to.be.undefined;
  });

  it('answers success in time and sends a late answer by call, with “typing” between', async () => {
    const open = gate([bot('晚到的回答')]);
    const { body } = await stand.say('hi');
    expect(body).to.equal('success');
    await until(() => stand.provider.of('message/custom/typing').length === 1);
    open();
    await until(() => sends().length === 1);
    expect(sends()[0]).to.deep.equal({
      touser: 'alice',
      msgtype: 'text',
      text: { content: '晚到的回答' },
    });
    await delivered();
  });

  it('a redelivery is no second turn, and gets the answer that the first try was cut from', async () => {
    const open = gate([bot('回答')]);
    const xml = textXml('hi', { id: '7', at: stand.now() });
    const first = await stand.push(xml, { cutAfter: 60 });
    expect(first.status).to.equal(0);
    const second = stand.push(xml);
    await new Promise((resolve) => setTimeout(resolve, 50));
    open();
    expect((await second).reply?.Content).to.equal('回答');
    await delivered();
    const third = await stand.push(xml);
    expect(third.body).to.equal('success');
    expect(stand.accepted).to.have.length(1);
    expect(sends()).to.deep.equal([]);
  });

  it('an answer that comes between two tries waits for the next one', async () => {
    const open = gate([bot('回答')]);
    const xml = textXml('hi', { id: '8', at: stand.now() });
    await stand.push(xml, { cutAfter: 60 });
    open();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await stand.push(xml)).reply?.Content).to.equal('回答');
    await delivered();
    expect(sends()).to.deep.equal([]);
  });

  it('an answer whose request was cut for good goes by call', async () => {
    const open = gate([bot('回答')]);
    await stand.push(textXml('hi', { id: '9', at: stand.now() }), { cutAfter: 60 });
    open();
    await until(() => sends().length === 1);
    await delivered();
    expect(sends()[0]?.text?.content).to.equal('回答');
  });

  it('two copies of one push at once: one turn, one answer', async () => {
    const xml = textXml('hi', { id: '10', at: stand.now() });
    const answers = await Promise.all([stand.push(xml), stand.push(xml), stand.push(xml)]);
    await delivered();
    expect(stand.accepted).to.have.length(1);
    expect(answers.filter((a) => a.reply !== undefined)).to.have.length(1);
    expect(sends()).to.deep.equal([]);
  });

  it('keeps the order of two messages at once', async () => {
    const [a, b] = await Promise.all([stand.say('1'), stand.say('2')]);
    expect([a.reply?.Content, b.reply?.Content]).to.deep.equal(['echo: 1', 'echo: 2']);
  });

  it('a welcome does not take an answer’s place', async () => {
    const welcome = '欢迎'.repeat(300);
    stand.answer = () => [bot(welcome, { key: 'welcome' }), bot('答'.repeat(500))];
    const { reply } = await stand.say('hi');
    await delivered();
    expect(reply?.Content).to.equal('答'.repeat(500));
    expect(sends().map((s) => s.text?.content)).to.deep.equal([welcome]);
  });

  it('a welcome that fits comes first', async () => {
    stand.answer = () => [bot('欢迎', { key: 'welcome' }), bot('答')];
    expect((await stand.say('hi')).reply?.Content).to.equal('欢迎\n\n答');
  });

  it('following is welcomed inside the event’s own request', async () => {
    stand.answer = ({ content }) =>
      content.kind === 'event' && content.name === 'subscribe'
        ? [bot('欢迎', { key: 'welcome' })]
        : [];
    const { reply } = await stand.push(eventXml('subscribe', stand.now(), '<EventKey/>'));
    expect(reply?.Content).to.equal('欢迎');
    const gone = await stand.push(eventXml('unsubscribe', stand.now()));
    expect(gone.body).to.equal('success');
    expect(stand.accepted.map((a) => a.content)).to.deep.equal([
      { kind: 'event', name: 'subscribe' },
      { kind: 'event', name: 'unsubscribe' },
    ]);
  });

  it('a text goes inside, the choices behind it as a native menu', async () => {
    stand.answer = () => [bot('好的。'), bot('为什么退？', { choices })];
    const { reply } = await stand.say('退货');
    await delivered();
    expect(reply?.Content).to.equal('好的。');
    expect(sends()).to.deep.equal([
      {
        touser: 'alice',
        msgtype: 'msgmenu',
        msgmenu: {
          head_content: '为什么退？',
          list: [
            { id: 'quality', content: '质量问题' },
            { id: 'mind', content: '不想要了' },
          ],
          tail_content: '',
        },
      },
    ]);
  });

  it('events for machines are not shown', async () => {
    stand.answer = () => [
      bot('', { event: { name: 'handoff.initiate' } }),
      bot('正在为您转接。'),
      bot('', { event: { name: 'other' } }),
    ];
    const { reply } = await stand.say('人工');
    await delivered();
    expect(reply?.Content).to.equal('正在为您转接。');
    expect(sends()).to.deep.equal([]);
    stand.answer = () => [bot('', { event: { name: 'handoff.initiate' } })];
    expect((await stand.say('人工')).body).to.equal('success');
    await delivered();
  });

  it('does not acknowledge what it could not store', async () => {
    const accept = stand.store.inbox.accept.bind(stand.store.inbox);
    stand.store.inbox.accept = () => Promise.reject(new RequestError(503, 'Busy', 'full'));
    const xml = textXml('hi', { id: '11', at: stand.now() });
    const refused = await stand.push(xml);
    expect(refused.status).to.equal(503);
    expect(refused.body).to.not.include('success');
    stand.store.inbox.accept = accept;
    expect((await stand.push(xml)).reply?.Content).to.equal('echo: hi');
  });

  it('after a restart, a redelivery gets what the earlier process could not send', async () => {
    const open = gate([bot('回答')]);
    const xml = textXml('hi', { id: '12', at: stand.now() });
    await stand.push(xml, { cutAfter: 40 });
    const restarted = stand.restart();
    open();
    await restarted;
    const again = await stand.push(xml);
    await delivered();
    const shown = [again.reply?.Content, ...sends().map((s) => s.text?.content)].filter(Boolean);
    expect(shown).to.deep.equal(['回答']);
    expect(stand.accepted).to.have.length(1);
  });
});
