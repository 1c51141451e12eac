import { expect } from 'chai';
import { FileBox } from 'file-box';
import * as wechaty from 'wechaty';
import type { Accepted } from '../../../src/channel/channel.ts';
import type { Content, Inbound } from '../../../src/message.ts';
import { arrive, soon, startWechaty, type WechatyBot } from '../../support/wechaty-bot.ts';

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

describe('wechaty: messages that come', () => {
  let wechat: WechatyBot;
  before(async () => {
    wechat = await startWechaty({ env: { WECHATY_LANG: 'en' } });
  });
  after(() => wechat.stop());

  /** The next message that is accepted once `act` has been done. */
  async function next(act: () => void): Promise<Inbound> {
    const { accepted } = wechat.desk;
    const before = accepted.length;
    act();
    await soon(() => accepted.length > before, 'no message was accepted');
    return accepted[before]!;
  }

  /** Asserts that nothing of what `act` does is accepted. */
  async function ignored(act: () => void): Promise<void> {
    const marked = await next(() => {
      act();
      arrive(wechat, { text: 'mark' });
    });
    expect(marked.content).to.deep.equal({ kind: 'text', text: 'mark' });
  }

  async function decoded(act: () => void): Promise<Content> {
    return (await next(act)).content;
  }

  it('takes a text', async () => {
    const { alice, self } = wechat;
    const got = await next(() => alice.say('我要退货').to(self));
    expect(got).to.deep.include({
      address: { channel: 'wechaty', account: 'default', conversation: alice.id, user: alice.id },
      content: { kind: 'text', text: '我要退货' },
      lang: 'en',
    });
    expect(wechat.mocker.cacheMessagePayload.has(got.id)).to.equal(true);
  });

  it('answers in rooms only where it is mentioned, without the mention in the text', async () => {
    const { alice, self, mocker } = wechat;
    const room = mocker.createRoom({ memberIdList: [self.id, alice.id] });
    await ignored(() => alice.say('talk of others').to(room));
    await ignored(() => alice.say('@bot', [alice]).to(room));
    const got = await next(() => alice.say('@bot where is my order', [self]).to(room));
    expect(got.address).to.include({ conversation: room.id, user: alice.id });
    expect(got.content).to.deep.equal({ kind: 'text', text: 'where is my order' });
  });

  it('ignores its own messages and those of official accounts', async () => {
    const { alice, self, mocker } = wechat;
    await ignored(() => self.say('said from the phone').to(alice));
    const official = mocker.createContact({ type: wechaty.types.Contact.Official });
    await ignored(() => official.say('news').to(self));
  });

  it('ignores what is older than a minute and was sent before the login', async () => {
    const now = wechat.time.clock.now();
    const login = Date.parse(/since (\S+)/.exec(wechat.channel.health!().notes[0]!)![1]!);
    await ignored(() => arrive(wechat, { text: 'old', timestamp: now - 61_000 }));
    await ignored(() => arrive(wechat, { text: 'very old', timestamp: 1_500_000_000_000 }));
    const fresh = await decoded(() => arrive(wechat, { text: 'a', timestamp: now - 50_000 }));
    expect(fresh).to.have.property('text', 'a');
    await wechat.time.advance(300_000);
    const late = await decoded(() => arrive(wechat, { text: 'b', timestamp: login + 2000 }));
    expect(late, 'sent since the login, however late it comes').to.have.property('text', 'b');
  });

  it('takes each message once, and keeps its file once', async () => {
    const { alice, self, mocker, desk } = wechat;
    const file = FileBox.fromBase64(PNG.toString('base64'), 'once.png');
    const got = await next(() => alice.say(file).to(self));
    const kept: string[] = [];
    const changed = desk.context as { accept: (inbound: Inbound) => Promise<Accepted> };
    const accept = changed.accept.bind(changed);
    changed.accept = async (inbound) => {
      const accepted = await accept(inbound);
      if (inbound.id === got.id && accepted.seen) {
        const { content } = inbound;
        kept.push(...(content.kind === 'attachment' ? content.attachments.map((a) => a.url) : []));
      }
      return accepted;
    };
    await ignored(() => mocker.puppet.emit('message', { messageId: got.id }));
    expect(kept).to.have.length(1);
    await soon(() => true);
    expect((await fetch(wechat.base + kept[0]!)).status).to.equal(404);
    changed.accept = accept;
  });

  for (const [name, type, kind, contentType] of [
    ['photo.png', 6, 'image', 'image/png'],
    ['photo', 6, 'image', 'image/jpeg'],
    ['voice.sil', 2, 'audio', 'audio/silk'],
    ['clip.mp4', 15, 'video', 'video/mp4'],
    ['invoice.pdf', 1, 'file', 'application/pdf'],
  ] as const) {
    it(`keeps ${name}`, async () => {
      const file = FileBox.fromBase64(PNG.toString('base64'), name);
      wechat.mocker.cacheFileBoxPayload.set(`file-${name}`, file.toJSON());
      const content = await decoded(() => arrive(wechat, { id: `file-${name}`, type }));
      expect(content).to.have.nested.property('attachments[0].kind', kind);
      const [attachment] = content.kind === 'attachment' ? content.attachments : [];
      expect(attachment).to.include({ name, contentType });
      const answer = await fetch(wechat.base + attachment!.url);
      expect(Buffer.from(await answer.arrayBuffer())).to.deep.equal(PNG);
    });
  }

  it('says of a file that is not kept that it came', async () => {
    const { alice, self } = wechat;
    const docx = FileBox.fromBase64(PNG.toString('base64'), 'letter.docx');
    wechat.mocker.cacheFileBoxPayload.set('docx', docx.toJSON());
    expect(await decoded(() => arrive(wechat, { id: 'docx', type: 1 }))).to.deep.equal({
      kind: 'event',
      name: 'unreadable',
      value: { type: 1, code: 'UnsupportedMediaType' },
    });
    expect(await decoded(() => arrive(wechat, { type: 6 }))).to.deep.include({
      name: 'unreadable',
    });
    expect(await decoded(() => alice.say('next').to(self))).to.have.property('text', 'next');
  });

  it('reads links and places as text, and what it does not know as an event', async () => {
    const id = arrive(wechat, { type: 14 });
    await soon(() => wechat.desk.accepted.some((i) => i.id === id));
    expect(wechat.desk.accepted.at(-1)!.content).to.deep.equal({
      kind: 'text',
      text: `mock title for ${id}\nhttps://mock.url`,
    });
    const place = await decoded(() => arrive(wechat, { type: 8 }));
    expect(place).to.have.property('text').that.includes('海淀区');
    for (const [type, name] of [
      [3, 'contact'],
      [5, 'emoticon'],
      [11, 'transfer'],
      [13, 'recalled'],
      [0, 'unknown'],
      [99, 'unknown'],
    ] as const) {
      expect(await decoded(() => arrive(wechat, { type }))).to.deep.equal({ kind: 'event', name });
    }
  });

  it('leaves control characters out, and what is too long for a message', async () => {
    const text = 'a\u0000b\u001bc\n' + 'x'.repeat(30_000);
    const content = await decoded(() => arrive(wechat, { text }));
    expect(content).to.deep.equal({ kind: 'text', text: 'abc\n' + 'x'.repeat(19_994) });
  });

  it('keeps the order of a conversation while a file takes its time', async () => {
    const { puppet } = wechat.bots[0]!;
    const { messageFile } = puppet;
    let arrived = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (arrived = resolve));
    puppet.messageFile = async () => {
      await waiting;
      return FileBox.fromBase64(PNG.toString('base64'), 'slow.png');
    };
    const before = wechat.desk.accepted.length;
    arrive(wechat, { type: 6 });
    arrive(wechat, { text: 'behind it' });
    const bob = wechat.mocker.createContact({ name: 'bob' });
    const other = await next(() => bob.say('not behind it').to(wechat.self));
    expect(other.address.user).to.equal(bob.id);
    arrived();
    await soon(() => wechat.desk.accepted.length === before + 3);
    const kinds = wechat.desk.accepted.slice(before).map((i) => i.content.kind);
    expect(kinds).to.deep.equal(['text', 'attachment', 'text']);
    puppet.messageFile = messageFile;
  });

  it('gives a file up that does not come in time', async () => {
    const { puppet } = wechat.bots[0]!;
    const { messageFile } = puppet;
    const stuck = FileBox.fromBase64(PNG.toString('base64'), 'stuck.png');
    stuck.toStream = () => new Promise(() => undefined);
    puppet.messageFile = () => Promise.resolve(stuck);
    const pending = wechat.time.pending();
    const content = decoded(() => arrive(wechat, { type: 6 }));
    await soon(() => wechat.time.pending() > pending);
    await wechat.time.advance(30_000);
    expect(await content).to.deep.include({ value: { type: 6, code: 'wechaty-file-late' } });
    puppet.messageFile = messageFile;
  });
});
