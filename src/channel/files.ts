import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ServerResponse } from 'node:http';
import { RequestError } from '../errors.ts';
import type { Attachment } from '../message.ts';
import type { RouteRequest } from './channel.ts';

/** Largest file, and largest sum of the files of one message, in bytes. */
export const MAX_UPLOAD = 5 * 1024 * 1024;

const MAX_NAME = 200;
/** Uploads are refused while the disk has less than this: the messages themselves need it. */
const MIN_FREE_BYTES = 256 * 1024 * 1024;
const ALLOWED =
  /^(?:image\/(?:png|jpe?g|gif|webp|bmp|heic|heif|avif)|audio\/[\w.+-]{1,60}|video\/[\w.+-]{1,60}|application\/pdf|text\/(?:plain|csv))$/;

/** Files that customers sent, each under a name nobody can guess. */
export interface Files {
  /**
   * Keeps a file. Its name and type are taken from what the sender says and never used as a path.
   * @throws RequestError 415 for a type that is not accepted, 413 too large, 507 disk nearly full
   */
  keep(name: string, contentType: string, content: Readable): Promise<Attachment>;
  /** Keeps what a `data:` URL holds. @throws RequestError as {@link Files.keep}, 400 malformed */
  keepDataUrl(attachment: Attachment): Promise<Attachment>;
  /** Removes files of a message that was refused or had arrived before. */
  drop(attachments: readonly Attachment[]): Promise<void>;
  /** Answers `GET <prefix>:id`. */
  serve(request: RouteRequest, response: ServerResponse): Promise<void>;
}

/**
 * Opens the folder of files under a channel's `dataDir`.
 * @param prefix path of the route that the channel serves them at, with a slash at both ends
 */
export async function openFiles({
  dataDir,
  newId,
  prefix,
}: {
  dataDir: string;
  newId: () => string;
  prefix: string;
}): Promise<Files> {
  const folder = path.join(dataDir, 'files');
  await mkdir(folder, { recursive: true });

  async function keep(name: string, rawType: string, content: Readable): Promise<Attachment> {
    const [contentType = ''] = rawType.toLowerCase().split(';', 1);
    if (!ALLOWED.test(contentType)) {
      throw new RequestError(415, 'UnsupportedMediaType', 'Files of this type are not accepted');
    }
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < MIN_FREE_BYTES) {
      throw new RequestError(507, 'InsufficientStorage', 'There is no room for files now');
    }
    const id = newId();
    const file = path.join(folder, id);
    const described = describeFile(name, contentType);
    // Opened before anything can fail: a write stream may create its file after it has failed.
    const handle = await open(file, 'wx', 0o600);
    try {
      await pipeline(content, limited(), handle.createWriteStream());
      await writeFile(`${file}.json`, JSON.stringify(described), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
    return { ...described, url: prefix + id };
  }

  return {
    keep,
    keepDataUrl: async (attachment) => {
      const { url, name, contentType } = attachment;
      if (!url.toLowerCase().startsWith('data:')) return attachment;
      const comma = url.indexOf(',');
      const head = url.slice(5, Math.max(comma, 5)).split(';');
      if (comma === -1 || head.at(-1)?.toLowerCase() !== 'base64') {
        throw new RequestError(400, 'BadArgument', 'A data URL must be base64');
      }
      const content = Readable.from([Buffer.from(url.slice(comma + 1), 'base64')]);
      return keep(
        name,
        head[0] === '' || head.length === 1 ? contentType : (head[0] ?? ''),
        content,
      );
    },
    drop: async (attachments) => {
      for (const { url } of attachments) {
        if (!url.startsWith(prefix)) continue;
        const file = path.join(folder, path.basename(url));
        await rm(file, { force: true });
        await rm(`${file}.json`, { force: true });
      }
    },
    serve: async (request, response) => {
      const id = request.params.id ?? '';
      const file = path.join(folder, id);
      const described = /^[\w-]{10,64}$/.test(id) ? await readDescription(file) : undefined;
      if (!described) throw new RequestError(404, 'NotFound', 'There is no such file');
      const { size } = await stat(file);
      const shown = described.kind === 'image' ? 'inline' : 'attachment';
      response.setHeader('Content-Type', described.contentType);
      response.setHeader('Content-Length', size);
      response.setHeader(
        'Content-Disposition',
        `${shown}; filename*=UTF-8''${encodeURIComponent(described.name)}`,
      );
      response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
      response.setHeader('Cache-Control', 'private, max-age=86400');
      if (request.method === 'HEAD') response.end();
      else await pipeline(createReadStream(file), response);
    },
  };
}

/** An attachment without its address: the kind by its content type, and a name without a path. */
export function describeFile(name: string, contentType: string): Omit<Attachment, 'url'> {
  const [family] = contentType.split('/', 1);
  const kind = family === 'image' || family === 'audio' || family === 'video' ? family : 'file';
  // eslint-disable-next-line no-control-regex -- they break what shows names
  const clean = name.replace(/[\u0000-\u001f\u007f-\u009f]/g, '');
  const base = clean.split(/[/\\]/).at(-1) ?? '';
  return { kind, name: Array.from(base).slice(0, MAX_NAME).join('') || kind, contentType };
}

async function readDescription(file: string): Promise<Omit<Attachment, 'url'> | undefined> {
  try {
    return JSON.parse(await readFile(`${file}.json`, 'utf8')) as Omit<Attachment, 'url'>;
  } catch {
    return undefined;
  }
}

function limited(): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (source) {
    let size = 0;
    for await (const chunk of source) {
      size += chunk.length;
      if (size > MAX_UPLOAD) {
        throw new RequestError(413, 'MessageSizeTooBig', 'The file is larger than 5 MiB');
      }
      yield chunk;
    }
  };
}
