import { Readable } from 'node:stream';
import type { ChannelState } from '../../src/channel/channel.ts';
import { MAX_UPLOAD, type Files } from '../../src/channel/files.ts';
import { callProvider } from '../../src/channel/provider-call.ts';
import { ApiError, type Api } from '../../src/channel/tencent/api.ts';
import { createUploads } from '../../src/channel/tencent/uploads.ts';
import { OutsideError } from '../../src/errors.ts';
import type { Attachment } from '../../src/message.ts';
import type { Media } from './codec.ts';

/** Largest picture that WeChat takes. */
const MAX_IMAGE = 2 * 1024 * 1024;
const IMAGE_TYPES = /^image\/(?:png|jpe?g|gif|bmp)\b/;
const FETCH_MS = 5000;

/** Files of one account, in both directions (https://developers.weixin.qq.com/doc/service/api/material/temporary/). */
export interface MediaDesk {
  /**
   * Fetches what a customer sent and keeps it.
   * @throws OutsideError, RequestError where that is not possible in time or the file is refused
   */
  download(media: Media): Promise<Attachment>;
  /**
   * WeChat's id of a picture of ours; it is uploaded where that was not done in the last 3 days.
   * @returns `undefined` for a picture that can't be had or that WeChat does not take
   * @throws OutsideError retryable: nothing has reached the customer
   */
  upload(address: string): Promise<string | undefined>;
  /** Forgets an upload that WeChat does not know any more. */
  forget(address: string): Promise<void>;
}

export function createMediaDesk(parts: {
  readonly api: Api;
  readonly files: Files;
  readonly state: ChannelState;
  readonly account: string;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  /** How long a customer's file may take, in ms: the message it came with waits to be acknowledged. */
  readonly downloadMs: number;
}): MediaDesk {
  const { api, files, state, account, now, downloadMs } = parts;

  const uploads = createUploads({ state, account, clock: { now } });

  async function uploadNow(address: string): Promise<string | undefined> {
    const answer = await callProvider(parts.fetch, address, {
      timeoutMs: FETCH_MS,
      maxBytes: MAX_IMAGE,
    });
    const { contentType, body, status } = answer;
    if (status !== 200 || !IMAGE_TYPES.test(contentType)) return undefined;
    const type = contentType.split(';', 1)[0] ?? '';
    const file = { name: `image.${type.slice('image/'.length)}`, contentType: type, bytes: body };
    const { media_id } = await api.upload(
      '/cgi-bin/media/upload',
      { type: 'image' },
      'media',
      file,
      { timeoutMs: 15_000 },
    );
    return typeof media_id === 'string' ? media_id : undefined;
  }

  return {
    download: async ({ mediaId, contentType, kind, name }) => {
      const query = { media_id: mediaId };
      const file = await api.download('/cgi-bin/media/get', query, {
        timeoutMs: downloadMs,
        maxBytes: MAX_UPLOAD,
        signal: AbortSignal.timeout(downloadMs),
      });
      const family = kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
      const told = file.contentType.startsWith(`${family}/`) ? file.contentType : contentType;
      return files.keep(file.name ?? name, told, Readable.from([file.bytes]));
    },
    upload: async (address) => {
      const kept = await uploads.find(address);
      if (kept !== undefined) return kept;
      try {
        const id = await uploadNow(address);
        if (id !== undefined) await uploads.keep(address, id);
        return id;
      } catch (error) {
        if (!(error instanceof OutsideError)) throw error;
        const refused = error instanceof ApiError && !error.retryable;
        if (refused || error.code === 'provider-too-large') return undefined;
        throw new OutsideError(error.code, error.message, { retryable: true, cause: error });
      }
    },
    forget: (address) => uploads.forget(address),
  };
}
