import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { createLogger } from '../../../src/log.ts';
import { SECRET, startWeb, type Answer, type WebServer } from '../../support/web-server.ts';

type Call = Parameters<WebServer['call']>[2];

describe('Direct Line', () => {
  let web: WebServer;
  let now = Date.now();
  const logged: string[] = [];

  before(async () => {
    const logger = createLogger('debug', { write: (line) => logged.push(line) });
    const limits = {
      user: { perSecond: 50, burst: 30, maxDelayMs: 300 },
      read: { perSecond: 50, burst: 50, maxDelayMs: 300 },
    };
    web = await startWeb({ logger, limits, context: { clock: { now: () => now } } });
  });
  after(() => web.stop());
  beforeEach(() => {
    now = Date.now();
    web.desk.broken = false;
  });

  async function begin(user?: string): Promise<{ conv: string; token: string }> {
    const body = user === undefined ? undefined : { user: { id: user } };
    const { body: got } = await web.call('POST', 'conversations', { body });
    return { conv: got.conversationId!, token: got.token! };
  }

  function post(conv: string, activity: unknown, options: Call = {}): Promise<Answer> {
    return web.call('POST', `conversations/${conv}/activities`, { body: activity, ...options });
  }

  async function read(conv: string, token: string, watermark = ''): Promise<Answer['body']> {
    const at = `conversations/${conv}/activities?watermark=${watermark}`;
    const answer = await web.call('GET', at, { token });
    expect(answer.status).to.equal(200);
    return answer.body;
  }

  async function answered(conv: string, token: string, count: number): Promise<Answer['body']> {
    for (;;) {
      const body = await read(conv, token);
      if (body.activities!.length >= count) return body;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  function refused(answer: Answer, status: number): void {
    expect(answer.status).to.equal(status);
    expect(answer.body.error).to.have.keys(['code', 'message']);
    expect(answer.text).not.to.match(/\.ts\b|node:|at /);
  }

  const message = { type: 'message', from: { id: 'u1' }, text: 'hello' };

  it('starts a conversation, takes a message and shows both sides', async () => {
    const started = await web.call('POST', 'conversations', { body: {} });
    expect(started.status).to.equal(201);
    expect(started.body).to.include({ expires_in: 1800 });
    expect(started.body.streamUrl).to.match(/^ws:\/\/127\.0\.0\.1:\d+\/v3\/directline\/.+&t=./);
    const { conversationId: conv, token } = started.body;
    const data = { clientActivityID: 'c1', other: { deep: [1] } };
    const posted = await post(conv!, { ...message, channelData: data }, { token: token! });
    expect(posted.status).to.equal(200);
    expect(posted.body.id).to.equal(`${conv!}|0000001`);
    const { activities, watermark } = await answered(conv!, token!, 2);
    expect(watermark).to.equal('2');
    const [echo, reply] = activities!;
    expect(echo).to.deep.include({ id: posted.body.id, type: 'message', text: 'hello' });
    expect(echo!.from).to.deep.equal({ id: 'u1', role: 'user' });
    expect(echo!.channelData).to.deep.equal({ ...data, 'webchat:sequence-id': 1 });
    expect(new Date(echo!.timestamp).toISOString()).to.equal(echo!.timestamp);
    expect(reply).to.deep.include({ text: 'echo: hello', replyToId: posted.body.id });
    expect(reply!.from).to.include({ id: 'bot', role: 'bot' });
    expect((await read(conv!, token!, '1')).activities).to.have.length(1);
    expect(await read(conv!, token!, '2')).to.deep.equal({ activities: [], watermark: '2' });
  });

  it('gives one message one id and one turn, however often it is sent', async () => {
    const { conv, token } = await begin('u1');
    const activity = { ...message, channelData: { clientActivityID: 'same' } };
    const ids = await Promise.all([1, 2, 3].map(() => post(conv, activity, { token })));
    expect(new Set(ids.map((a) => a.body.id)).size).to.equal(1);
    await answered(conv, token, 2);
    expect((await post(conv, activity, { token })).body.id).to.equal(ids[0]!.body.id);
    expect((await read(conv, token)).activities).to.have.length(2);
    const other = await begin('u1');
    await post(other.conv, activity, { token: other.token });
    expect((await answered(other.conv, other.token, 2)).activities).to.have.length(2);
  });

  it('answers 403 to a missing, unknown, wrong, forged or expired bearer on every route', async () => {
    const { conv, token } = await begin();
    const [head, payload, signature] = token.split('.');
    const claims = { conv, aud: 'directline' };
    const bearers: Record<string, string> = {
      none: '',
      unknown: 'x',
      'wrong secret': `${SECRET}x`,
      'cut short': token.slice(0, -2),
      'signed with the secret itself': jwt.sign(claims, SECRET, { expiresIn: 60 }),
      'not signed': jwt.sign(claims, '', { algorithm: 'none', expiresIn: 60 }),
      'other payload': [head, Buffer.from('{"conv":"x"}').toString('base64url'), signature].join(
        '.',
      ),
      'no payload': `${head!}..${signature!}`,
    };
    const { streamUrl } = (await web.call('POST', 'conversations', { token })).body;
    bearers['made for a stream'] = new URL(streamUrl!).searchParams.get('t')!;
    expect(payload).to.be.a('string');
    const routes = [
      ['POST', 'tokens/generate'],
      ['POST', 'tokens/refresh'],
      ['POST', 'conversations'],
      ['GET', `conversations/${conv}`],
      ['GET', `conversations/${conv}/activities`],
      ['POST', `conversations/${conv}/activities`],
      ['POST', `conversations/${conv}/upload`],
      ['GET', 'session/getsessionid'],
    ] as const;
    for (const [name, bearer] of Object.entries(bearers)) {
      for (const [method, path] of routes) {
        const body = method === 'POST' ? message : undefined;
        const answer = await web.call(method, path, { token: bearer, body });
        expect(answer.status, `${name}: ${method} ${path}`).to.equal(403);
        expect(answer.body.error, name).to.have.keys(['code', 'message']);
      }
    }
    now += 1801_000;
    const late = await web.call('GET', `conversations/${conv}/activities`, { token });
    refused(late, 403);
    expect(late.body.error!.code).to.equal('TokenExpired');
    refused(await web.call('POST', 'tokens/refresh', { token }), 403);
  });

  it("lets nobody into another's conversation", async () => {
    const mine = await begin('u1');
    const other = await begin('u2');
    await post(other.conv, { ...message, text: 'private' }, { token: other.token });
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/activities'],
      ['POST', '/activities'],
      ['POST', '/upload'],
    ] as const) {
      const body = method === 'POST' ? message : undefined;
      const at = `conversations/${other.conv}${path}`;
      refused(await web.call(method, at, { token: mine.token, body }), 403);
    }
    expect(
      web.desk.lines(`web:default:${other.conv}`).filter((l) => l.kind === 'in').length,
    ).to.equal(1);
  });

  it('knows no conversation that was not started', async () => {
    for (const path of ['', '/activities']) {
      refused(await web.call('GET', `conversations/nope${path}`), 404);
    }
    refused(await post('nope', message), 404);
    refused(await web.call('GET', `conversations/${'x'.repeat(300)}`), 404);
    refused(await web.call('GET', 'conversations/..%2f..%2fetc/activities'), 404);
  });

  it('generates tokens for the secret only, renews them, and starts their conversation once', async () => {
    const made = await web.call('POST', 'tokens/generate', { body: { user: { id: 'dl_x' } } });
    expect(made.status).to.equal(200);
    expect(made.body).to.have.keys(['conversationId', 'token', 'expires_in']);
    const token = made.body.token!;
    expect(jwt.decode(token)).to.include({ user: 'dl_x', conv: made.body.conversationId });
    refused(await web.call('POST', 'tokens/generate', { token }), 403);
    const first = await web.call('POST', 'conversations', { token });
    const again = await web.call('POST', 'conversations', { token });
    expect([first.status, again.status]).to.deep.equal([201, 200]);
    expect(first.body.conversationId).to.equal(made.body.conversationId);
    now += 1000_000;
    const renewed = await web.call('POST', 'tokens/refresh', { token });
    expect(renewed.status).to.equal(200);
    now += 1000_000;
    const kept = await web.call('GET', `conversations/${made.body.conversationId!}`, {
      token: renewed.body.token!,
    });
    expect(kept.status).to.equal(200);
    expect(kept.body).to.include.keys('token', 'streamUrl');
  });

  it('forces the user of the token, or else the first that posts, on every message', async () => {
    const bound = await begin('dl_me');
    await post(bound.conv, { ...message, from: { id: 'admin' } }, { token: bound.token });
    await post(bound.conv, { type: 'message', text: 'no from' }, { token: bound.token });
    const free = await begin();
    refused(await post(free.conv, { type: 'message', text: 'x' }), 400);
    await post(free.conv, { ...message, from: { id: 'first' } });
    await post(free.conv, { ...message, from: { id: 'second' } });
    const users = (conv: string): string[] =>
      web.desk.accepted.filter((i) => i.address.conversation === conv).map((i) => i.address.user);
    expect(users(bound.conv)).to.deep.equal(['dl_me', 'dl_me']);
    expect(users(free.conv)).to.deep.equal(['first', 'first']);
  });

  it('keeps the secret away from browsers and from conversations of the page', async () => {
    const headers = { origin: web.base };
    refused(await web.call('POST', 'conversations', { headers }), 403);
    const page = await web.call('POST', '/channels/web/token', { token: '', body: {} });
    const { conversationId, token } = page.body;
    await web.call('POST', 'conversations', { token: token! });
    refused(await web.call('GET', `conversations/${conversationId!}/activities`), 403);
  });

  it('takes what is typed as text, taps as choices, joins as events', async () => {
    const { conv, token } = await begin('u1');
    const sends: [object, object][] = [
      [{ text: '  hi  ' }, { kind: 'text', text: '  hi  ' }],
      [{}, { kind: 'text', text: '' }],
      [
        { text: 'T', value: 'v' },
        { kind: 'choice', value: 'v', text: 'T' },
      ],
      [{ value: 'v' }, { kind: 'choice', value: 'v', text: 'v' }],
      [
        { text: 'v', channelData: { postBack: true } },
        { kind: 'choice', value: 'v', text: 'v' },
      ],
      [
        { text: 'T', value: { a: 1 } },
        { kind: 'text', text: 'T' },
      ],
      [
        { type: 'event', name: 'webchat/join', value: 1 },
        { kind: 'event', name: 'join', value: 1 },
      ],
      [
        { type: 'event', name: 'own' },
        { kind: 'event', name: 'own' },
      ],
      [{ type: 'conversationUpdate' }, { kind: 'event', name: 'join' }],
      [{ text: 'a\u0007b\u0000c\td\u0085' }, { kind: 'text', text: 'abc\td' }],
      [{ text: 'x\ud800y' }, { kind: 'text', text: 'x\ufffdy' }],
      [{ text: '😀'.repeat(3) }, { kind: 'text', text: '😀😀😀' }],
    ];
    for (const [activity] of sends) {
      expect(
        (await post(conv, { ...message, text: undefined, ...activity }, { token })).status,
      ).to.equal(200);
    }
    const got = web.desk.accepted.filter((i) => i.address.conversation === conv);
    expect(got.map((i) => i.content)).to.deep.equal(sends.map(([, content]) => content));
  });

  it('echoes events that were sent, and shows no agent input, bot event or unsent join', async () => {
    const { conv, token } = await begin('u1');
    web.desk.answer = () => [
      { from: 'bot', text: '', event: { name: 'handoff.initiate', value: 1 } },
    ];
    await post(conv, { type: 'conversationUpdate' }, { token });
    const event = { type: 'event', name: 'webchat/join', channelData: { clientActivityID: 'e' } };
    await post(conv, event, { token });
    await web.desk.context.accept({
      id: 'agent-1',
      address: { channel: 'web', account: 'default', conversation: conv, user: 'u1' },
      content: { kind: 'agent', action: 'message', agent: 'Li', text: 'internal' },
      at: now,
    });
    web.desk.say(`web:default:${conv}`, 'agent-1', [{ from: 'agent', text: '您好' }]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { activities, watermark } = await read(conv, token);
    expect(activities!.map((a) => [a.type, a.name ?? a.text])).to.deep.equal([
      ['event', 'webchat/join'],
      ['message', '您好'],
    ]);
    expect(activities![1]!.from).to.deep.equal({ id: 'agent', name: '客服专员', role: 'bot' });
    expect(activities![1]).not.to.have.property('replyToId');
    expect(watermark).to.equal(String(web.desk.lines(`web:default:${conv}`).length));
    web.desk.answer = (i) => [
      { from: 'bot', text: `echo: ${(i.content as { text: string }).text}` },
    ];
  });

  it('offers choices that bring their value back', async () => {
    const { conv, token } = await begin('u1');
    web.desk.answer = () => [{ from: 'bot', text: '?', choices: [{ value: 'v1', title: '一' }] }];
    await post(conv, message, { token });
    const { activities } = await answered(conv, token, 2);
    const [action] = activities![1]!.suggestedActions!.actions;
    expect(action).to.deep.equal({
      type: 'messageBack',
      title: '一',
      text: '一',
      displayText: '一',
      value: 'v1',
    });
    web.desk.answer = (i) => [
      { from: 'bot', text: `echo: ${(i.content as { text: string }).text}` },
    ];
  });

  it('answers typing politely and forgets it', async () => {
    const { conv, token } = await begin('u1');
    const typing = await post(conv, { type: 'typing', from: { id: 'u1' } }, { token });
    expect(typing.status).to.equal(200);
    expect(typing.body.id).to.be.a('string');
    expect((await read(conv, token)).activities).to.deep.equal([]);
  });

  it('refuses malformed input with 4xx in its own shape, and stays up', async () => {
    const { conv, token } = await begin('u1');
    const at = `conversations/${conv}/activities`;
    const json = { 'content-type': 'application/json' };
    const cases: [number, Call][] = [
      [400, { body: '{"type":', headers: json }],
      [400, { body: '', headers: json }],
      [400, { body: '[]', headers: json }],
      [400, { body: 'null', headers: json }],
      [400, { body: { type: 'invoke', from: { id: 'u' } } }],
      [400, { body: { type: '__proto__', from: { id: 'u' } } }],
      [400, { body: { from: { id: 'u' }, text: 'no type' } }],
      [400, { body: { ...message, text: 5 } }],
      [400, { body: { ...message, attachments: {} } }],
      [400, { body: { ...message, attachments: [{ contentUrl: 'javascript:alert(1)' }] } }],
      [400, { body: { ...message, attachments: [{ contentUrl: 'file:///etc/passwd' }] } }],
      [400, { body: { ...message, from: { id: 'x'.repeat(300) } } }],
      [400, { body: { type: 'event', from: { id: 'u' } } }],
      [413, { body: { ...message, text: 'x'.repeat(100_000) } }],
      [413, { body: { ...message, text: '长'.repeat(30_000) } }],
      [415, { body: 'type=message', headers: { 'content-type': 'text/plain' } }],
      [415, { body: '{}', headers: { ...json, 'content-encoding': 'gzip' } }],
    ];
    for (const [status, options] of cases) {
      refused(await web.call('POST', at, { token, ...options }), status);
    }
    refused(await web.call('POST', 'conversations', { body: '{', headers: json }), 400);
    refused(await web.call('POST', 'conversations', { body: { user: { id: {} } } }), 400);
    refused(await web.call('POST', 'tokens/generate', { body: { trustedOrigins: 'x' } }), 400);
    refused(await web.call('DELETE', at, { token }), 405);
    refused(await web.call('GET', 'nothing/here', { token }), 404);
    const dirty = `{"type":"message","text":"hi","__proto__":{"polluted":1},
      "channelData":{"constructor":{"prototype":{"polluted":1}},"clientActivityID":"p"}}`;
    expect((await post(conv, dirty, { token })).status).to.equal(200);
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
    const { activities } = await answered(conv, token, 2);
    expect(activities![0]!.channelData).to.deep.equal({
      clientActivityID: 'p',
      'webchat:sequence-id': 1,
    });
  });

  it('never ends the polling of a client: no 5xx and no 429, whatever happens inside', async () => {
    const { conv, token } = await begin('u1');
    await post(conv, message, { token });
    await answered(conv, token, 2);
    web.desk.broken = true;
    expect(await read(conv, token, '1')).to.deep.equal({ activities: [], watermark: '1' });
    web.desk.broken = false;
    const polls = await Promise.all(
      Array.from({ length: 120 }, () =>
        web.call('GET', `conversations/${conv}/activities?watermark=1`, { token }),
      ),
    );
    expect(new Set(polls.map((p) => p.status))).to.deep.equal(new Set([200]));
    expect(polls.some((p) => p.body.activities!.length === 0)).to.equal(true);
  });

  it('answers a flood of messages with 429 and Retry-After once the line is full', async () => {
    const { conv, token } = await begin('dl_flood');
    const all = await Promise.all(
      Array.from({ length: 400 }, () => post(conv, message, { token })),
    );
    const over = all.filter((a) => a.status === 429);
    expect(over.length).to.be.greaterThan(10);
    expect(Number(over[0]!.headers.get('retry-after'))).to.be.at.least(1);
    refused(over[0]!, 429);
    expect(all.filter((a) => a.status === 200).length).to.be.at.least(20);
  });

  it('refuses watermarks that are none of ours', async () => {
    const { conv, token } = await begin('u1');
    const at = `conversations/${conv}/activities?watermark=`;
    refused(await web.call('GET', `${at}abc`, { token }), 400);
    refused(await web.call('GET', `${at}-1`, { token }), 400);
  });

  it('answers the session id that clients ask for', async () => {
    const { token } = await begin();
    const answer = await web.call('GET', 'session/getsessionid', { token });
    expect(answer.status).to.equal(200);
    expect(answer.body).to.deep.equal({ sessionId: '' });
  });

  it('writes no bearer to the log', () => {
    expect(logged.join('')).not.to.contain(SECRET);
    expect(logged.join('')).not.to.match(/eyJ[\w-]+\./);
  });
});
