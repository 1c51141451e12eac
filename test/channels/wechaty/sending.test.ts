import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reply } from '../../../src/message.ts';
import { watched, type Settled } from '../../support/outgoing.ts';
import {
  inbox,
  soon,
  startWechaty,
  type WechatyBot,
  type WechatyOptions,
} from '../../support/wechaty-bot.ts';

const text = (words: string): Reply => ({ from: 'bot', text: words });

function failure(settled: Settled | undefined): {
  code: string;
  retryable: boolean;
  unknown: boolean;
} {
  if (settled?.state !== 'failed') throw new Error(`not failed: ${JSON.stringify(settled)}`);
  const { code, retryable, unknownOutcome: unknown } = settled.error;
  return { code, retryable, unknown };
}

describe('wechaty: replies', () => {
  let wechat: WechatyBot;
  afterEach(() => wechat.stop());

  async function begin(options: WechatyOptions = {}): Promise<string[]> {
    wechat = await startWechaty(options);
    return inbox(wechat, wechat.alice);
  }

  /** Puts something in place of the puppet's way to send text. */
  function sendText(send: (to: string, words: string) => Promise<string | undefined>): void {
    (wechat.mocker.puppet as { messageSendText: unknown }).messageSendText = send;
  }

  it('sends text without an id where the puppet gives none, and with its id where it does', async () => {
    const got = await begin();
    expect(await wechat.deliver({}, text('你好'))).to.deep.equal([{ state: 'sent' }]);
    expect(got).to.deep.equal(['你好']);
    const [id] = [...wechat.mocker.cacheMessagePayload.keys()];
    sendText(() => Promise.resolve(id));
    expect(await wechat.deliver({}, text('again'))).to.deep.equal([{ state: 'sent', id }]);
  });

  it('sends nothing for events, and for nothing to say', async () => {
    const got = await begin();
    const event: Reply = { ...text('x'), event: { name: 'handoff.initiate' } };
    expect(await wechat.deliver({}, event, text(''))).to.deep.equal([
      { state: 'sent' },
      { state: 'sent' },
    ]);
    expect(got).to.deep.equal([]);
  });

  for (const [random, gap] of [
    [0, 1000],
    [0.5, 2000],
    [0.999, 2998],
  ] as const) {
    it(`pauses ${gap} ms between messages to one conversation, where chance says ${random}`, async () => {
      const got = await begin({ parts: { random: () => random } });
      const bob = wechat.mocker.createContact({ name: 'bob' });
      wechat.time.waits.length = 0;
      await wechat.deliver({}, text('1'), text('2'));
      expect(gaps()).to.deep.equal([gap]);
      await wechat.deliver({ user: bob.id }, text('other'));
      expect(gaps(), 'other conversations do not wait').to.deep.equal([gap]);
      await wechat.time.advance(gap);
      await wechat.deliver({}, text('3'));
      expect(gaps(), 'time that has passed counts').to.deep.equal([gap]);
      expect(got).to.deep.equal(['1', '2', '3']);
    });
  }
  const gaps = (): number[] => wechat.time.waits.filter((ms) => ms <= 3000).map(Math.round);

  it('keeps the order within a conversation when several are sent at once', async () => {
    const got = await begin();
    const words = Array.from({ length: 8 }, (_, i) => `n${i}`);
    await Promise.all(words.map((word) => wechat.deliver({}, text(word))));
    expect(got).to.deep.equal(words);
  });

  it('begins with a mention of the asker in a room, once', async () => {
    await begin();
    const { self, alice, mocker, bots } = wechat;
    const room = mocker.createRoom({ memberIdList: [self.id, alice.id] });
    const sent: [string, string, readonly string[] | undefined][] = [];
    bots[0]!.puppet.messageSendText = (to, words, mentions) => {
      sent.push([to, words, mentions]);
      return Promise.resolve();
    };
    const long = `${'一'.repeat(1200)}。\n\n${'二'.repeat(1200)}`;
    await wechat.deliver({ conversation: room.id }, text(long));
    expect(sent.map(([to]) => to)).to.deep.equal([room.id, room.id]);
    expect(sent[0]![1]).to.match(/^@alice 一/);
    expect(sent[0]![2]).to.deep.equal([alice.id]);
    expect(sent[1]![1]).to.match(/^二/);
    expect(sent[1]![2]).to.deep.equal([]);
  });

  it('splits what is long, at the ends of sentences, without loss', async () => {
    const got = await begin();
    const long = '这是一句话。'.repeat(700);
    await wechat.deliver({}, text(long));
    expect(got.length).to.equal(Math.ceil(Buffer.byteLength(long) / 4000));
    expect(got.join('')).to.equal(long);
    for (const part of got) {
      expect(Buffer.byteLength(part)).to.be.at.most(4000);
      expect(part).to.match(/。$/);
    }
  });

  describe('with pictures and cards', () => {
    let files: Server;
    let origin: string;
    before(async () => {
      files = createServer((request, response) => {
        if (request.url === '/gone.png') response.statusCode = 404;
        response.end(`content of ${request.url}`);
      });
      await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
      origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
    });
    after(() => files.close());

    const picture = (url: string, name = 'photo.png'): Reply['attachments'] => [
      { kind: 'image', name, contentType: 'image/png', url },
    ];

    it('sends files behind the text, our own by the public address', async () => {
      const got = await begin({ context: { fetch, publicUrl: origin } });
      const reply: Reply = {
        ...text('look'),
        attachments: [...picture('/a.png')!, ...picture(`${origin}/b`, 'no ending')!],
      };
      expect(await wechat.deliver({}, reply)).to.deep.equal([{ state: 'sent' }]);
      expect(got).to.deep.equal(['look', 'file photo.png', 'file no ending.png']);
      const [id] = [...wechat.mocker.cacheFileBoxPayload.keys()];
      const file = wechat.mocker.cacheFileBoxPayload.get(id!) as { base64: string };
      expect(Buffer.from(file.base64, 'base64').toString()).to.equal('content of /a.png');
    });

    it('names a file that can not be had with its address', async () => {
      const got = await begin({ context: { fetch, publicUrl: origin } });
      await wechat.deliver({}, { ...text('look'), attachments: picture('/gone.png')! });
      expect(got).to.deep.equal([`look\n\nphoto.png\n${origin}/gone.png`]);
      await wechat.stop();
      const other = await begin();
      await wechat.deliver({}, { ...text(''), attachments: picture('/a.png')! });
      expect(other, 'nobody outside can reach us').to.deep.equal(['photo.png']);
    });

    it('writes cards as text with their address', async () => {
      const got = await begin({ context: { publicUrl: 'https://shop.example' } });
      const cards = [
        { title: 'Order 1', text: 'Two books', url: '/orders/1', image: '/x.png' },
        { title: 'Order 2', url: 'https://other.example/2' },
        { title: 'Order 3' },
      ];
      await wechat.deliver({}, { ...text('Yours:'), cards });
      expect(got).to.deep.equal([
        'Yours:\n\nOrder 1\nTwo books\nhttps://shop.example/orders/1\n\n' +
          'Order 2\nhttps://other.example/2\n\nOrder 3',
      ]);
    });
  });

  describe('that fail', () => {
    it('are tried again where nobody is logged in', async () => {
      await begin({ login: false });
      const [settled] = await wechat.deliver({}, text('x'));
      expect(failure(settled)).to.deep.equal({
        code: 'wechaty-offline',
        retryable: true,
        unknown: false,
      });
    });

    it('are tried again where the puppet says that nobody is', async () => {
      await begin();
      sendText(() => Promise.reject(new Error('not logged in')));
      const [settled] = await wechat.deliver({}, text('x'));
      expect(failure(settled)).to.deep.equal({
        code: 'wechaty-offline',
        retryable: true,
        unknown: false,
      });
    });

    it('have an unknown outcome where the puppet fails in another way, or not in time', async () => {
      await begin();
      sendText(() => Promise.reject(new Error('socket hang up with token puppet_x')));
      const [broke] = await wechat.deliver({}, text('x'));
      expect(failure(broke)).to.deep.equal({
        code: 'wechaty-failed',
        retryable: false,
        unknown: true,
      });
      expect(broke).to.have.nested.property('error.message').that.not.includes('puppet_x');
      sendText(() => new Promise(() => undefined));
      const pending = wechat.time.pending();
      const late = wechat.deliver({}, text('x'));
      await soon(() => wechat.time.pending() > pending);
      await wechat.time.advance(10_000);
      expect(failure((await late)[0])).to.deep.equal({
        code: 'wechaty-late',
        retryable: false,
        unknown: true,
      });
    });

    it('are dead where the account does not know the conversation', async () => {
      await begin();
      const [settled] = await wechat.deliver({ user: 'nobody' }, text('x'));
      const { retryable } = failure(settled);
      expect(retryable).to.equal(false);
    });

    it('are not sent again from the start once a part of them is out', async () => {
      await begin();
      let calls = 0;
      sendText(() => {
        calls += 1;
        return calls === 2
          ? Promise.reject(new Error('not logged in'))
          : Promise.resolve(undefined);
      });
      const [settled] = await wechat.deliver({}, text('x'.repeat(5000)));
      expect(failure(settled)).to.deep.equal({
        code: 'wechaty-offline',
        retryable: false,
        unknown: true,
      });
      expect(calls).to.equal(2);
    });

    it('are turned away while too many wait, and when the channel stops', async () => {
      await begin();
      const release: (() => void)[] = [];
      sendText(() => new Promise((resolve) => release.push(() => resolve(undefined))));
      const settled = Array.from({ length: 21 }, (_, i) => {
        const one = watched(text(`n${i}`));
        const { alice } = wechat;
        const to = {
          channel: 'wechaty',
          account: 'default',
          conversation: alice.id,
          user: alice.id,
        };
        return { ...one, done: wechat.channel.deliverAll!([one.outgoing], to) };
      });
      await settled[20]!.done;
      expect(failure(settled[20]!.settled())).to.include({ code: 'wechaty-busy', retryable: true });
      const stopped = wechat.channel.stop();
      await soon(() => release.length === 1);
      release[0]!();
      await Promise.all([stopped, ...settled.map((s) => s.done)]);
      expect(settled[0]!.settled(), 'what was being sent is waited for').to.have.property(
        'state',
        'sent',
      );
      for (const one of settled.slice(1, 20)) {
        expect(failure(one.settled())).to.include({ code: 'wechaty-offline', retryable: true });
      }
      expect(release).to.have.length(1);
    });
  });
});
