import { expect } from 'chai';
import type { Reply } from '../../../src/message.ts';
import { eventXml, startStand, textXml, until, WORDS, type Stand } from './stand.ts';

const SEND = 'message/custom/send';
const THINKING = WORDS['wechat.thinking'];
const bot = (text: string, more: Partial<Reply> = {}): Reply => ({ from: 'bot', text, ...more });

/** Times are WeChat's divided by 40: cut after 125 ms, held for 112 ms. */
const CUT = 200;

describe('wechat: an account that may only answer inside requests', () => {
  let stand: Stand;
  let release: (replies: readonly Reply[]) => void;

  beforeEach(async () => {
    stand = await startStand({ holdMs: 80, retryMs: 250 });
    stand.provider.always(SEND, 48001);
    await stand.store
      .channelState('wechat')
      .set('abilities:default', { menu: 0, active: stand.now() + 1e8 });
    await stand.restart();
  });
  afterEach(() => stand.stop());

  const delivered = () => until(async () => (await stand.store.outbox.backlog()) === 0);

  /** The next turn waits for `release`; the ones after it echo. */
  function hold(): void {
    const gate = new Promise<readonly Reply[]>((resolve) => (release = resolve));
    let first = true;
    stand.answer = ({ content }) => {
      const wait = first;
      first = false;
      return wait ? gate : 'text' in content ? [bot(`echo: ${content.text}`)] : [];
    };
  }

  /** One try of WeChat's: cut when it is not answered in time. */
  const tryOnce = (xml: string) => stand.push(xml, { cutAfter: CUT });

  it('learns it from the first refusal, and keeps that answer for the next message', async () => {
    await stand.store.channelState('wechat').delete('abilities:default');
    await stand.restart();
    hold();
    expect((await stand.say('问')).body).to.equal('success');
    release([bot('晚到的回答')]);
    await until(() => stand.provider.of(SEND).length === 1);
    await delivered();
    expect(await stand.undelivered()).to.deep.equal([]);
    const next = await stand.say('好了吗');
    expect(next.reply?.Content).to.equal('晚到的回答\n\necho: 好了吗');
    expect((await stand.say('再见')).reply?.Content).to.equal('echo: 再见');
    expect(stand.provider.of(SEND)).to.have.length(1);
    expect(stand.channel.health?.().notes.join()).to.include('48001');
  });

  it('answers fast turns at the first try', async () => {
    expect((await stand.say('hi')).reply?.Content).to.equal('echo: hi');
    expect(stand.provider.calls).to.deep.equal([]);
  });

  it('holds two tries, and answers in the third', async () => {
    hold();
    const xml = textXml('问', { id: '5', at: stand.now() });
    expect((await tryOnce(xml)).status).to.equal(0);
    expect((await tryOnce(xml)).status).to.equal(0);
    const third = tryOnce(xml);
    await new Promise((resolve) => setTimeout(resolve, 40));
    release([bot('回答')]);
    expect((await third).reply?.Content).to.equal('回答');
    expect(stand.accepted).to.have.length(1);
  });

  it('says at the end of the third that it is thinking, and answers in the next message', async () => {
    hold();
    const xml = textXml('问', { id: '6', at: stand.now() });
    await tryOnce(xml);
    await tryOnce(xml);
    expect((await tryOnce(xml)).reply?.Content).to.equal(THINKING);
    release([bot('回答', { choices: [{ value: 'v', title: '题' }] })]);
    await delivered();
    const next = await stand.say('好了吗');
    expect(next.reply?.Content).to.match(/^回答\n\n<a href="weixin:[^]*<\/a>\n\necho: 好了吗$/);
    expect((await stand.say('hi')).reply?.Content).to.equal('echo: hi');
    expect(await stand.undelivered()).to.deep.equal([]);
  });

  it('what waits is kept over a restart, and paid out once', async () => {
    hold();
    const xml = textXml('问', { id: '7', at: stand.now() });
    for (let i = 0; i < 3; i += 1) await tryOnce(xml);
    release([bot('回答')]);
    await delivered();
    await stand.restart();
    expect((await stand.say('好了吗')).reply?.Content).to.equal('回答\n\necho: 好了吗');
    expect((await stand.say('hi')).reply?.Content).to.equal('echo: hi');
  });

  it('what waits goes alone where the next turn is slow, or says nothing', async () => {
    hold();
    const xml = textXml('问', { id: '8', at: stand.now() });
    for (let i = 0; i < 3; i += 1) await tryOnce(xml);
    release([bot('回答')]);
    await delivered();
    const click = eventXml('CLICK', stand.now(), '<EventKey>K</EventKey>');
    expect((await stand.push(click)).reply?.Content).to.equal('回答');

    hold();
    const slow = textXml('问', { id: '9', at: stand.now() });
    for (let i = 0; i < 3; i += 1) await tryOnce(slow);
    release([bot('回答二')]);
    await delivered();
    hold();
    const next = textXml('好了吗', { id: '10', at: stand.now() });
    await tryOnce(next);
    await tryOnce(next);
    expect((await tryOnce(next)).reply?.Content).to.equal('回答二');
    release([bot('回答三')]);
    await delivered();
    expect((await stand.say('hi')).reply?.Content).to.equal('回答三\n\necho: hi');
  });

  it('a long answer comes in pages, a message each', async () => {
    const long = '很长的回答。'.repeat(200);
    stand.answer = () => [
      bot(long),
      bot('', { cards: [{ title: '卡', url: 'https://x.example' }] }),
    ];
    const pages = [(await stand.say('hi')).reply?.Content ?? ''];
    await delivered();
    stand.answer = () => [];
    pages.push((await stand.say('go on')).reply?.Content ?? '');
    const more = WORDS['wechat.more'] ?? '';
    expect(pages[0]).to.match(new RegExp(`\n\n${more}$`, 'u'));
    expect((pages[0] ?? '').slice(0, -more.length - 2) + (pages[1] ?? '')).to.equal(
      `${long}\n\n卡\nhttps://x.example`,
    );
    for (const page of pages) expect(Buffer.byteLength(page)).to.be.at.most(2048);
    expect((await stand.say('go on')).body).to.equal('success');
  });

  it('too much that waits is undeliverable, with the reason', async () => {
    hold();
    const xml = textXml('问', { id: '11', at: stand.now() });
    for (let i = 0; i < 3; i += 1) await tryOnce(xml);
    release([bot('很长的回答。'.repeat(1000))]);
    await until(async () => (await stand.undelivered()).length === 1);
    expect((await stand.undelivered())[0]?.error).to.match(/48001.*too much waits/);
  });
});
