/** A provider as plain as can be, with its channel: what the stage is tested on. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bubble, Gesture, StartSimulator } from '../../../simulators/simulator.ts';
import { readJson } from '../../../src/channel/body.ts';
import { defineChannel, type ChannelDefinition } from '../../../src/channel/channel.ts';
import { OutsideError } from '../../../src/errors.ts';
import type { Content } from '../../../src/message.ts';

/** How it behaves. */
export interface FakeProvider {
  /** Replies of one turn arrive as one bubble. */
  readonly merges?: boolean;
  /** Choices are numbered in the text. */
  readonly numbers?: boolean;
  /** Text that the channel answers with 500. */
  readonly refuses?: string;
  /** Text that the channel acknowledges and forgets. */
  readonly drops?: string;
  /** Text at which the provider notes a broken rule. */
  readonly breaks?: string;
  /** Text whose answer the provider does not take. */
  readonly rejects?: string;
}

/** Starts, by what happened, and those that have been stopped. */
export interface FakeRuns {
  readonly envs: Readonly<Record<string, string>>[];
  started: number;
  stopped: number;
}

export function fakeProvider(how: FakeProvider = {}): {
  readonly definition: ChannelDefinition;
  readonly simulator: StartSimulator;
  readonly runs: FakeRuns;
} {
  const runs: FakeRuns = { envs: [], started: 0, stopped: 0 };
  const simulator: StartSimulator = async () => {
    const screen: Bubble[] = [];
    const refused: { call: string; why: string; code: number }[] = [];
    let callback = '';
    const server = createServer((request, response) => {
      void readAll(request).then((body) => {
        const bubble = JSON.parse(body) as Pick<Bubble, 'text' | 'items'>;
        screen.push({ id: String(screen.length), at: 0, kind: 'text', by: 'active', ...bubble });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    runs.started += 1;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return {
      env: { FAKE_API_BASE: url },
      url,
      refused,
      connect: (to) => (callback = to),
      phone: (user) => ({
        user,
        screen,
        async do(gesture) {
          const body = JSON.stringify({ user, gesture });
          const headers = { 'Content-Type': 'application/json' };
          const { ok, status } = await fetch(callback, { method: 'POST', headers, body });
          if (gesture.kind === 'text' && gesture.text === how.breaks) {
            refused.push({ call: 'send', why: 'too long', code: 45002 });
          }
          if (!ok) refused.push({ call: 'callback', why: 'no 200', code: status });
          return ok;
        },
      }),
      async stop() {
        runs.stopped += 1;
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  };
  return { definition: channelOf(how, runs), simulator, runs };
}

function channelOf(how: FakeProvider, runs: FakeRuns): ChannelDefinition {
  return defineChannel({
    name: 'fake',
    capabilities: { delivery: 'push', taps: true, batch: 10 },
    env: { required: ['FAKE_API_BASE'], optional: ['FAKE_LANG'] },
    open(context) {
      runs.envs.push(context.env);
      const [lang] = [context.env.FAKE_LANG === 'en' ? ('en' as const) : ('zh' as const)];
      let rejecting = false;
      context.router.on('POST', '/channels/fake', async (request, response) => {
        const { user, gesture } = (await readJson(request, 100_000)) as {
          user: string;
          gesture: Gesture;
        };
        const said = gesture.kind === 'text' ? gesture.text : '';
        rejecting = said !== '' && said === how.rejects;
        if (said !== '' && said === how.refuses) response.writeHead(500);
        else if (said === '' || said !== how.drops) {
          const address = { channel: 'fake', account: 'a', conversation: `c-${user}`, user };
          const contents = contentsOf(gesture);
          for (const content of contents) {
            await context.accept({
              id: context.newId(),
              address,
              content,
              at: context.clock.now(),
              lang,
            });
          }
        }
        response.end();
      });
      const show = async (text: string, items: Bubble['items']): Promise<void> => {
        const body = JSON.stringify({ text, items });
        await context.fetch(context.env.FAKE_API_BASE ?? '', { method: 'POST', body });
      };
      return Promise.resolve({
        async deliverAll(replies) {
          if (rejecting) throw new OutsideError('fake', 'will not', { retryable: false });
          const texts = replies.map(({ line: { reply } }) => {
            const choices = (reply.choices ?? []).map((c, at) => `${at + 1}. ${c.title}`);
            return how.numbers ? [reply.text, ...choices].join('\n') : reply.text;
          });
          const items = replies.flatMap(({ line: { reply } }) =>
            how.numbers ? [] : (reply.choices ?? []).map((c) => ({ id: c.value, title: c.title })),
          );
          if (how.merges) await show(texts.join('\n'), items);
          else {
            for (const [at, text] of texts.entries()) {
              await show(text, at === texts.length - 1 ? items : []);
            }
          }
          for (const reply of replies) await reply.sent();
        },
        stop: () => Promise.resolve(),
      });
    },
  });
}

function contentsOf(gesture: Gesture): readonly Content[] {
  switch (gesture.kind) {
    case 'text':
      return [{ kind: 'text', text: gesture.text }];
    case 'tap':
      return [{ kind: 'choice', value: gesture.id, text: gesture.id }];
    case 'image': {
      const file = {
        kind: 'image',
        name: gesture.name,
        contentType: 'image/png',
        url: '/x',
      } as const;
      const image = { kind: 'attachment', attachments: [file], text: '' } as const;
      const { text = '' } = gesture;
      return text === '' ? [image] : [image, { kind: 'text', text }];
    }
    case 'join':
      return [{ kind: 'event', name: 'join' }];
    case 'event':
      return [{ kind: 'event', name: gesture.name }];
  }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}
