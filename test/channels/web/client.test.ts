import { expect } from 'chai';
import { startWeb, SECRET, type WebServer } from '../../support/web-server.ts';
import { connectClient, type Client } from '../../support/web-client.ts';

describe('the botframework-directlinejs client', function () {
  this.timeout(20_000);
  let web: WebServer;
  let client: Client | undefined;
  before(async () => {
    web = await startWeb();
  });
  afterEach(() => {
    client?.end();
    client = undefined;
  });
  after(() => web.stop());

  const texts = (c: Client): (string | undefined)[] => c.seen.map((a) => a.text);

  for (const webSocket of [true, false]) {
    const way = webSocket ? 'WebSocket' : 'polling';

    it(`talks by ${way}, with a token`, async () => {
      const { token } = (await web.call('POST', 'tokens/generate', {})).body;
      client = connectClient({ domain: web.directLine, token: token!, webSocket });
      const id = await client.post('one');
      expect(id).to.match(/\|0000001$/);
      await client.post('two');
      await client.until(4);
      expect(texts(client).sort()).to.deep.equal(['echo: one', 'echo: two', 'one', 'two']);
      expect(client.seen.find((a) => a.text === 'one')?.id).to.equal(id);
      expect(client.statuses).to.deep.equal([1, 2]);
      expect(client.sockets.length).to.equal(webSocket ? 1 : 0);
    });

    it(`talks by ${way}, with the secret`, async () => {
      client = connectClient({ domain: web.directLine, secret: SECRET, webSocket });
      await client.post('hi');
      await client.until(2);
      expect(texts(client)).to.deep.equal(['hi', 'echo: hi']);
    });

    it(`sees the past by ${way} when it comes back`, async () => {
      const { token, conversationId } = (await web.call('POST', 'tokens/generate', {})).body;
      client = connectClient({ domain: web.directLine, token: token!, webSocket });
      await client.post('before');
      await client.until(2);
      client.end();
      client = connectClient({
        domain: web.directLine,
        token: token!,
        webSocket,
        conversationId: conversationId!,
      });
      await client.until(2);
      expect(texts(client)).to.deep.equal(['before', 'echo: before']);
    });
  }

  it('loses nothing and sees nothing twice when its socket drops', async () => {
    const { token, conversationId } = (await web.call('POST', 'tokens/generate', {})).body;
    client = connectClient({ domain: web.directLine, token: token!, webSocket: true });
    await client.post('one');
    await client.until(2);
    client.sockets[0]!.terminate();
    await client.post('while offline');
    web.desk.say(`web:default:${conversationId!}`, 'later', [{ from: 'bot', text: 'pushed' }]);
    await client.until(5);
    await client.post('after');
    await client.until(7);
    expect(texts(client).sort()).to.deep.equal([
      'after',
      'echo: after',
      'echo: one',
      'echo: while offline',
      'one',
      'pushed',
      'while offline',
    ]);
    expect(new Set(client.seen.map((a) => a.id)).size).to.equal(7);
    expect(client.sockets.length).to.equal(2);
  });

  it('goes on polling while the store is in trouble', async () => {
    client = connectClient({ domain: web.directLine, secret: SECRET, webSocket: false });
    await client.post('one');
    await client.until(2);
    web.desk.broken = true;
    await new Promise((resolve) => setTimeout(resolve, 500));
    web.desk.broken = false;
    await client.post('two');
    await client.until(4);
    expect(texts(client).slice(2).sort()).to.deep.equal(['echo: two', 'two']);
  });

  it('learns from 403 that its token is of no use', async () => {
    client = connectClient({ domain: web.directLine, token: 'nonsense', webSocket: true });
    const error = await client.post('x').catch((e: unknown) => e);
    expect(String(error)).to.contain('failed to connect');
    expect(client.statuses).to.include(4);
  });
});
