import { expect } from 'chai';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { startWeb, type SeenActivity, type WebServer } from '../../support/web-server.ts';

interface Frame {
  readonly activities: readonly SeenActivity[];
  readonly watermark: string;
}

describe('the stream', () => {
  let web: WebServer;
  let now = Date.now();
  before(async () => {
    web = await startWeb({ context: { clock: { now: () => now } } });
  });
  after(() => web.stop());
  beforeEach(() => {
    now = Date.now();
  });

  async function begin(): Promise<{ conv: string; key: string; token: string; streamUrl: string }> {
    const { conversationId, token, streamUrl } = (await web.call('POST', 'conversations')).body;
    const key = `web:default:${conversationId!}`;
    return { conv: conversationId!, key, token: token!, streamUrl: streamUrl! };
  }

  function say(key: string, from: number, count: number): void {
    for (let i = from; i < from + count; i += 1) {
      web.desk.say(key, 'nobody', [{ from: 'bot', text: String(i) }]);
    }
  }

  /** Opens a socket and collects until `count` activities came. */
  async function collect(url: string, count: number): Promise<SeenActivity[]> {
    const socket = new WebSocket(url);
    const seen: SeenActivity[] = [];
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('message', (data: Buffer) => {
        seen.push(...(JSON.parse(data.toString()) as Frame).activities);
        if (seen.length >= count) resolve();
      });
      if (count === 0) resolve();
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.terminate();
    return seen;
  }

  function refusal(url: string): Promise<number> {
    return new Promise((resolve) => {
      const socket = new WebSocket(url);
      socket.on('open', () => {
        socket.close();
        resolve(101);
      });
      socket.on('unexpected-response', (_request, response) => {
        resolve(response.statusCode ?? 0);
        socket.terminate();
      });
      socket.on('error', () => undefined);
    });
  }

  it('replays from any watermark while lines are being added, without gap or duplicate', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 700 }),
        fc.integer({ min: 0, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (past, live, part) => {
          const { key, streamUrl } = await begin();
          say(key, 1, past);
          const after = Math.floor(past * part);
          const url = streamUrl.replace('watermark=0', `watermark=${after}`);
          const total = past - after + live;
          const collected = collect(url, total);
          for (let i = 0; i < live; i += 1) {
            if (i % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
            say(key, past + 1 + i, 1);
          }
          const seen = (await collected).map((a) => Number(a.text));
          expect(seen).to.deep.equal(Array.from({ length: total }, (_, i) => after + 1 + i));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('keeps up with a burst far larger than what it sets aside', async () => {
    const { key, streamUrl } = await begin();
    say(key, 1, 1000);
    const collected = collect(streamUrl, 5000);
    for (let i = 0; i < 8; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      say(key, 1001 + i * 500, 500);
    }
    const seen = (await collected).map((a) => Number(a.text));
    expect(seen).to.deep.equal(Array.from({ length: 5000 }, (_, i) => i + 1));
  });

  it('takes tokens for this conversation only, and stream tokens for a minute only', async () => {
    const mine = await begin();
    const other = await begin();
    const url = new URL(mine.streamUrl);
    const withToken = (t: string): string => {
      url.searchParams.set('t', t);
      return url.href;
    };
    expect(await refusal(mine.streamUrl)).to.equal(101);
    expect(await refusal(withToken(mine.token))).to.equal(101);
    expect(await refusal(withToken(other.token))).to.equal(403);
    expect(await refusal(withToken(new URL(other.streamUrl).searchParams.get('t')!))).to.equal(403);
    expect(await refusal(withToken('x'))).to.equal(403);
    url.searchParams.delete('t');
    expect(await refusal(url.href)).to.equal(403);
    expect(await refusal(mine.streamUrl.replace('watermark=0', 'watermark=x'))).to.equal(400);
    expect(await refusal(mine.streamUrl.replace('/stream', '/streams'))).to.equal(404);
    now += 61_000;
    expect(await refusal(mine.streamUrl)).to.equal(403);
  });

  it('ignores what clients send, and drops one that sends too much', async () => {
    const { key, streamUrl } = await begin();
    const socket = new WebSocket(streamUrl);
    await new Promise((resolve) => socket.on('open', resolve));
    socket.send('');
    socket.send('{"activities":[{"type":"message","text":"forged"}]}');
    const seen = new Promise<string>((resolve) => {
      socket.on('message', (data: Buffer) => resolve(data.toString()));
    });
    say(key, 1, 1);
    expect(JSON.parse(await seen)).to.have.nested.property('activities[0].text', '1');
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    socket.send('x'.repeat(70_000));
    expect(await closed).to.equal(1009);
    expect(web.desk.lines(key)).to.have.length(1);
  });

  it('cuts a client that does not read', async () => {
    const { key, streamUrl } = await begin();
    const socket = new WebSocket(streamUrl);
    await new Promise((resolve) => socket.on('open', resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.pause();
    const text = 'x'.repeat(50_000);
    for (let i = 0; i < 400; i += 1) web.desk.say(key, 'nobody', [{ from: 'bot', text }]);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.resume();
    await closed;
    expect(await collect(streamUrl, 400)).to.have.length(400);
  });

  it('opens at most ten sockets for one conversation', async () => {
    const { streamUrl } = await begin();
    const open = Array.from({ length: 10 }, () => new WebSocket(streamUrl));
    await Promise.all(open.map((s) => new Promise((resolve) => s.on('open', resolve))));
    expect(await refusal(streamUrl)).to.equal(429);
    for (const socket of open) socket.terminate();
  });

  it('says that it goes away when the channel stops', async () => {
    const own = await startWeb();
    const { streamUrl } = (await own.call('POST', 'conversations')).body;
    const socket = new WebSocket(streamUrl!);
    await new Promise((resolve) => socket.on('open', resolve));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await own.stop();
    expect(await closed).to.equal(1001);
  });
});
