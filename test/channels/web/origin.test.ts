import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { loadSecret } from '../../../channels/web/verify.ts';
import { startWeb, type WebServer } from '../../support/web-server.ts';

const SHOP = 'https://shop.example';
const EVIL = 'https://evil.example';

describe('pages of other sites', () => {
  let web: WebServer;
  let streamUrl: string;
  let token: string;
  before(async () => {
    web = await startWeb({ env: { WEB_ORIGINS: `${SHOP}/, https://other.example` } });
    const made = await web.call('POST', 'tokens/generate', {});
    token = made.body.token!;
    streamUrl = (await web.call('POST', 'conversations', { token })).body.streamUrl!;
  });
  after(() => web.stop());

  it('may call from the list, from here, and from nowhere else', async () => {
    for (const [origin, status] of [
      [SHOP, 200],
      [web.base, 200],
      [EVIL, 403],
      ['null', 403],
    ] as const) {
      const answer = await web.call('POST', 'conversations', { token, headers: { origin } });
      expect(answer.status, origin).to.equal(status);
      const allowed = answer.headers.get('access-control-allow-origin');
      expect(allowed, origin).to.equal(status === 200 ? origin : null);
      const page = await web.call('POST', '/channels/web/token', {
        token: '',
        body: {},
        headers: { origin },
      });
      expect(page.status, origin).to.equal(status);
    }
  });

  it('get their preflight answered', async () => {
    const at = 'conversations/x/activities';
    const ok = await web.call('OPTIONS', at, { token: '', headers: { origin: SHOP } });
    expect(ok.status).to.equal(204);
    expect(ok.headers.get('access-control-allow-methods')).to.equal('GET, POST, OPTIONS');
    const headers = ok.headers.get('access-control-allow-headers');
    expect(headers).to.contain('authorization').and.contain('x-ms-bot-agent');
    expect(ok.headers.get('vary')).to.equal('Origin');
    const no = await web.call('OPTIONS', at, { token: '', headers: { origin: EVIL } });
    expect(no.status).to.equal(403);
  });

  it('are checked when they open a socket', async () => {
    const opened = (origin?: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = new WebSocket(streamUrl, origin === undefined ? {} : { origin });
        socket.on('open', () => {
          socket.close();
          resolve('open');
        });
        socket.on('unexpected-response', (_request, response) => {
          resolve(String(response.statusCode));
          socket.terminate();
        });
        socket.on('error', () => undefined);
      });
    expect(await opened()).to.equal('open');
    expect(await opened(SHOP)).to.equal('open');
    expect(await opened(web.base)).to.equal('open');
    expect(await opened(EVIL)).to.equal('403');
  });

  it('are held to the origins that their token names', async () => {
    const body = { trustedOrigins: ['https://other.example'] };
    const made = (await web.call('POST', 'tokens/generate', { body })).body;
    const call = (origin: string): Promise<number> =>
      web
        .call('POST', 'conversations', { token: made.token!, headers: { origin } })
        .then((a) => a.status);
    expect(await call(SHOP)).to.equal(403);
    expect(await call('https://other.example')).to.equal(201);
    const renewed = await web.call('POST', 'tokens/refresh', { token: made.token! });
    const still = { token: renewed.body.token!, headers: { origin: SHOP } };
    expect((await web.call('POST', 'conversations', still)).status).to.equal(403);
  });
});

describe('the page token', () => {
  let web: WebServer;
  before(async () => {
    web = await startWeb();
  });
  after(() => web.stop());

  async function ask(resume?: unknown): Promise<Awaited<ReturnType<WebServer['call']>>['body']> {
    const answer = await web.call('POST', '/channels/web/token', { token: '', body: { resume } });
    expect(answer.status).to.equal(200);
    return answer.body;
  }

  it('is for a fresh user each time, and for the same one with its ticket', async () => {
    const first = await ask();
    expect(first.userId).to.match(/^dl_[\w-]{20,}$/);
    expect(first.resumed).to.equal(false);
    await web.call('POST', 'conversations', { token: first.token! });
    expect((await ask()).userId).not.to.equal(first.userId);
    const back = await ask(first.resume);
    expect(back).to.include({
      userId: first.userId,
      conversationId: first.conversationId,
      resumed: true,
    });
  });

  it('is not given back for anything but its ticket', async () => {
    const first = await ask();
    await web.call('POST', 'conversations', { token: first.token! });
    for (const ticket of [first.token, 'x', `${first.resume!}x`, 5, {}]) {
      expect((await ask(ticket)).conversationId).not.to.equal(first.conversationId);
    }
  });

  it('has a ticket that is no bearer', async () => {
    const { resume, conversationId } = await ask();
    const at = `conversations/${conversationId!}/activities`;
    expect((await web.call('GET', at, { token: resume! })).status).to.equal(403);
  });
});

describe('the secret', () => {
  it('is made once, kept for its owner only, and not replaced', async () => {
    const web = await startWeb({ env: { DIRECTLINE_SECRET: '' } });
    const { dataDir } = web;
    const made = await loadSecret(undefined, dataDir);
    expect(made).to.match(/^[\w-]{43}$/);
    const file = path.join(dataDir, 'directline-secret');
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(await readFile(file, 'utf8')).to.equal(made);
    expect(await loadSecret(undefined, dataDir)).to.equal(made);
    expect(await loadSecret('own', dataDir)).to.equal('own');
    await web.stop();
  });
});
