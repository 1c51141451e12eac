import {
  TurnContext,
  type Activity,
  type CloudAdapterBase,
  type ConversationReference,
} from 'botbuilder-core';
import { z } from 'zod';
import { messageOf, OutsideError, RequestError } from '../errors.ts';
import type { Content, Inbound, Line } from '../message.ts';
import { readJson } from './body.ts';
import {
  conversationKey,
  defineChannel,
  type ChannelContext,
  type ChannelDefinition,
} from './channel.ts';
import { activityOf } from './bot-reply.ts';
import { isLoopbackUrl, refuseStrangers } from './loopback.ts';
import { sendJson } from './respond.ts';

/** How long a caller with `deliveryMode: expectReplies` is kept waiting for its turn. */
const IN_BAND_MS = 12_000;
/** How far back the log is searched for where a conversation's answers go. */
const LOOK_BACK = 200;
/** Messages whose callers were not answered in time, so that their answers are sent instead. */
const MOST_LATE = 1000;

type Reference = Partial<ConversationReference>;

interface Endpoint extends CloudAdapterBase {
  run(
    authorization: string,
    activity: Activity,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<{ status: number; body?: unknown } | undefined>;
}

/**
 * `POST /api/messages`: the Bot Framework protocol, for the Emulator and Azure Bot Service. On with
 * `MicrosoftAppId`. With `dev` it is on without one too, for callers on this machine only, because an
 * empty app id switches the SDK's authentication off. The SDK's adapter is loaded when it opens.
 */
export function botEndpoint(options: { dev: boolean }): ChannelDefinition {
  return defineChannel({
    name: 'botframework',
    capabilities: { delivery: 'push', taps: true },
    env: {
      required: options.dev ? [] : ['MicrosoftAppId'],
      optional: [
        'MicrosoftAppId',
        'MicrosoftAppPassword',
        'MicrosoftAppTenantId',
        'MicrosoftAppType',
      ],
    },
    open: (context) => open(context),
  });
}

async function open(context: ChannelContext): ReturnType<ChannelDefinition['open']> {
  const appId = context.env.MicrosoftAppId ?? '';
  const adapter = await createAdapter(context.env);
  const late = new Set<string>();
  context.router.on('POST', '/api/messages', async (request, response) => {
    if (appId === '') refuseStrangers(request);
    const activity = received(await readJson(request));
    if (appId === '' && !isLoopbackUrl(activity.serviceUrl)) {
      throw new RequestError(403, 'Forbidden', 'serviceUrl must be on this machine');
    }
    const authorization = request.headers.authorization ?? '';
    try {
      const result = await adapter.run(authorization, activity, async (turn) => {
        await request.admit(`botframework:${turn.activity.from.id}`);
        await takeIn(context, turn, late);
      });
      sendJson(response, result?.status ?? 200, result?.body ?? {});
    } catch (error) {
      if (isAuthenticationError(error)) {
        throw new RequestError(401, 'Unauthorized', 'The caller is not known');
      }
      throw error;
    }
  });
  return {
    deliver: async (line, to) => {
      const reference = await referenceFor(context, conversationKey(to), line, late);
      if (reference === 'in-band') return undefined;
      await send(adapter, appId, reference, activityOf(line.reply, context.publicUrl));
      return undefined;
    },
    stop: () => Promise.resolve(),
  };
}

async function createAdapter(env: Readonly<Record<string, string>>): Promise<Endpoint> {
  const { CloudAdapter, ConfigurationBotFrameworkAuthentication } = await import('botbuilder');
  return new (class extends CloudAdapter implements Endpoint {
    async run(
      ...args: Parameters<Endpoint['run']>
    ): Promise<{ status: number; body?: unknown } | undefined> {
      return this.processActivity(...args);
    }
  })(new ConfigurationBotFrameworkAuthentication({ ...env }));
}

function isAuthenticationError(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === 'AuthenticationError';
}

const id = z.object({ id: z.string().min(1).max(1000) });
const activityShape = z.looseObject({
  type: z.string(),
  id: z.string().max(1000).optional(),
  conversation: z.looseObject(id.shape),
  from: z.looseObject(id.shape),
  serviceUrl: z.string(),
  text: z.string().nullish(),
  locale: z.string().nullish(),
  name: z.string().nullish(),
  attachments: z
    .array(
      z.looseObject({
        contentType: z.string(),
        contentUrl: z.string().nullish(),
        name: z.string().nullish(),
      }),
    )
    .nullish(),
  membersAdded: z.array(z.looseObject(id.shape)).nullish(),
});

function received(body: unknown): Activity {
  const parsed = activityShape.safeParse(body);
  if (parsed.success) return parsed.data as unknown as Activity;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new RequestError(400, 'BadArgument', `Not an activity: ${where} ${issue?.message ?? ''}`);
}

async function takeIn(
  context: ChannelContext,
  turn: TurnContext,
  late: Set<string>,
): Promise<void> {
  const inbound = inboundOf(context, turn.activity);
  if (!inbound) return;
  const { seq } = await context.accept(inbound);
  if (turn.activity.deliveryMode !== 'expectReplies') return;
  const key = conversationKey(inbound.address);
  if (!(await context.turnEnded(key, inbound.id, IN_BAND_MS))) {
    remember(late, inbound.id);
    return;
  }
  for (const line of await context.log.read(key, seq)) {
    if (line.kind === 'out' && line.inbound === inbound.id) {
      await turn.sendActivity(activityOf(line.reply, context.publicUrl));
    }
  }
}

function inboundOf(context: ChannelContext, activity: Activity): Inbound | undefined {
  const content = contentOf(activity);
  if (!content) return undefined;
  const conversation = activity.conversation.id;
  const id = activity.id ?? context.newId();
  const lang = /^(zh|en)/i.exec(activity.locale ?? '')?.[1]?.toLowerCase();
  const reference: Reference = TurnContext.getConversationReference(activity);
  const inBand = activity.deliveryMode === 'expectReplies';
  return {
    id: `${conversation}|${id}`,
    address: { channel: 'botframework', account: 'default', conversation, user: activity.from.id },
    content,
    at: context.clock.now(),
    ...(lang === 'zh' || lang === 'en' ? { lang } : {}),
    echo: { inBand, reference },
  };
}

function contentOf(activity: Activity): Content | undefined {
  const text = (activity.text as string | undefined) ?? '';
  const attachments = (activity.attachments ?? []).filter((a) => a.contentUrl !== undefined);
  if (activity.type === 'message' && attachments.length > 0) {
    return {
      kind: 'attachment',
      text,
      attachments: attachments.map((a) => ({
        kind:
          (['image', 'audio', 'video'] as const).find((k) => a.contentType.startsWith(`${k}/`)) ??
          'file',
        name: a.name ?? '',
        contentType: a.contentType,
        url: a.contentUrl ?? '',
      })),
    };
  }
  const value: unknown = activity.value;
  if (activity.type === 'message') {
    return typeof value === 'string' && value !== ''
      ? { kind: 'choice', value, text: text === '' ? value : text }
      : { kind: 'text', text };
  }
  if (activity.type === 'event') return { kind: 'event', name: activity.name ?? '', value };
  const joined = activity.type === 'conversationUpdate' ? activity.membersAdded : undefined;
  const customer = joined?.some((member) => member.id === activity.from.id);
  return customer ? { kind: 'event', name: 'join' } : undefined;
}

function remember(late: Set<string>, inbound: string): void {
  late.add(inbound);
  const [oldest] = late;
  if (late.size > MOST_LATE && oldest !== undefined) late.delete(oldest);
}

/**
 * Where an answer goes, or that its caller has been given it in the same request.
 * @throws OutsideError where the conversation has no message of the customer to answer to
 */
async function referenceFor(
  context: ChannelContext,
  key: string,
  line: Line,
  late: ReadonlySet<string>,
): Promise<Reference | 'in-band'> {
  const lines = await context.log.read(key, Math.max(0, line.seq - LOOK_BACK), LOOK_BACK);
  const earlier = lines.filter((l) => l.kind === 'in' && l.seq < line.seq && l.echo);
  const own = earlier.find((l) => l.inbound === line.inbound) ?? earlier.at(-1);
  const echo = own?.kind === 'in' ? own.echo : undefined;
  if (!echo) {
    throw new OutsideError('no-reference', 'No message says where answers go', {
      retryable: false,
    });
  }
  const answered = echo.inBand === true && own?.inbound === line.inbound && !late.has(line.inbound);
  return answered ? 'in-band' : (echo.reference as Reference);
}

async function send(
  adapter: CloudAdapterBase,
  appId: string,
  reference: Reference,
  activity: Partial<Activity>,
): Promise<void> {
  if (appId === '' && !isLoopbackUrl(reference.serviceUrl ?? '')) {
    throw new OutsideError('service-url', 'serviceUrl is not on this machine', {
      retryable: false,
    });
  }
  try {
    await adapter.continueConversationAsync(appId, reference, async (turn) => {
      await turn.sendActivity(activity);
    });
  } catch (cause) {
    const status = (cause as { statusCode?: number }).statusCode;
    const refused = (cause as { code?: string }).code === 'ECONNREFUSED';
    throw new OutsideError('bot-framework', messageOf(cause), {
      retryable: refused || status === 429 || status === 503,
      unknownOutcome: !refused && (status === undefined || (status >= 500 && status !== 503)),
      cause,
    });
  }
}
