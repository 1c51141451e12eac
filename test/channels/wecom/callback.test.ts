import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encrypt } from '@wecom/crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { openWecom } from '../../../channels/wecom/index.ts';
import type { OpenChannel } from '../../../src/channel/channel.ts';
import { createLogger } from '../../../src/log.ts';
import { createServer, type HttpServer } from '../../../src/server.ts';
import { createFakeDesk } from '../../support/fake-desk.ts';

/** The vendor's own example (https://developer.work.weixin.qq.com/document/path/90968). */
const TOKEN = 'QDG6eK';
const AES_KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const CORP = 'wx5823bf96d3bd56c7';
const V1 = {
  timestamp: '1409659589',
  nonce: '263014780',
  echostr:
    'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
  msg_signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
};
const V2 = {
  timestamp: '1409659813',
  nonce: '1372623149',
  msg_signature: '477715d11cdb4164915debcba66cb864d751f3e6',
};
const V2_ENCRYPT =
  'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==';
const NOW = 1_409_659_700_000;

function signature(...parts: readonly string[]): string {
  return createHash('sha1')
    .update([TOKEN, ...parts].sort().join(''))
    .digest('hex');
}

describe('wecom: callbacks', () => {
  let server: HttpServer;
  let channel: OpenChannel;
  let base: string;
  let dataDir: string;
  let pulled: number;
  let logged: string[];

  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'yingda-wecom-'));
    logged = [];
    pulled = 0;
    const logger = createLogger('trace', { write: (line) => void logged.push(line) });
    server = createServer({
      logger,
      metrics: new Registry(),
      health: () => Promise.resolve([]),
    });
    const desk = createFakeDesk({
      router: server,
      dataDir,
      logger,
      clock: { now: () => NOW },
      fetch: (input) => {
        const call = new URL(input).pathname;
        if (call.endsWith('sync_msg')) pulled += 1;
        const token = { access_token: 'T', expires_in: 7200 };
        const body = call.endsWith('gettoken') ? token : { has_more: 0, msg_list: [] };
        return Promise.resolve(Response.json({ errcode: 0, ...body }));
      },
      env: {
        WECOM_CORP_ID: CORP,
        WECOM_KF_SECRET: 'KF-SECRET',
        WECOM_TOKEN: TOKEN,
        WECOM_AES_KEY: AES_KEY,
      },
    });
    channel = await openWecom(desk.context);
    base = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}/channels/wecom`;
  });
  afterEach(async () => {
    await channel.stop();
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const get = (query: Record<string, string>): Promise<Response> =>
    fetch(`${base}?${new URLSearchParams(query).toString()}`);
  const post = (query: Record<string, string>, body: string | Uint8Array): Promise<Response> =>
    fetch(`${base}?${new URLSearchParams(query).toString()}`, { method: 'POST', body });
  const envelope = (encrypted: string): string =>
    `<xml><ToUserName><![CDATA[${CORP}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
  /** A callback that is signed and encrypted as WeCom does it. */
  function push(
    xml: string,
    { receiver = CORP, at = NOW / 1000 }: { receiver?: string; at?: number } = {},
  ): Promise<Response> {
    const encrypted = encrypt(AES_KEY, xml, receiver, randomBytes(16));
    const query = { timestamp: String(at), nonce: 'n' };
    return post(
      { ...query, msg_signature: signature(query.timestamp, 'n', encrypted) },
      envelope(encrypted),
    );
  }
  const notice = (more = ''): string =>
    `<xml><ToUserName><![CDATA[${CORP}]]></ToUserName><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[ENC]]></Token><OpenKfId><![CDATA[wk1]]></OpenKfId>${more}</xml>`;
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

  it('answers the official check of the address in clear, byte for byte', async () => {
    const response = await get(V1);
    expect(response.status).to.equal(200);
    expect(await response.text()).to.equal('1616140317555161061');
    expect((await fetch(`${base}/default?${new URLSearchParams(V1).toString()}`)).status).to.equal(
      200,
    );
  });

  it('takes the official message: verified, nothing to pull, 200 and empty', async () => {
    const response = await post(V2, envelope(V2_ENCRYPT));
    expect([response.status, await response.text()]).to.deep.equal([200, '']);
    await settled();
    expect(pulled).to.equal(0);
  });

  it('a check of the address does not decrypt a message for whoever has seen one', async () => {
    const response = await get({ ...V2, echostr: V2_ENCRYPT });
    expect(response.status).to.equal(403);
    expect(await response.text()).not.to.contain('mycreate');
  });

  it('a notice is answered at once and pulls, again when it comes again', async () => {
    for (let i = 0; i < 2; i += 1) {
      const response = await push(notice());
      expect([response.status, await response.text()]).to.deep.equal([200, '']);
      await settled();
    }
    expect(pulled).to.equal(2);
    expect(channel.health!().notes[0]).to.equal('The last callback came 0 s ago.');
  });

  const altered = `${V2_ENCRYPT.slice(0, 40)}A${V2_ENCRYPT.slice(41)}`;
  const refused: readonly [string, () => Promise<Response>, number][] = [
    ['no query at all', () => post({}, envelope(V2_ENCRYPT)), 403],
    [
      'another signature',
      () => post({ ...V2, msg_signature: '0'.repeat(40) }, envelope(V2_ENCRYPT)),
      403,
    ],
    ['a short signature', () => post({ ...V2, msg_signature: '4' }, envelope(V2_ENCRYPT)), 403],
    ['another nonce', () => post({ ...V2, nonce: '1' }, envelope(V2_ENCRYPT)), 403],
    ['altered cipher text', () => post(V2, envelope(altered)), 403],
    ['truncated cipher text', () => post(V2, envelope(V2_ENCRYPT.slice(0, 64))), 403],
    [
      'signed cipher text that is truncated',
      () => {
        const cut = V2_ENCRYPT.slice(0, 128);
        return post(
          { ...V2, msg_signature: signature(V2.timestamp, V2.nonce, cut) },
          envelope(cut),
        );
      },
      403,
    ],
    ['no Encrypt', () => post(V2, '<xml></xml>'), 403],
    ['an empty body', () => post(V2, ''), 403],
    ['plain XML', () => post(V2, notice()), 403],
    ['another corporation', () => push(notice(), { receiver: 'wwother' }), 403],
    ['another ToUserName', () => push(notice().replaceAll(CORP, 'wwother')), 403],
    ['a time 5 minutes and 1 s ago', () => push(notice(), { at: NOW / 1000 - 301 }), 403],
    ['a time 5 minutes and 1 s ahead', () => push(notice(), { at: NOW / 1000 + 301 }), 403],
    ['10 MB', () => post(V2, Buffer.alloc(10 * 1024 * 1024, 'a')), 400],
    ['entities', () => push(`<!DOCTYPE x [<!ENTITY a "b">]>${notice('<A>&a;</A>')}`), 400],
    [
      'external entities',
      () => push(`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${notice()}`),
      400,
    ],
    ['__proto__', () => push(notice('<__proto__><a>1</a></__proto__>')), 400],
    ['two tokens', () => push(notice('<Token>x</Token>')), 400],
    ['no XML', () => push('hello'), 400],
    ['an unclosed tag', () => push('<xml><a>1</xml>'), 400],
  ];
  for (const [what, send, status] of refused) {
    it(`refuses ${what} with ${status}, pulls nothing and goes on`, async () => {
      // A body that is refused early may end its connection while it is still being sent.
      const seen = await send().then(
        (response) => response.status,
        () => status,
      );
      expect(seen).to.equal(status);
      await settled();
      expect(pulled).to.equal(0);
      expect((await push(notice())).status).to.equal(200);
      expect(logged.join('\n')).not.to.match(/KF-SECRET|QDG6eK|jWmYm7qr5/);
    });
  }

  const idle: readonly [string, string][] = [
    ['another event', notice().replace('kf_msg_or_event', 'kf_account_auth_change')],
    ['no account', notice().replace(/<OpenKfId>.*<\/OpenKfId>/, '')],
    ['a strange account', notice().replace('wk1', '../../etc')],
    ['no event', `<xml><ToUserName>${CORP}</ToUserName></xml>`],
    [
      'CDATA that holds its own end',
      notice().replace('event', 'a]]]]><![CDATA[>b').replace('kf_msg_or_event', 'x'),
    ],
  ];
  for (const [what, xml] of idle) {
    it(`${what}: 200, recorded, no pull`, async () => {
      expect((await push(xml)).status).to.equal(200);
      await settled();
      expect(pulled).to.equal(0);
      expect(logged.join()).to.contain('a callback that asks for nothing');
    });
  }

  it('an account that is not configured is not found', async () => {
    expect((await fetch(`${base}/other?${new URLSearchParams(V1).toString()}`)).status).to.equal(
      404,
    );
  });

  it('whatever is posted, the answer is 200, 400 or 403', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.uint8Array({ maxLength: 300 }).map((b) => Buffer.from(b).toString('base64')),
        ),
        fc.string({ maxLength: 40 }),
        fc.boolean(),
        async (inside, odd, sealed) => {
          const response = sealed
            ? await push(`<xml>${inside}</xml>`)
            : await post({ ...V2, nonce: odd }, envelope(inside));
          expect(response.status).to.be.oneOf([200, 400, 403]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
