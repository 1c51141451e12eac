/** A few of WeChat's calls, answered by a test: what was called is recorded, codes can be set. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What WeChat's calls carry, as far as the tests look. */
export interface CallBody {
  readonly touser?: string;
  readonly msgtype?: string;
  readonly text?: { readonly content: string };
  readonly image?: { readonly media_id: string };
  readonly msgmenu?: {
    readonly head_content: string;
    readonly list: readonly { readonly id: string; readonly content: string }[];
  };
  readonly secret?: string;
}

/** A call that arrived. */
export interface Call {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly json: CallBody;
}

export interface Provider {
  readonly base: string;
  readonly calls: readonly Call[];
  /** Calls of one path, e.g. `message/custom/send`. */
  of(path: string): readonly Call[];
  /** The next calls of a path get these codes (0: fine), then 0 again. `hang`: no answer at all. */
  next(path: string, ...codes: readonly (number | 'hang' | 'cut')[]): void;
  /** Every call of a path gets this code until told otherwise. */
  always(path: string, code: number): void;
  /** What `media/get` answers. */
  file: { contentType: string; bytes: Buffer } | undefined;
  stop(): Promise<void>;
}

export async function startProvider(): Promise<Provider> {
  const calls: Call[] = [];
  const queued = new Map<string, (number | 'hang' | 'cut')[]>();
  const fixed = new Map<string, number>();
  let tokens = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://x');
    const path = url.pathname.replace(/^\/(cgi-bin\/)?/, '');
    const body = Buffer.concat(chunks);
    const isJson = request.headers['content-type']?.startsWith('application/json') === true;
    const json = isJson ? (JSON.parse(body.toString()) as Call['json']) : {};
    calls.push({ path, query: url.searchParams, body, json });
    const code = queued.get(path)?.shift() ?? fixed.get(path) ?? 0;
    if (code === 'hang') return;
    if (code === 'cut') return void request.socket.destroy();
    response.setHeader('Content-Type', 'application/json; encoding=utf-8');
    if (code !== 0) {
      response.end(JSON.stringify({ errcode: code, errmsg: `code ${code}` }));
    } else if (path === 'stable_token') {
      tokens += 1;
      response.end(JSON.stringify({ access_token: `token-${tokens}`, expires_in: 7200 }));
    } else if (path === 'media/get' && provider.file !== undefined) {
      response.setHeader('Content-Type', provider.file.contentType);
      response.setHeader('Content-Disposition', 'attachment; filename="MEDIA_ID.jpg"');
      response.end(provider.file.bytes);
    } else if (path === 'media/upload') {
      response.end(
        JSON.stringify({ type: 'image', media_id: `up-${calls.length}`, created_at: 1 }),
      );
    } else if (path === 'picture.png') {
      response.setHeader('Content-Type', 'image/png');
      response.end(Buffer.from('a picture'));
    } else {
      response.end('{"errcode":0,"errmsg":"ok","msgid":200163836}');
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider: Provider = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    of: (path) => calls.filter((c) => c.path === path),
    next: (path, ...codes) => void queued.set(path, [...codes]),
    always: (path, code) => void fixed.set(path, code),
    file: undefined,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}
