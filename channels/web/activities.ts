import type { ServerResponse } from 'node:http';
import { readJson } from '../../src/channel/body.ts';
import type { RouteRequest } from '../../src/channel/channel.ts';
import type { Files } from '../../src/channel/files.ts';
import { sendJson } from '../../src/channel/respond.ts';
import { messageOf, RequestError } from '../../src/errors.ts';
import type { Attachment, Content } from '../../src/message.ts';
import { activityId, activitySet, readWatermark, type Rendering } from './activity.ts';
import { decode, type SentActivity } from './codec.ts';
import { keyOf, type Desk } from './desk.ts';
import type { Claims } from './verify.ts';

/** What rendering needs for this caller. */
export function renderingFor(desk: Desk, request: RouteRequest, conv: string): Rendering {
  const { context, origins } = desk;
  return {
    conv,
    base: origins.base(request),
    wording: (key, lang) => context.wording(key, lang),
  };
}

/**
 * Stores what a client sent and answers the activity's id. A message that was here before keeps the
 * id it got then. Typing is answered and forgotten.
 * @throws RequestError 400 where nobody says who sends
 */
export async function take(
  desk: Desk,
  claims: Claims,
  sent: SentActivity,
  attachments?: readonly Attachment[],
): Promise<{ id: string; seen: boolean }> {
  const { context } = desk;
  const { conv } = claims;
  await desk.open(claims);
  const asking = claims.user ?? sent.from;
  if (asking === undefined) throw new RequestError(400, 'BadArgument', 'from.id is missing');
  const user = claims.user ?? (await desk.bind(conv, asking));
  const content = withFiles(sent.content, attachments);
  if (!content) return { id: `${conv}|${context.newId()}`, seen: false };
  const id = `${conv}|${sent.clientId ?? context.newId()}`;
  const accepted = await context.accept({
    id,
    address: { channel: 'web', account: 'default', conversation: conv, user },
    content,
    at: context.clock.now(),
    ...(sent.lang ? { lang: sent.lang } : {}),
    echo: sent.echo,
  });
  return { id: activityId(conv, accepted.seq), seen: accepted.seen };
}

function withFiles(
  content: Content | undefined,
  attachments: readonly Attachment[] | undefined,
): Content | undefined {
  if (!attachments || attachments.length === 0) return content;
  const text = content && 'text' in content ? content.text : '';
  return { kind: 'attachment', attachments, text };
}

/** `POST …/activities`. */
export async function postActivity(
  desk: Desk,
  files: Files,
  request: RouteRequest,
  response: ServerResponse,
): Promise<void> {
  const claims = await desk.enter(request, request.params.id ?? '');
  await request.admit(`web:${claims.user ?? claims.conv}`);
  const sent = decode(await readJson(request));
  const given = sent.content?.kind === 'attachment' ? sent.content.attachments : [];
  const kept: Attachment[] = [];
  try {
    for (const attachment of given) kept.push(await files.keepDataUrl(attachment));
    const { id, seen } = await take(desk, claims, sent, kept);
    if (seen) await files.drop(kept);
    sendJson(response, 200, { id });
  } catch (error) {
    await files.drop(kept);
    throw error;
  }
}

/**
 * `GET …/activities?watermark=`. The client ends polling for good on anything but 200, 403 and 404,
 * so a caller in a hurry and a store in trouble are both answered with an empty set.
 * A watermark that is none of ours is a defect of the caller: 400.
 */
export async function getActivities(
  desk: Desk,
  request: RouteRequest,
  response: ServerResponse,
): Promise<void> {
  const conv = request.params.id ?? '';
  const after = readWatermark(request.query.get('watermark'));
  const empty = { activities: [], watermark: String(after ?? 0) };
  try {
    const claims = await desk.enter(request, conv);
    if (after === undefined) throw new RequestError(400, 'BadArgument', 'Not a watermark of ours');
    await request.admit(`web:${claims.user ?? conv}`, 'read');
    const lines = await desk.context.log.read(keyOf(conv), after);
    sendJson(response, 200, activitySet(lines, after, renderingFor(desk, request, conv)));
  } catch (error) {
    if (error instanceof RequestError && [400, 403, 404].includes(error.status)) throw error;
    if (!(error instanceof RequestError)) {
      desk.context.logger.error({ fault: messageOf(error) }, 'web: reading a log failed');
    }
    sendJson(response, 200, empty);
  }
}
