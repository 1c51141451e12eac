import type { Activity, Attachment as Attached, CardAction } from 'botbuilder-core';
import type { Attachment, Card, Choice, Reply, Source } from '../message.ts';
import { describeFile } from './files.ts';

const CARD = /^application\/vnd\.microsoft\.card\.(?:hero|thumbnail)$/iu;
const BACK = new Set(['imBack', 'postBack', 'messageBack']);

type Button = Partial<CardAction>;

/** Of a hero or thumbnail card, what is read. */
interface CardContent {
  readonly title?: string;
  readonly subtitle?: string;
  readonly text?: string;
  readonly images?: readonly { readonly url?: string }[];
  readonly buttons?: readonly Button[];
  readonly tap?: Button;
}

/**
 * A message activity as a reply. Its media become attachments, its hero and thumbnail cards become
 * cards; a card of nothing but text and buttons, as a prompt makes it, becomes text and choices.
 * Other cards are left out: no channel but Bot Framework's own shows them.
 */
export function replyOf(activity: Partial<Activity>): Reply {
  const data = activity.channelData as { key?: string; source?: Source } | undefined;
  const attached = activity.attachments ?? [];
  const contents = attached.filter((a) => CARD.test(a.contentType)).map(contentOf);
  const attachments = attached.flatMap((a) => fileOf(a) ?? []);
  const cards = contents.flatMap((content) => cardOf(content) ?? []);
  const choices = choicesOf(activity, contents);
  return {
    from: 'bot',
    text: textOf(activity, contents),
    ...(choices.length > 0 ? { choices } : {}),
    ...(attachments.length > 0 ? { attachments } : {}),
    ...(cards.length > 0 ? { cards } : {}),
    ...(data?.key === undefined ? {} : { key: data.key }),
    ...(data?.source === undefined ? {} : { source: data.source }),
  };
}

function contentOf(attached: Attached): CardContent {
  return (attached.content ?? {}) as CardContent;
}

function fileOf({ contentType, contentUrl, name }: Attached): Attachment | undefined {
  if (contentUrl === undefined || contentUrl === '') return undefined;
  return { ...describeFile(name ?? '', contentType.toLowerCase()), url: contentUrl };
}

function textOf(activity: Partial<Activity>, contents: readonly CardContent[]): string {
  const plain = contents
    .filter((content) => cardOf(content) === undefined)
    .flatMap(({ text, subtitle }) => text ?? subtitle ?? []);
  return [activity.text ?? '', ...plain].filter((part) => part !== '').join('\n');
}

/** @returns undefined where there is nothing to show as a card */
function cardOf(content: CardContent): Card | undefined {
  const text = content.text ?? content.subtitle;
  const image = content.images?.find((i) => i.url !== undefined)?.url;
  const url = [...(content.buttons ?? []), ...(content.tap === undefined ? [] : [content.tap])]
    .map(urlOf)
    .find((value) => value !== undefined);
  const title = content.title ?? '';
  if (title === '' && image === undefined && url === undefined) return undefined;
  return {
    title: title === '' ? (text ?? '') : title,
    ...(title === '' || text === undefined ? {} : { text }),
    ...(image === undefined ? {} : { image }),
    ...(url === undefined ? {} : { url }),
  };
}

function urlOf({ type, value }: Button): string | undefined {
  return type === 'openUrl' && typeof value === 'string' && value !== '' ? value : undefined;
}

/** Suggested actions; without them, what the buttons of the cards send back. */
function choicesOf(activity: Partial<Activity>, contents: readonly CardContent[]): Choice[] {
  const suggested: readonly Button[] = activity.suggestedActions?.actions ?? [];
  const buttons = contents.flatMap((content) => content.buttons ?? []);
  const actions =
    suggested.length > 0 ? suggested : buttons.filter(({ type }) => BACK.has(type ?? ''));
  return actions.map(({ title = '', value }) => ({
    title,
    value: typeof value === 'string' ? value : title,
  }));
}

/** The reverse: a reply as Bot Framework clients show it. @param origin where files of ours are reached */
export function activityOf(reply: Reply, origin = ''): Partial<Activity> {
  if (reply.event) return { type: 'event', name: reply.event.name, value: reply.event.value };
  const { attachments = [], cards = [] } = reply;
  const absolute = (url: string): string => (url.startsWith('/') ? origin + url : url);
  const attached = [
    ...attachments.map(({ name, contentType, url }) => ({
      name,
      contentType,
      contentUrl: absolute(url),
    })),
    ...cards.map(({ title, text, image, url }) => ({
      contentType: 'application/vnd.microsoft.card.hero',
      content: {
        title,
        ...(text === undefined ? {} : { text }),
        ...(image === undefined ? {} : { images: [{ url: absolute(image) }] }),
        ...(url === undefined
          ? {}
          : { buttons: [{ type: 'openUrl', title, value: absolute(url) }] }),
      },
    })),
  ];
  const actions = reply.choices?.map(({ title, value }) => ({
    type: 'messageBack',
    title,
    text: title,
    displayText: title,
    value,
  }));
  return {
    type: 'message',
    text: reply.text,
    ...(attached.length > 0 ? { attachments: attached } : {}),
    ...(actions ? { suggestedActions: { to: [], actions } } : {}),
  };
}
