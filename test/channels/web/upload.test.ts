import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { expect } from 'chai';
import { startWeb, type Answer, type WebServer } from '../../support/web-server.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('uploads', () => {
  let web: WebServer;
  let conv: string;
  let token: string;
  before(async () => {
    web = await startWeb();
  });
  after(() => web.stop());
  beforeEach(async () => {
    const started = await web.call('POST', 'conversations', { body: { user: { id: 'u1' } } });
    conv = started.body.conversationId!;
    token = started.body.token!;
  });

  const stored = (): Promise<string[]> => readdir(path.join(web.dataDir, 'files'));

  interface File {
    name: string;
    type: string;
    bytes: Buffer;
  }

  async function send(files: readonly File[], activity?: unknown, query = ''): Promise<Answer> {
    const form = new FormData();
    if (activity !== undefined) {
      const text = typeof activity === 'string' ? activity : JSON.stringify(activity);
      form.append('activity', new Blob([text], { type: 'application/vnd.microsoft.activity' }));
    }
    for (const { name, type, bytes } of files) {
      form.append('file', new Blob([new Uint8Array(bytes)], { type }), name);
    }
    const encoded = new Response(form);
    return web.call('POST', `conversations/${conv}/upload${query}`, {
      token,
      body: Buffer.from(await encoded.arrayBuffer()),
      headers: { 'content-type': encoded.headers.get('content-type')! },
    });
  }

  const png: File = { name: 'photo.png', type: 'image/png', bytes: PNG };
  const message = { type: 'message', from: { id: 'u1' }, text: '看', channelData: { a: 1 } };

  it('keeps files and gives them back, with the message they came with', async () => {
    const text: File = { name: '说明 1.txt', type: 'text/plain', bytes: Buffer.from('hello') };
    const answer = await send([png, text], message);
    expect(answer.status).to.equal(200);
    expect(answer.body.id).to.equal(`${conv}|0000001`);
    const { content } = web.desk.accepted.at(-1)!;
    expect(content).to.deep.include({ kind: 'attachment', text: '看' });
    const read = await web.call('GET', `conversations/${conv}/activities`, { token });
    const [echo] = read.body.activities!;
    expect(echo!.channelData).to.include({ a: 1 });
    expect(echo!.attachments!.map((a) => [a.name, a.contentType])).to.deep.equal([
      ['photo.png', 'image/png'],
      ['说明 1.txt', 'text/plain'],
    ]);
    const [picture, note] = await Promise.all(echo!.attachments!.map((a) => fetch(a.contentUrl)));
    expect(Buffer.from(await picture!.arrayBuffer()).equals(PNG)).to.equal(true);
    expect(picture!.headers.get('content-type')).to.equal('image/png');
    expect(picture!.headers.get('content-disposition')).to.match(/^inline/);
    expect(await note!.text()).to.equal('hello');
    expect(note!.headers.get('content-disposition')).to.match(/^attachment; filename\*=UTF-8''%E8/);
    for (const file of [picture!, note!]) {
      expect(file.headers.get('x-content-type-options')).to.equal('nosniff');
      expect(file.headers.get('content-security-policy')).to.contain('sandbox');
    }
  });

  it('takes a file without an activity, from the user of the query', async () => {
    const free = await web.call('POST', 'conversations', {});
    conv = free.body.conversationId!;
    token = free.body.token!;
    expect((await send([png], undefined, '?userId=asked')).status).to.equal(200);
    expect(web.desk.accepted.at(-1)!.address.user).to.equal('asked');
    expect((await send([png])).status).to.equal(400);
  });

  it('keeps one copy of a message that is sent twice', async () => {
    const activity = { ...message, channelData: { clientActivityID: 'x' } };
    const before = (await stored()).length;
    const ids = [await send([png], activity), await send([png], activity)].map((a) => a.body.id);
    expect(ids[0]).to.equal(ids[1]);
    expect((await stored()).length).to.equal(before + 2);
  });

  it('never uses a name as a path', async () => {
    const names = [
      '../../../../tmp/evil.png',
      '..\\..\\evil.png',
      '/etc/passwd',
      'a\u0000b.png',
      '..',
    ];
    for (const name of names) {
      const answer = await send([{ ...png, name }], message);
      expect(answer.status, name).to.equal(200);
      const { content } = web.desk.accepted.at(-1)!;
      const [file] = content.kind === 'attachment' ? content.attachments : [];
      expect(file!.name, name).not.to.match(/[/\\\0]/);
      expect(file!.url, name).to.match(/^\/channels\/web\/files\/[\w-]{20,}$/);
    }
    for (const id of [
      '..',
      '..%2f..%2fdirectline-secret',
      '%2e%2e',
      'x'.repeat(24),
      `a%00${'b'.repeat(20)}`,
    ]) {
      const got = await fetch(`${web.base}/channels/web/files/${id}`);
      expect(got.status, id).to.equal(404);
    }
  });

  it('refuses types that browsers run, too many, too much and no file, and keeps none of it', async () => {
    const before = (await stored()).length;
    const big = Buffer.alloc(5 * 1024 * 1024 + 1);
    const cases: [number, readonly File[], unknown][] = [
      [415, [{ name: 'a.html', type: 'text/html', bytes: PNG }], message],
      [415, [{ name: 'a.svg', type: 'image/svg+xml', bytes: PNG }], message],
      [415, [{ name: 'a.exe', type: 'application/octet-stream', bytes: PNG }], message],
      [415, [png, { name: 'a.html', type: 'text/html', bytes: PNG }], message],
      [413, Array<File>(6).fill(png), message],
      [413, [{ ...png, bytes: big }], message],
      [413, Array<File>(3).fill({ ...png, bytes: Buffer.alloc(2 * 1024 * 1024) }), message],
      [400, [], message],
      [400, [png], '{"type":'],
      [400, [png], { type: 'invoke' }],
      [400, [png], { type: 'event', name: 'x', from: { id: 'u1' } }],
      [413, [png], { ...message, text: 'x'.repeat(300_000) }],
    ];
    for (const [i, [status, files, activity]] of cases.entries()) {
      const answer = await send(files, activity);
      expect(answer.status, `case ${i}: ${answer.text}`).to.equal(status);
      expect(answer.body.error, `case ${i}`).to.have.keys(['code', 'message']);
    }
    const wrong = await web.call('POST', `conversations/${conv}/upload`, { token, body: {} });
    expect(wrong.status).to.equal(415);
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x']) {
      const headers = { 'content-type': type };
      const at = `conversations/${conv}/upload`;
      const answer = await web.call('POST', at, { token, body: 'garbage', headers });
      expect(answer.status, type).to.be.oneOf([400, 415]);
    }
    expect((await stored()).length).to.equal(before);
  });

  it('answers 400 to a body that ends inside a file, and goes on', async () => {
    const before = (await stored()).length;
    const response = await fetch(`${web.base}/v3/directline/conversations/${conv}/upload`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'multipart/form-data; boundary=x',
      },
      body:
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n' +
        'Content-Type: image/png\r\n\r\nabc',
    });
    expect(response.status).to.equal(400);
    expect((await fetch(`${web.base}/healthz`)).status).to.equal(200);
    expect((await stored()).length).to.equal(before);
  });

  it('keeps nothing of an upload that breaks off', async () => {
    const before = (await stored()).length;
    const body =
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n' +
      'Content-Type: image/png\r\n\r\n';
    const head =
      `POST /v3/directline/conversations/${conv}/upload HTTP/1.1\r\nHost: a\r\n` +
      `Authorization: Bearer ${token}\r\nContent-Type: multipart/form-data; boundary=b\r\n` +
      'Content-Length: 1000000\r\n\r\n';
    const { port } = new URL(web.base);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(head + body + 'x'.repeat(50_000), () => {
          setTimeout(() => socket.destroy(), 50);
        });
      });
      socket.on('close', () => resolve());
    });
    let left = await stored();
    for (let i = 0; i < 50 && left.length > before; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      left = await stored();
    }
    expect(left.length).to.equal(before);
  });

  it('keeps data URLs of ordinary messages, and never fetches the others', async () => {
    const at = `conversations/${conv}/activities`;
    const contentUrl = `data:image/png;base64,${PNG.toString('base64')}`;
    const foreign = 'http://169.254.169.254/latest/meta-data';
    const attachments = [
      { contentType: 'image/png', name: 'a.png', contentUrl },
      { contentType: 'image/png', name: 'b.png', contentUrl: foreign },
    ];
    const answer = await web.call('POST', at, { token, body: { ...message, attachments } });
    expect(answer.status).to.equal(200);
    const { content } = web.desk.accepted.at(-1)!;
    const urls = content.kind === 'attachment' ? content.attachments.map((a) => a.url) : [];
    expect(urls[0]).to.match(/^\/channels\/web\/files\//);
    expect(urls[1]).to.equal(foreign);
    for (const bad of ['data:text/html;base64,PGI+', 'data:image/png,plain']) {
      const body = { ...message, attachments: [{ contentType: 'image/png', contentUrl: bad }] };
      expect((await web.call('POST', at, { token, body })).status).to.be.oneOf([400, 415]);
    }
  });
});
