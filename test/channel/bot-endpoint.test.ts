import { createServer as createHttp, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { botEndpoint } from '../../src/channel/bot-endpoint.ts';
import { channelEnv } from '../../src/channel/channel-env.ts';
import type { OpenChannel } from '../../src/channel/channel.ts';
import { isLoopbackHost, isLoopbackUrl } from '../../src/channel/loopback.ts';
import { createLogger } from '../../src/log.ts';
import { createServer, type HttpServer } from '../../src/server.ts';
import { createFakeDesk, type FakeDesk } from '../support/fake-desk.ts';

interface Body {
  readonly activities?: readonly { text: string; type: string }[];
  readonly error?: { readonly code: string };
}

describe('POST /api/messages', function () {
  this.timeout(20_000);
  let server: HttpServer;
  let desk: FakeDesk;
  let channel: OpenChannel;
  let base: string;
  let emulator: Server;
  let serviceUrl: string;
  const received: { url: string; body: Record<string, unknown> }[] = [];

  async function start(env: Record<string, string>): Promise<void> {
    server = createServer({
      logger: createLogger('silent'),
      metrics: new Registry(),
      health: () => Promise.resolve([]),
      limits: { drainMs: 500 },
    });
    desk = createFakeDesk({ router: server, dataDir: '/nonexistent', env });
    channel = await botEndpoint({ dev: true }).open(desk.context);
    base = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
  }

  before(async () => {
    emulator = createHttp((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        received.push({ url: request.url!, body: JSON.parse(text) as Record<string, unknown> });
        response.setHeader('content-type', 'application/json');
        response.end('{"id":"1"}');
      });
    });
    await new Promise<void>((resolve) => emulator.listen(0, '127.0.0.1', resolve));
    serviceUrl = `http://127.0.0.1:${(emulator.address() as AddressInfo).port}`;
  });
  after(() => emulator.close());
  afterEach(async () => {
    await channel.stop();
    await server.close();
  });

  const activity = (extra: object = {}): object => ({
    type: 'message',
    id: 'm1',
    text: 'hello',
    from: { id: 'u1' },
    recipient: { id: 'bot' },
    conversation: { id: 'conv1' },
    channelId: 'emulator',
    serviceUrl,
    ...extra,
  });

  async function post(
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Body }> {
    const response = await fetch(`${base}/api/messages`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
    const text = await response.text();
    expect(text).not.to.match(/node_modules|\.ts:/);
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Body };
  }

  it('answers in the same request where that is asked for', async () => {
    await start({});
    const answer = await post(activity({ deliveryMode: 'expectReplies' }));
    expect(answer.status).to.equal(200);
    expect(answer.body.activities!.map((a) => a.text)).to.deep.equal(['echo: hello']);
    const line = desk.lines('botframework:default:conv1')[1];
    if (line?.kind !== 'out') throw new Error('no reply in the log');
    await channel.deliver!(line, desk.accepted[0]!.address, 'k');
    expect(received).to.deep.equal([]);
  });

  it('delivers to the serviceUrl otherwise, choices included', async () => {
    await start({});
    expect((await post(activity({ text: 'choices' }))).status).to.equal(200);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const line = desk.lines('botframework:default:conv1')[1];
    if (line?.kind !== 'out') throw new Error('no reply in the log');
    await channel.deliver!(line, desk.accepted[0]!.address, 'k');
    expect(received.at(-1)!.url).to.match(/^\/v3\/conversations\/conv1\/activities/);
    expect(received.at(-1)!.body).to.deep.include({ type: 'message', text: 'echo: choices' });
    expect(received.at(-1)!.body).to.have.nested.property(
      'suggestedActions.actions[0].value',
      'v-quality',
    );
  });

  it('refuses an activity whose parts are of another kind, with what is wrong', async () => {
    await start({});
    for (const extra of [
      { text: 5 },
      { attachments: 'x' },
      { attachments: [{ contentUrl: 'x' }] },
      { type: 'conversationUpdate', membersAdded: 7 },
      { id: 12 },
      { from: { id: '' } },
    ]) {
      const answer = await post(activity(extra));
      expect(answer.status, JSON.stringify(extra)).to.equal(400);
    }
    expect(desk.accepted).to.deep.equal([]);
  });

  it('takes a redelivery once, and events, taps and joins as such', async () => {
    await start({});
    await post(activity());
    await post(activity());
    await post(activity({ id: '2', type: 'event', name: 'x', value: 1 }));
    await post(activity({ id: '3', text: 'T', value: 'v' }));
    await post(activity({ id: '4', type: 'conversationUpdate', membersAdded: [{ id: 'u1' }] }));
    await post(activity({ id: '5', type: 'conversationUpdate', membersAdded: [{ id: 'bot' }] }));
    await post(activity({ id: '6', type: 'typing' }));
    expect(desk.accepted.map((i) => i.content)).to.deep.equal([
      { kind: 'text', text: 'hello' },
      { kind: 'event', name: 'x', value: 1 },
      { kind: 'choice', value: 'v', text: 'T' },
      { kind: 'event', name: 'join' },
    ]);
  });

  it('without an app id, refuses other names for this machine and other serviceUrls', async () => {
    await start({});
    for (const url of [
      'http://169.254.169.254/',
      'https://evil.example/',
      'file:///x',
      'http://127.0.0.1.evil.example',
    ]) {
      expect((await post(activity({ serviceUrl: url }))).status, url).to.equal(403);
    }
    const rebound = await new Promise<number>((resolve) => {
      void import('node:http').then(({ request }) => {
        const sent = request(
          `${base}/api/messages`,
          { method: 'POST', headers: { host: 'evil.example', 'content-type': 'application/json' } },
          (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
          },
        );
        sent.end(JSON.stringify(activity()));
      });
    });
    expect(rebound).to.equal(403);
    expect((await post({})).status).to.equal(400);
    expect((await post([])).status).to.equal(400);
    expect(desk.accepted).to.deep.equal([]);
  });

  it('with an app id, takes nothing without a bearer of the Bot Framework', async () => {
    await start({ MicrosoftAppId: '00000000-0000-0000-0000-000000000001' });
    expect((await post(activity())).status).to.equal(401);
    expect((await post(activity(), { authorization: 'Bearer x.y.z' })).status).to.equal(401);
    expect((await post(activity(), { authorization: 'Basic x' })).status).to.equal(401);
    expect(desk.accepted).to.deep.equal([]);
  });

  it('fails a delivery in a way that says whether to try again', async () => {
    await start({});
    await post(activity({ serviceUrl: 'http://127.0.0.1:9' }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const line = desk.lines('botframework:default:conv1')[1];
    if (line?.kind !== 'out') throw new Error('no reply in the log');
    const error: unknown = await channel.deliver!(line, desk.accepted[0]!.address, 'k').catch(
      (e: unknown) => e,
    );
    expect(error).to.include({ name: 'OutsideError', retryable: true, unknownOutcome: false });
  });
});

describe('where POST /api/messages is on', () => {
  it('needs an app id, or dev', () => {
    expect(channelEnv(botEndpoint({ dev: false }), {}).on).to.equal(false);
    expect(channelEnv(botEndpoint({ dev: false }), { MicrosoftAppId: 'x' }).on).to.equal(true);
    expect(channelEnv(botEndpoint({ dev: true }), {}).on).to.equal(true);
  });

  it('knows this machine by its names only', () => {
    for (const host of ['localhost', 'localhost:3978', '127.0.0.1:80', '[::1]:3978', '127.9.9.9']) {
      expect(isLoopbackHost(host), host).to.equal(true);
    }
    for (const host of ['', 'localhost.evil.example', '10.0.0.1', '127.0.0.1.nip.io', '[::]']) {
      expect(isLoopbackHost(host), host).to.equal(false);
    }
    expect(isLoopbackUrl('http://2130706433/')).to.equal(true);
    expect(isLoopbackUrl('ftp://localhost/')).to.equal(false);
    expect(isLoopbackUrl('http://localhost@evil.example/')).to.equal(false);
  });
});
