import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { decode } from '../../../channels/web/codec.ts';
import { RequestError } from '../../../src/errors.ts';
import { startWeb, type WebServer } from '../../support/web-server.ts';

const FOLDER = path.join(import.meta.dirname, '../../../channels/web/samples');

interface Sample {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

/** What each recorded request must become. */
const expected: Record<string, unknown> = {
  'directlinejs-message.json': { kind: 'text', text: 'hello' },
  'webchat-message.json': { kind: 'text', text: '我的快递到哪了？' },
  'webchat-choice.json': { kind: 'choice', value: 'v-quality', text: '质量问题' },
  'webchat-join.json': { kind: 'event', name: 'join', value: { language: 'zh' } },
};

describe('requests recorded from the real clients', () => {
  let web: WebServer;
  before(async () => {
    web = await startWeb();
  });
  after(() => web.stop());

  async function replay(name: string): Promise<string> {
    const sample = JSON.parse(await readFile(path.join(FOLDER, name), 'utf8')) as Sample;
    const { conversationId } = (await web.call('POST', 'conversations', { body: {} })).body;
    const at = sample.path.replace('CONVERSATION', conversationId!);
    const body = typeof sample.body === 'string' ? Buffer.from(sample.body) : sample.body;
    const answer = await web.call(sample.method, at, { body, headers: sample.headers });
    expect(answer.status).to.be.oneOf([200, 201]);
    return conversationId!;
  }

  for (const [name, content] of Object.entries(expected)) {
    it(name, async () => {
      const conversation = await replay(name);
      const got = web.desk.accepted.filter((i) => i.address.conversation === conversation);
      expect(got.map((i) => i.content)).to.deep.equal([content]);
      if (name.startsWith('webchat')) expect(got[0]!.lang).to.equal('zh');
    });
  }

  it('webchat-upload.json', async () => {
    const conversation = await replay('webchat-upload.json');
    const { address, content } = web.desk.accepted.at(-1)!;
    expect(address).to.include({ conversation, user: 'dl_customer' });
    expect(content).to.have.nested.property('attachments[0].name', '说明.txt');
    const [file] = content.kind === 'attachment' ? content.attachments : [];
    expect(await (await fetch(web.base + file!.url)).text()).to.equal('hello');
  });

  it('are all replayed', async () => {
    for (const name of await readdir(FOLDER)) await replay(name);
  });
});

describe('decode', () => {
  it('answers any JSON with an activity or a RequestError 400', () => {
    const field = fc.oneof(fc.jsonValue(), fc.constantFrom('message', 'event', 'typing', 'x'));
    const names = ['type', 'text', 'from', 'value', 'name', 'attachments', 'channelData', 'locale'];
    const activity = fc.dictionary(fc.constantFrom(...names), field);
    fc.assert(
      fc.property(fc.oneof(activity, fc.jsonValue()), (body) => {
        try {
          const { content } = decode(body);
          if (content) expect(content.kind).to.be.oneOf(['text', 'choice', 'attachment', 'event']);
        } catch (error) {
          expect(error).to.be.instanceOf(RequestError).and.to.have.property('status', 400);
        }
      }),
      { numRuns: 500 },
    );
  });
});
