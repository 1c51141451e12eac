import { createHash } from 'node:crypto';
import { describeFile } from '../../src/channel/files.ts';
import { RequestError } from '../../src/errors.ts';
import type { Attachment, Content, Lang } from '../../src/message.ts';

/** An activity as clients send it, as far as it is read. */
export interface SentActivity {
  readonly type: string;
  readonly from?: string;
  readonly content?: Content;
  readonly lang?: Lang;
  /** The client's own id of it: the same for every try. */
  readonly clientId?: string;
  /** What the echo must give back. */
  readonly echo: Readonly<Record<string, unknown>>;
}

/** Longest value of a tapped choice; anything longer is text. */
const MAX_VALUE = 1000;
const MAX_NAME = 200;
const MAX_FILES = 5;

type Fields = Readonly<Record<string, unknown>>;

function bad(message: string): RequestError {
  return new RequestError(400, 'BadArgument', message);
}

function fieldsOf(value: unknown): Fields | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Fields)
    : undefined;
}

function textOf(value: unknown, name: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw bad(`${name} must be a string`);
  // Control characters other than tab and line ends are never meant, and break what shows them.
  // eslint-disable-next-line no-control-regex
  return value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '');
}

/**
 * Checks a user's id as clients choose it.
 * @throws RequestError 400 where it is not 1 to 200 characters of text
 */
export function userId(value: unknown): string | undefined {
  const id = textOf(value, 'The id of a user');
  if (id.length > MAX_NAME) throw bad('The id of a user is too long');
  return id === '' ? undefined : id;
}

/**
 * Decodes an activity.
 * @throws RequestError 400 where a field has the wrong type, or customers may not send its type
 */
export function decode(body: unknown): SentActivity {
  const activity = fieldsOf(body);
  if (!activity) throw bad('The body must be an activity');
  const type = textOf(activity.type, 'type');
  const data = fieldsOf(activity.channelData);
  const from = userId(fieldsOf(activity.from)?.id);
  const clientId = data?.clientActivityID;
  const lang = /^(zh|en)\b/i.exec(textOf(activity.locale, 'locale'))?.[1]?.toLowerCase();
  const content = contentOf(type, activity, data);
  return {
    type,
    ...(from === undefined ? {} : { from }),
    ...(content ? { content } : {}),
    ...(lang === 'zh' || lang === 'en' ? { lang } : {}),
    ...(typeof clientId === 'string' && clientId !== '' ? { clientId: shortened(clientId) } : {}),
    echo: {
      ...(data ? { channelData: data } : {}),
      ...(type === 'event' ? { name: textOf(activity.name, 'name') } : {}),
    },
  };
}

function shortened(id: string): string {
  return id.length <= 100 ? id : createHash('sha256').update(id).digest('base64url');
}

function contentOf(type: string, activity: Fields, data: Fields | undefined): Content | undefined {
  switch (type) {
    case 'message':
      return messageOf(activity, data);
    case 'typing':
      return undefined;
    case 'conversationUpdate':
      return { kind: 'event', name: 'join' };
    case 'event': {
      const name = textOf(activity.name, 'name').slice(0, MAX_NAME);
      if (name === '') throw bad('An event needs a name');
      const { value } = activity;
      return {
        kind: 'event',
        name: name === 'webchat/join' ? 'join' : name,
        ...(value === undefined ? {} : { value }),
      };
    }
    default:
      throw bad(`Activities of type "${type.slice(0, 40)}" are not accepted`);
  }
}

function messageOf(activity: Fields, data: Fields | undefined): Content {
  const text = textOf(activity.text, 'text');
  const attachments = attachmentsOf(activity.attachments);
  if (attachments.length > 0) return { kind: 'attachment', attachments, text };
  // Web Chat sends the string value of a postBack as the text, with this mark.
  if (data?.postBack === true && text !== '' && text.length <= MAX_VALUE) {
    return { kind: 'choice', value: text, text };
  }
  const { value } = activity;
  if (typeof value === 'string' && value !== '' && value.length <= MAX_VALUE) {
    const shown = textOf(fieldsOf(data?.messageBack)?.displayText, 'displayText');
    return { kind: 'choice', value, text: [text, shown, value].find((t) => t !== '') ?? value };
  }
  return { kind: 'text', text };
}

function attachmentsOf(value: unknown): readonly Attachment[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw bad('attachments must be a list');
  if (value.length > MAX_FILES) throw bad(`At most ${MAX_FILES} attachments`);
  return value.flatMap((item: unknown) => {
    const attachment = fieldsOf(item);
    if (!attachment) throw bad('An attachment must be an object');
    const contentType = textOf(attachment.contentType, 'contentType').toLowerCase();
    const url = textOf(attachment.contentUrl, 'contentUrl');
    if (url !== '' && !/^(?:https?:|data:)/i.test(url)) {
      throw bad('contentUrl must be an http, https or data URL');
    }
    if (url === '') return [];
    return { ...describeFile(textOf(attachment.name, 'name'), contentType), url };
  });
}
