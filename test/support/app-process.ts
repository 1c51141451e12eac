import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '../..');
export const SECRET = 'a-secret-of-the-tests-that-is-long';

/** The real program in a process of its own. */
export interface App {
  readonly base: string;
  /** Everything it wrote to standard output and standard error so far. */
  output(): string;
  /** Posts a text in a conversation of its own and answers with the bot's texts for it. */
  ask(text: string, conversation?: Conversation): Promise<readonly string[]>;
  conversation(): Promise<Conversation>;
  activities(c: Conversation): Promise<readonly Shown[]>;
  /** Exit code after a signal. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Exit code of a process that ends by itself. */
  ended(): Promise<number | null>;
}

export interface Conversation {
  readonly id: string;
  readonly token: string;
}

/** The parts of a Direct Line activity that tests look at. */
export interface Shown {
  readonly id: string;
  readonly type: string;
  readonly text?: string;
  readonly replyToId?: string;
  readonly from: { readonly role: string };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the program. Only the environment given here, PATH and HOME reach it. */
export async function startApp(
  env: Readonly<Record<string, string>>,
  options: { readonly ready?: boolean } = {},
): Promise<App> {
  const port = await freePort();
  const child = spawn(process.execPath, ['--import=tsx', 'src/index.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: String(port),
      HOST: '127.0.0.1',
      DIRECTLINE_SECRET: SECRET,
      ...env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      output += data.toString();
    });
  }
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  const base = `http://127.0.0.1:${port}`;
  const call = async (path: string, token: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${base}/v3/directline${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return response.json();
  };
  const app: App = {
    base,
    output: () => output,
    async conversation() {
      const made = (await call('/conversations', SECRET, { user: { id: 'dl_test' } })) as {
        conversationId: string;
        token: string;
      };
      return { id: made.conversationId, token: made.token };
    },
    async activities(c) {
      const page = (await call(`/conversations/${c.id}/activities?watermark=0`, c.token)) as {
        activities: Shown[];
      };
      return page.activities;
    },
    async ask(text, conversation) {
      const c = conversation ?? (await app.conversation());
      const posted = (await call(`/conversations/${c.id}/activities`, c.token, {
        type: 'message',
        from: { id: 'dl_test' },
        text,
      })) as { id: string };
      for (let n = 0; n < 200; n += 1) {
        const shown = await app.activities(c);
        const answers = shown.filter((a) => a.replyToId === posted.id);
        if (answers.length > 0) return answers.map((a) => a.text ?? '');
        await sleep(25);
      }
      return [];
    },
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exit;
    },
    ended: () => exit,
  };
  if (options.ready === false) return app;
  for (let n = 0; n < 1200 && child.exitCode === null; n += 1) {
    const ready = await fetch(`${base}/readyz`).catch(() => undefined);
    if (ready?.status === 200) return app;
    await sleep(25);
  }
  throw new TypeError(`the program did not start: ${output}`);
}
