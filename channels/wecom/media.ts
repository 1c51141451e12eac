import { Readable } from 'node:stream';
import { MAX_UPLOAD } from '../../src/channel/files.ts';
import { callProvider } from '../../src/channel/provider-call.ts';
import { createUploads, type Uploads } from '../../src/channel/tencent/uploads.ts';
import { messageOf, OutsideError } from '../../src/errors.ts';
import type { Attachment } from '../../src/message.ts';
import type { MediaType } from './codec.ts';
import type { Kf } from './kf.ts';

const DOWNLOAD_MS = 10_000;
const UPLOAD_MS = 10_000;

const TYPES: Readonly<Record<MediaType, string>> = {
  image: 'image/jpeg',
  voice: 'audio/amr',
  video: 'video/mp4',
  file: 'application/octet-stream',
};
const BY_ENDING: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  txt: 'text/plain',
  csv: 'text/csv',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  mp4: 'video/mp4',
  amr: 'audio/amr',
  mp3: 'audio/mpeg',
};

/**
 * Keeps a file that a customer sent: WeCom drops it after 3 days.
 * @returns `undefined`, with a warning in the log, where it can't be had
 */
export async function download(
  kf: Kf,
  type: MediaType,
  mediaId: string,
  signal: AbortSignal,
): Promise<Attachment | undefined> {
  try {
    const file = await kf.api.download(
      '/cgi-bin/media/get',
      { media_id: mediaId },
      { timeoutMs: DOWNLOAD_MS, maxBytes: MAX_UPLOAD, signal },
    );
    const name = plainName(file.name ?? type);
    const contentType = contentTypeOf(type, file.contentType, name);
    return await kf.files.keep(name, contentType, Readable.from([file.bytes]));
  } catch (error) {
    const what = { account: kf.account.name, type, error: messageOf(error) };
    kf.context.logger.warn(what, 'a file that a customer sent could not be kept');
    return undefined;
  }
}

/** Some answers carry the name percent-encoded. */
function plainName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function contentTypeOf(type: MediaType, told: string, name: string): string {
  const [plain = ''] = told.split(';', 1);
  const vague = plain === '' || plain === 'application/octet-stream' || plain === 'text/plain';
  if (!vague) return plain;
  const ending = /\.(\w{1,5})$/.exec(name.toLowerCase())?.[1] ?? '';
  return BY_ENDING[ending] ?? TYPES[type];
}

/**
 * Uploads a picture or file that a reply names by its address, once in 3 days.
 * @returns the media id
 * @throws OutsideError not retryable where the address can't be read: show the address instead
 */
export async function upload(kf: Kf, attachment: Attachment): Promise<string> {
  const uploads = uploadsOf(kf);
  const kept = await uploads.find(attachment.url);
  if (kept !== undefined) return kept;
  const bytes = await read(kf, attachment.url);
  const { name, contentType } = attachment;
  const answer = await kf.api.upload(
    '/cgi-bin/media/upload',
    { type: uploadType(attachment) },
    'media',
    { name: name === '' ? 'file' : name, contentType, bytes },
    { timeoutMs: UPLOAD_MS },
  );
  if (typeof answer.media_id !== 'string') {
    throw new OutsideError('provider-answer', 'media/upload answered no media_id', {
      retryable: false,
    });
  }
  await uploads.keep(attachment.url, answer.media_id);
  return answer.media_id;
}

/** WeCom does not know the file any more. */
export async function forgetUpload(kf: Kf, attachment: Attachment): Promise<void> {
  await uploadsOf(kf).forget(attachment.url);
}

/** The form in which WeCom shows an attachment. Voice must be AMR, so other sound goes as a file. */
export function uploadType({ kind }: Attachment): 'image' | 'video' | 'file' {
  return kind === 'image' || kind === 'video' ? kind : 'file';
}

/** An address that opens on a customer's phone; `undefined` where there is none. */
export function publicAddress(kf: Kf, url: string): string | undefined {
  if (/^https?:\/\//.test(url)) return url;
  const { publicUrl } = kf.context;
  return url.startsWith('/') && publicUrl !== undefined ? publicUrl + url : undefined;
}

/** Uploads are kept for 3 days (https://developer.work.weixin.qq.com/document/path/90253). */
function uploadsOf({ context, account }: Kf): Uploads {
  return createUploads({ state: context.state, clock: context.clock, account: account.name });
}

async function read(kf: Kf, url: string): Promise<Buffer> {
  const address = publicAddress(kf, url);
  const unread = (why: string): OutsideError =>
    new OutsideError('wecom-file', `A file of a reply could not be read: ${why}`, {
      retryable: false,
    });
  if (address === undefined) throw unread('it has no public address');
  try {
    const answer = await callProvider(kf.context.fetch, address, { maxBytes: 10 * 1024 * 1024 });
    if (answer.status !== 200) throw unread(`its address answered ${answer.status}`);
    return answer.body;
  } catch (error) {
    throw unread(messageOf(error));
  }
}
