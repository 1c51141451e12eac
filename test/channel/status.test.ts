import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import type { OpenChannel } from '../../src/channel/channel.ts';
import { statusRoutes, type Status } from '../../src/channel/status.ts';
import { createLogger } from '../../src/log.ts';
import { createServer, type HttpServer } from '../../src/server.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';

const NOW = Date.UTC(2026, 10, 22);
const logger = createLogger('silent');
const NASTY = `<script>alert("1")</script>'&`;
const EVIL: OpenChannel = {
  health: () => {
    throw new TypeError('no <health>');
  },
  stop: () => Promise.resolve(),
};

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

describe('the status page', () => {
  let dir: string;
  let store: Store;
  let server: HttpServer;
  let port: number;

  before(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'yingda-status-'));
    const clock = { now: () => NOW };
    store = await openEmbeddedStore({ dataDir: dir, clock, logger });
    server = createServer({
      logger,
      metrics: new Registry(),
      health: () => Promise.resolve([]),
      limits: { drainMs: 500 },
    });
    const open = new Map<string, OpenChannel>([
      ['plain', { stop: () => Promise.resolve() }],
      [
        'phone',
        {
          health: () => ({ ok: false, notes: [`Wait & ${NASTY}`], qr: 'https://login.example/1' }),
          stop: () => Promise.resolve(),
        },
      ],
      ['evil', EVIL],
    ]);
    statusRoutes({ router: server, store, clock, open });
    port = await server.listen(0, '127.0.0.1');
    await fail(`${NASTY}${'长'.repeat(100)}`, 'refused <b>');
  });

  after(async () => {
    await server.close();
    await store.close();
    await rm(dir, { recursive: true, force: true });
  });

  /** Makes a dead reply. */
  async function fail(text: string, why: string): Promise<void> {
    const address = { channel: 'phone', account: 'default', conversation: '<c>', user: 'u' };
    const turns = store.inbox.work((claim) =>
      claim.commit({ session: {}, replies: [{ from: 'bot', text }], push: true, tickets: [] }),
    );
    const done = new Promise<void>((resolve) => {
      store.outbox.work(async ([delivery]) => {
        await delivery?.dead(why);
        resolve();
      });
    });
    const content = { kind: 'text', text: 'x' } as const;
    await store.inbox.accept({ id: 'm', address, content, at: NOW });
    await done;
    await turns.stop();
  }

  function call(
    method: string,
    at: string,
    headers: Record<string, string> = {},
    raw: { host?: string } = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          port,
          host: '127.0.0.1',
          method,
          path: at,
          headers: { host: raw.host ?? `localhost:${port}`, ...headers },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => {
            text += part;
          });
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0, text, headers: response.headers });
          });
        },
      );
      sent.on('error', reject);
      sent.end();
    });
  }

  async function status(): Promise<Status> {
    return JSON.parse((await call('GET', '/status?format=json')).text) as Status;
  }

  it('says how each channel is, what waits and what was not delivered', async () => {
    const { channels, backlog, undelivered } = await status();
    expect(channels).to.deep.equal([
      { name: 'plain', ok: true, notes: [] },
      {
        name: 'phone',
        ok: false,
        notes: [`Wait & ${NASTY}`],
        qr: 'https://login.example/1',
      },
      { name: 'evil', ok: false, notes: ['It could not be asked: no <health>'] },
    ]);
    expect(backlog).to.deep.equal({ messages: 0, oldestMs: 0, replies: 0 });
    expect(undelivered).to.have.length(1);
    const [row] = undelivered;
    expect(row).to.include({ channel: 'phone', state: 'dead', error: 'refused <b>', at: NOW });
    expect(Array.from(row?.text ?? '')).to.have.length(81);
    expect(row?.text.endsWith('…')).to.equal(true);
  });

  it('shows it as a page, with everything escaped, a QR code and nothing to run', async () => {
    const { text, headers } = await call('GET', '/status');
    expect(headers['content-type']).to.match(/^text\/html/);
    expect(headers['content-security-policy']).to.match(/^default-src 'none'; style-src 'sha256-/);
    expect(text).to.not.include('<script').and.not.include('<b>').and.not.include('<c>');
    expect(text).to.include('&#60;script&#62;');
    expect(text).to.include('<svg').and.include('运行状态 Status').and.include('Send again');
    const zh = await call('GET', '/status?lang=zh');
    expect(zh.text).to.include('未送达').and.not.include('Send again');
    expect((await call('GET', '/status?lang=en')).text).to.not.include('未送达');
  });

  it('is for callers on this machine only', async () => {
    for (const [headers, raw] of [
      [{}, { host: 'chat.example.com' }],
      [{ 'x-forwarded-for': '203.0.113.9' }, {}],
      [{ via: '1.1 proxy' }, {}],
    ] as const) {
      for (const [method, at] of [
        ['GET', '/status?format=json'],
        ['GET', '/status'],
        ['POST', '/status/undelivered/1/resend'],
      ] as const) {
        const answer = await call(method, at, headers, raw);
        expect(answer.status).to.equal(403);
        expect(answer.text).to.not.include('phone');
      }
    }
  });

  it('sends again on the word of an operator, not of another site', async () => {
    const [row] = (await status()).undelivered;
    const at = `/status/undelivered/${row?.id ?? 0}/resend`;
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:1' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      expect((await call('POST', at, headers)).status).to.equal(403);
    }
    expect((await status()).undelivered).to.have.length(1);
    const own = { origin: `http://localhost:${port}`, 'sec-fetch-site': 'same-origin' };
    const sent = await call('POST', `${at}?lang=en`, own);
    expect([sent.status, sent.headers.location]).to.deep.equal([303, '/status?lang=en']);
    for (let n = 0; n < 500 && (await status()).undelivered.length === 0; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const again = await call('POST', `${at}?format=json`);
    expect(again.status).to.equal(200);
    expect(JSON.parse(again.text)).to.deep.equal({ id: row?.id, state: 'pending' });
  });

  it('knows no other replies', async () => {
    for (const id of ['12345', '1e3', '-1', '%00', '9'.repeat(30)]) {
      expect((await call('POST', `/status/undelivered/${id}/resend`)).status).to.equal(404);
    }
  });
});
