import { mkdir } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import {
  defineChannel,
  type ChannelContext,
  type OpenChannel,
  type RouteRequest,
} from '../../src/channel/channel.ts';
import { openFiles, type Files } from '../../src/channel/files.ts';
import { getActivities, postActivity } from './activities.ts';
import {
  generateToken,
  pageToken,
  reconnect,
  refreshToken,
  startConversation,
} from './conversations.ts';
import { createDesk, type Desk } from './desk.ts';
import { createOrigins } from './origin.ts';
import { createPage, WORDS } from './page.ts';
import { createStreams } from './stream.ts';
import { upload } from './upload.ts';
import { createVerifier, loadSecret } from './verify.ts';

const DIRECT_LINE = '/v3/directline';
const FILES = '/channels/web/files/';

/** Web chat: the page at `/`, and Direct Line 3.0 for it and for any other client that speaks it. */
export default defineChannel({
  name: 'web',
  capabilities: { delivery: 'pull', taps: true },
  env: { required: [], optional: ['DIRECTLINE_SECRET', 'WEB_ORIGINS'] },
  texts: [...WORDS, 'bot-name', 'agent-name', 'open'].map((word) => `web.${word}`),
  open,
});

async function open(context: ChannelContext): Promise<OpenChannel> {
  await mkdir(context.dataDir, { recursive: true });
  const secret = await loadSecret(context.env.DIRECTLINE_SECRET, context.dataDir);
  const verifier = createVerifier(secret, () => context.clock.now());
  const origins = createOrigins(context.env.WEB_ORIGINS, context.publicUrl);
  const desk = createDesk(context, verifier, origins);
  const files = await openFiles({
    dataDir: context.dataDir,
    newId: () => context.newId(),
    prefix: FILES,
  });
  const streams = createStreams(desk);
  for (const prefix of [DIRECT_LINE, '/channels/web']) {
    context.router.onError(prefix, ({ code, message }) => ({ error: { code, message } }));
  }
  directLineRoutes(desk, files);
  pageRoutes(desk, files);
  context.router.upgrade(`${DIRECT_LINE}/conversations/:id/stream`, (request, socket, head) => {
    streams.upgrade(request, socket, head);
  });
  return {
    stop: () => streams.stop(),
  };
}

type Handle = (desk: Desk, request: RouteRequest, response: ServerResponse) => Promise<void>;

/** A route that pages of allowed origins may call, with its preflight. */
function shared(desk: Desk, path: string, methods: Partial<Record<'GET' | 'POST', Handle>>): void {
  const { router } = desk.context;
  for (const [method, handle] of Object.entries(methods)) {
    // Polls are slowed by user, never told 429: the client would not poll again.
    const limited = handle !== getActivities;
    const answer = async (request: RouteRequest, response: ServerResponse): Promise<void> => {
      desk.origins.share(request, response);
      await handle(desk, request, response);
    };
    router.on(method as 'GET' | 'POST', path, answer, { limited });
  }
  router.on('OPTIONS', path, (request, response) => {
    desk.origins.share(request, response);
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST, OPTIONS');
    response.setHeader(
      'Access-Control-Allow-Headers',
      'authorization, content-type, x-ms-bot-agent, x-requested-with',
    );
    response.setHeader('Access-Control-Max-Age', '600');
    response.statusCode = 204;
    response.end();
    return Promise.resolve();
  });
}

function directLineRoutes(desk: Desk, files: Files): void {
  const conversation = `${DIRECT_LINE}/conversations/:id`;
  shared(desk, `${DIRECT_LINE}/tokens/generate`, { POST: generateToken });
  shared(desk, `${DIRECT_LINE}/tokens/refresh`, { POST: refreshToken });
  shared(desk, `${DIRECT_LINE}/conversations`, { POST: startConversation });
  shared(desk, conversation, { GET: reconnect });
  shared(desk, `${conversation}/activities`, {
    GET: getActivities,
    POST: (d, request, response) => postActivity(d, files, request, response),
  });
  shared(desk, `${conversation}/upload`, {
    POST: (d, request, response) => upload(d, files, request, response),
  });
  shared(desk, `${DIRECT_LINE}/session/getsessionid`, { GET: sessionId });
}

/** Clients ask for it and do without; there are no sessions to tell apart here. */
function sessionId(desk: Desk, request: RouteRequest, response: ServerResponse): Promise<void> {
  desk.caller(request);
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end('{"sessionId":""}');
  return Promise.resolve();
}

function pageRoutes(desk: Desk, files: Files): void {
  const { router } = desk.context;
  const page = createPage(desk);
  shared(desk, '/channels/web/token', { POST: pageToken });
  router.on('GET', '/', (request, response) => page.serve(request, response));
  router.on('GET', '/channels/web/page/:name', (request, response) =>
    page.serveAsset(request, response),
  );
  router.on('GET', `${FILES}:id`, (request, response) => files.serve(request, response));
}
