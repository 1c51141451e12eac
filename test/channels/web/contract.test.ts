import { readFile } from 'node:fs/promises';
import path from 'node:path';
import jwt from 'jsonwebtoken';
import { WebSocket } from 'ws';
import web from '../../../channels/web/index.ts';
import { channelContract, type Arrival, type ChannelHarness } from '../../contracts/channel.ts';
import { startWeb, SECRET } from '../../support/web-server.ts';
import { send, type Wire } from '../../support/wire.ts';

const SAMPLES = path.join(import.meta.dirname, '../../../channels/web/samples');

const choice = { content: { kind: 'choice', value: 'v-quality', text: '质量问题' }, lang: 'zh' };
const becomes: Record<string, readonly object[]> = {
  'directlinejs-message.json': [{ content: { kind: 'text', text: 'hello' } }],
  'directlinejs-start.json': [],
  'webchat-choice.json': [choice],
  'webchat-join.json': [{ content: { kind: 'event', name: 'join' } }],
  'webchat-message.json': [{ content: { kind: 'text', text: '我的快递到哪了？' } }],
  'webchat-start.json': [],
  'webchat-upload.json': [{ content: { attachments: [{ name: '说明.txt' }] } }],
};

channelContract(
  { name: 'web', called: true, push: false, hearsItself: false },
  async ({ logger }): Promise<ChannelHarness> => {
    const server = await startWeb({ logger });
    const user = { id: 'dl_contract' };
    const started = await server.call('POST', 'conversations', { body: { user } });
    const { conversationId: conv = '', token = '', streamUrl = '' } = started.body;
    const other = (await server.call('POST', 'conversations', { body: { user } })).body;
    let sent = 0;

    function post(activity: unknown, bearer = token): Wire {
      return {
        method: 'POST',
        url: `${server.directLine}/conversations/${conv}/activities`,
        headers: {
          'content-type': 'application/json',
          ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }),
        },
        body: typeof activity === 'string' ? activity : JSON.stringify(activity),
      };
    }

    function activity(more: object): object {
      sent += 1;
      const channelData = { clientActivityID: `contract-${sent}` };
      return { type: 'message', from: user, channelData, ...more };
    }

    const arrivalOf = (more: object): Arrival => {
      const wire = post(activity(more));
      return () => send(wire);
    };

    let socket: WebSocket | undefined;
    return {
      capabilities: web.capabilities,
      desk: server.desk,
      message: (text) => arrivalOf({ text }),
      forged: (body) => {
        const claims = { conv, user: user.id, aud: 'directline' };
        const content = body ?? activity({ text: 'forged' });
        const bearers = {
          'no bearer': '',
          'another secret': `${SECRET}x`,
          'a token cut short': token.slice(0, -3),
          'a token for another conversation': other.token ?? '',
          'a token that is not signed': jwt.sign(claims, '', { algorithm: 'none', expiresIn: 60 }),
          'a token signed by others': jwt.sign(claims, 'their own secret', { expiresIn: 60 }),
          'a token that is over': jwt.sign(claims, SECRET, { expiresIn: -60 }),
        };
        const requests = Object.entries(bearers).map(([what, bearer]) => [
          what,
          post(content, bearer),
        ]);
        return Promise.resolve(Object.fromEntries(requests) as Record<string, Wire>);
      },
      sample: async (file) => {
        const recorded = JSON.parse(await readFile(path.join(SAMPLES, file), 'utf8')) as {
          method: string;
          path: string;
          headers: Record<string, string>;
          body: unknown;
        };
        const { method, headers, body } = recorded;
        const wire: Wire = {
          method,
          url: server.base + recorded.path.replace('CONVERSATION', conv),
          headers: { ...headers, authorization: `Bearer ${SECRET}` },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        };
        return { arrival: () => send(wire), becomes: becomes[file] ?? [{ content: undefined }] };
      },
      unknown: () => ({
        'a type of activity': { arrival: arrivalOf({ type: 'dance' }), status: 400 },
        'a name of an event': { arrival: arrivalOf({ type: 'event', name: 'x/y' }), status: 200 },
        'fields of any kind': { arrival: arrivalOf({ text: 'x', extra: { a: [1] } }), status: 200 },
        'a field of the wrong kind': { arrival: arrivalOf({ text: { a: 1 } }), status: 400 },
        typing: { arrival: arrivalOf({ type: 'typing' }), status: 200 },
      }),
      occupy: async () => {
        socket = new WebSocket(streamUrl);
        const open = socket;
        await new Promise((resolve, reject) => {
          open.on('open', resolve);
          open.on('error', reject);
        });
      },
      stop: () => server.stop(),
    };
  },
);
