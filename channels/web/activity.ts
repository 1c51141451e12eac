import { detectLang } from '../../src/text/analyzer.ts';
import type { Attachment, Card, Choice, Lang, Line, Reply } from '../../src/message.ts';

const locales: Readonly<Record<Lang, string>> = { zh: 'zh-CN', en: 'en-US' };

/** What rendering needs to know besides the line. */
export interface Rendering {
  readonly conv: string;
  /** Origin that the client reaches us at. */
  readonly base: string;
  wording(key: string, lang: Lang): string;
}

/** Activities for a client, and how far in the log they reach. */
export interface ActivitySet {
  readonly activities: readonly object[];
  readonly watermark: string;
}

/** The id of the activity at a place of a conversation's log. */
export function activityId(conv: string, seq: number): string {
  return `${conv}|${String(seq).padStart(7, '0')}`;
}

/**
 * Reads a watermark: the place of the last line a client has.
 * @returns 0 (from the beginning) for an absent or empty one and for `-`; undefined for garbage
 */
export function readWatermark(text: string | null): number | undefined {
  if (text === null || text === '' || text === '-') return 0;
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Renders lines for a client. Lines that customers do not see count in the watermark only. */
export function activitySet(
  lines: readonly Line[],
  after: number,
  rendering: Rendering,
): ActivitySet {
  const activities = lines.flatMap((line) => toActivity(line, rendering) ?? []);
  return { activities, watermark: String(lines.at(-1)?.seq ?? after) };
}

function toActivity(line: Line, rendering: Rendering): object | undefined {
  const { conv, base } = rendering;
  const body = line.kind === 'in' ? sentBody(line, rendering) : saidBody(line.reply, rendering);
  if (!body) return undefined;
  return {
    ...body,
    id: activityId(conv, line.seq),
    timestamp: new Date(line.at).toISOString(),
    channelId: 'directline',
    serviceUrl: `${base}/`,
    conversation: { id: conv },
    ...(line.kind === 'out' && line.to > 0 ? { replyToId: activityId(conv, line.to) } : {}),
    channelData: { ...body.channelData, 'webchat:sequence-id': line.seq },
  };
}

interface Body {
  readonly type: string;
  readonly channelData?: object;
  readonly [field: string]: unknown;
}

function sentBody(line: Line & { kind: 'in' }, rendering: Rendering): Body | undefined {
  const { content, echo } = line;
  const common = {
    from: { id: line.user, role: 'user' },
    ...(echo?.channelData ? { channelData: echo.channelData } : {}),
  };
  switch (content.kind) {
    case 'agent':
      return undefined;
    case 'event': {
      const name = echo?.name;
      if (typeof name !== 'string') return undefined;
      return { ...common, type: 'event', name, value: content.value };
    }
    case 'choice':
      return { ...common, type: 'message', text: content.text, value: content.value };
    case 'attachment':
      return {
        ...common,
        type: 'message',
        text: content.text,
        attachments: content.attachments.map((attachment) => {
          const file = fileOf(attachment, rendering);
          // Web Chat shows a customer's own picture only where it has a preview.
          return attachment.kind === 'image' ? { ...file, thumbnailUrl: file.contentUrl } : file;
        }),
      };
    case 'text':
      return { ...common, type: 'message', text: content.text, textFormat: 'plain' };
  }
}

function saidBody(reply: Reply, rendering: Rendering): Body | undefined {
  if (reply.event) return undefined;
  const lang = detectLang(reply.text) ?? 'zh';
  const name = rendering.wording(reply.from === 'bot' ? 'web.bot-name' : 'web.agent-name', lang);
  return {
    type: 'message',
    from: { id: reply.from, name, role: 'bot' },
    text: reply.text,
    textFormat: 'plain',
    locale: locales[lang],
    inputHint: 'acceptingInput',
    ...attachmentsOf(reply, lang, rendering),
    ...(reply.choices?.length ? { suggestedActions: suggested(reply.choices) } : {}),
  };
}

function attachmentsOf(reply: Reply, lang: Lang, rendering: Rendering): { attachments?: object[] } {
  const { attachments = [], cards = [] } = reply;
  if (attachments.length + cards.length === 0) return {};
  return {
    attachments: [
      ...attachments.map((attachment) => fileOf(attachment, rendering)),
      ...cards.map((card) => heroCard(card, lang, rendering)),
    ],
  };
}

function fileOf({ name, contentType, url }: Attachment, rendering: Rendering) {
  return { name, contentType, contentUrl: absolute(url, rendering) };
}

/** What it opens hangs on a button, because Web Chat ignores the tap of a hero card. */
function heroCard(card: Card, lang: Lang, rendering: Rendering): object {
  const { title, text, image, url } = card;
  const opens =
    url === undefined ? undefined : { type: 'openUrl', value: absolute(url, rendering) };
  return {
    contentType: 'application/vnd.microsoft.card.hero',
    content: {
      title,
      ...(text === undefined ? {} : { text }),
      ...(image === undefined ? {} : { images: [{ url: absolute(image, rendering) }] }),
      ...(opens === undefined
        ? {}
        : { buttons: [{ ...opens, title: rendering.wording('web.open', lang) }] }),
    },
  };
}

/** A file that a channel of ours serves is reached where this client reaches us. */
function absolute(url: string, rendering: Rendering): string {
  return url.startsWith('/') ? rendering.base + url : url;
}

/** messageBack: the customer's bubble shows the title, the value comes back beside it. */
function suggested(choices: readonly Choice[]): object {
  const actions = choices.map(({ title, value }) => ({
    type: 'messageBack',
    title,
    text: title,
    displayText: title,
    value,
  }));
  return { to: [], actions };
}
