import type { ServerResponse } from 'node:http';
import { readJson } from '../../src/channel/body.ts';
import type { RouteRequest } from '../../src/channel/channel.ts';
import { sendJson } from '../../src/channel/respond.ts';
import { RequestError } from '../../src/errors.ts';
import { readWatermark } from './activity.ts';
import { userId } from './codec.ts';
import { keyOf, type Desk } from './desk.ts';
import { TOKEN_SECONDS, type Claims } from './verify.ts';

/** A token for a conversation, as the client wants it. */
export function tokenBody(desk: Desk, claims: Claims): object {
  return {
    conversationId: claims.conv,
    token: desk.verifier.issue('directline', claims),
    expires_in: TOKEN_SECONDS,
  };
}

function conversationBody(
  desk: Desk,
  request: RouteRequest,
  claims: Claims,
  watermark: number,
): object {
  const t = desk.verifier.issue('stream', claims);
  const base = desk.origins.base(request).replace(/^http/, 'ws');
  const path = `/v3/directline/conversations/${claims.conv}/stream`;
  return {
    ...tokenBody(desk, claims),
    streamUrl: `${base}${path}?watermark=${watermark}&t=${t}`,
    referenceGrammarId: '',
  };
}

/** The user and the pages that the holder of the secret wants a token for. */
async function wanted(request: RouteRequest): Promise<Omit<Claims, 'conv'>> {
  const body = ((await readJson(request)) ?? {}) as {
    user?: { id?: unknown };
    User?: { Id?: unknown };
    trustedOrigins?: unknown;
    TrustedOrigins?: unknown;
  };
  const user = userId(body.user?.id ?? body.User?.Id);
  const origins = body.trustedOrigins ?? body.TrustedOrigins;
  if (origins !== undefined && !isListOfText(origins)) {
    throw new RequestError(400, 'BadArgument', 'trustedOrigins must be a list of origins');
  }
  return { ...(user === undefined ? {} : { user }), ...(origins ? { origins } : {}) };
}

function isListOfText(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= 50 && value.every((v) => typeof v === 'string');
}

/** `POST /tokens/generate`, for the holder of the secret. */
export async function generateToken(
  desk: Desk,
  request: RouteRequest,
  response: ServerResponse,
): Promise<void> {
  if (desk.caller(request).kind !== 'secret') {
    throw new RequestError(403, 'Forbidden', 'Only the secret may generate tokens');
  }
  const claims = { conv: desk.newConversation('secret'), ...(await wanted(request)) };
  sendJson(response, 200, tokenBody(desk, claims));
}

/** `POST /tokens/refresh`, with a token that still holds. */
export function refreshToken(
  desk: Desk,
  request: RouteRequest,
  response: ServerResponse,
): Promise<void> {
  const who = desk.caller(request);
  if (who.kind === 'secret') throw new RequestError(403, 'Forbidden', 'Only tokens are renewed');
  sendJson(response, 200, tokenBody(desk, claimsOf(who)));
  return Promise.resolve();
}

function claimsOf({ conv, user, origins }: Claims): Claims {
  return { conv, ...(user === undefined ? {} : { user }), ...(origins ? { origins } : {}) };
}

/** `POST /conversations`: 201 for a new conversation, 200 for the one of a token that is under way. */
export async function startConversation(
  desk: Desk,
  request: RouteRequest,
  response: ServerResponse,
): Promise<void> {
  const who = desk.caller(request);
  const claims =
    who.kind === 'token'
      ? claimsOf(who)
      : { conv: desk.newConversation('secret'), ...(await wanted(request)) };
  const fresh = await desk.open(claims);
  sendJson(response, fresh ? 201 : 200, conversationBody(desk, request, claims, 0));
}

/** `GET /conversations/:id?watermark=`: a new token and stream for a client that lost its own. */
export async function reconnect(
  desk: Desk,
  request: RouteRequest,
  response: ServerResponse,
): Promise<void> {
  const claims = claimsOf(await desk.enter(request, request.params.id ?? ''));
  const after = readWatermark(request.query.get('watermark'));
  if (after === undefined) throw new RequestError(400, 'BadArgument', 'Not a watermark of ours');
  sendJson(response, 200, conversationBody(desk, request, claims, after));
}

/**
 * `POST /channels/web/token`: a token for the chat page, which has no secret. It is bound to a user
 * made up for this browser. The ticket that comes with it gets the same conversation back for 30
 * days, but can do nothing else; each use renews it.
 */
export async function pageToken(
  desk: Desk,
  request: RouteRequest,
  response: ServerResponse,
): Promise<void> {
  const body = ((await readJson(request)) ?? {}) as { resume?: unknown };
  const known = typeof body.resume === 'string' ? await resumed(desk, body.resume) : undefined;
  const claims = known ?? {
    conv: desk.newConversation('page'),
    user: `dl_${desk.context.newId()}`,
  };
  sendJson(response, 200, {
    ...tokenBody(desk, claims),
    userId: claims.user,
    resumed: known !== undefined,
    resume: desk.verifier.issue('resume', claims),
  });
}

async function resumed(desk: Desk, ticket: string): Promise<Claims | undefined> {
  try {
    const claims = desk.verifier.check('resume', ticket);
    return (await desk.context.conversations.get(keyOf(claims.conv))) ? claims : undefined;
  } catch (error) {
    if (error instanceof RequestError) return undefined;
    throw error;
  }
}
