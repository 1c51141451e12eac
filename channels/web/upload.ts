import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { parseJson, refuseEncoded } from '../../src/channel/body.ts';
import type { RouteRequest } from '../../src/channel/channel.ts';
import { MAX_UPLOAD, type Files } from '../../src/channel/files.ts';
import { sendJson } from '../../src/channel/respond.ts';
import { RequestError } from '../../src/errors.ts';
import type { Attachment } from '../../src/message.ts';
import { take } from './activities.ts';
import { decode, userId } from './codec.ts';
import type { Desk } from './desk.ts';

const MAX_FILES = 5;
/** Largest activity beside the files; Web Chat puts small previews into it. */
const MAX_ACTIVITY = 256 * 1024;
const OVERHEAD = MAX_ACTIVITY + 16 * 1024;

interface Parts {
  readonly activity: unknown;
  readonly attachments: readonly Attachment[];
}

function tooBig(message: string): RequestError {
  return new RequestError(413, 'MessageSizeTooBig', message);
}

/** `POST …/upload?userId=`: an activity and its files as multipart/form-data, streamed to disk. */
export async function upload(
  desk: Desk,
  files: Files,
  request: RouteRequest,
  response: ServerResponse,
): Promise<void> {
  const claims = await desk.enter(request, request.params.id ?? '');
  await request.admit(`web:${claims.user ?? claims.conv}`);
  refuseEncoded(request);
  if (request.destroyed) throw malformed();
  if (!/^multipart\/form-data\s*;/i.test(request.headers['content-type'] ?? '')) {
    throw new RequestError(415, 'UnsupportedMediaType', 'Content-Type must be multipart/form-data');
  }
  if (Number(request.headers['content-length'] ?? 0) > MAX_UPLOAD + OVERHEAD) {
    throw tooBig('The files are larger than 5 MiB');
  }
  const { activity, attachments } = await readParts(request, files);
  try {
    if (attachments.length === 0) throw new RequestError(400, 'BadArgument', 'There is no file');
    const sender = userId(request.query.get('userId'));
    const decoded = decode(activity ?? { type: 'message' });
    if (decoded.type !== 'message') {
      throw new RequestError(400, 'BadArgument', 'Files come with a message');
    }
    const from = decoded.from ?? sender;
    const sent = { ...decoded, ...(from === undefined ? {} : { from }) };
    const { id, seen } = await take(desk, claims, sent, attachments);
    if (seen) await files.drop(attachments);
    sendJson(response, 200, { id });
  } catch (error) {
    await files.drop(attachments);
    throw error;
  }
}

async function readParts(request: RouteRequest, files: Files): Promise<Parts> {
  const kept: Promise<Attachment>[] = [];
  const streams: Readable[] = [];
  let activity: Promise<unknown> = Promise.resolve(undefined);
  let refused = false;
  try {
    await new Promise<void>((resolve, reject) => {
      const parser = createParser(request, reject);
      let bytes = 0;
      function onData(chunk: Buffer): void {
        bytes += chunk.length;
        if (bytes > MAX_UPLOAD + OVERHEAD) reject(tooBig('The files are larger than 5 MiB'));
      }
      parser.on('file', (field, stream, name, _encoding, type) => {
        streams.push(stream);
        // A body that ends inside a part fails the part's stream; who reads it hears of it as well.
        stream.on('error', () => undefined);
        if (refused) {
          // The parser goes on to what it had read before the refusal.
          stream.resume();
          return;
        }
        if (field === 'activity') {
          activity = readActivity(stream);
          activity.catch(reject);
          return;
        }
        if (kept.length === MAX_FILES) reject(tooBig(`At most ${MAX_FILES} files`));
        const file = files.keep(name, type, stream);
        file.catch((error: unknown) => {
          stream.resume();
          const known =
            error instanceof RequestError || (error instanceof Error && 'errno' in error);
          reject(known ? error : malformed());
        });
        kept.push(file);
      });
      parser.on('filesLimit', () => reject(tooBig(`At most ${MAX_FILES} files`)));
      parser.on('partsLimit', () => reject(tooBig('Too many parts')));
      parser.on('finish', resolve);
      parser.on('error', () => reject(malformed()));
      request.once('close', () => {
        if (!request.complete) reject(malformed());
      });
      request.on('data', onData);
      request.pipe(parser);
    });
    return { activity: await activity, attachments: await Promise.all(kept) };
  } catch (error) {
    refused = true;
    request.unpipe();
    for (const stream of streams) stream.destroy();
    const settled = await Promise.allSettled(kept);
    await files.drop(settled.flatMap((s) => (s.status === 'fulfilled' ? [s.value] : [])));
    throw error;
  }
}

function createParser(request: RouteRequest, refuse: (error: Error) => void): BusboyInstance {
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
      isPartAFile: (field, _type, name) => field === 'activity' || name !== undefined,
      limits: {
        files: MAX_FILES + 1,
        fields: 5,
        parts: MAX_FILES + 8,
        fieldSize: 1024,
        headerPairs: 20,
        fileSize: MAX_UPLOAD + 1,
      },
    });
  } catch {
    const error = malformed();
    refuse(error);
    throw error;
  }
}

function malformed(): RequestError {
  return new RequestError(400, 'BadArgument', 'The body is not multipart/form-data');
}

async function readActivity(stream: BusboyFileStream & Readable): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ACTIVITY) throw tooBig('The activity is too large');
    chunks.push(chunk);
  }
  return parseJson(Buffer.concat(chunks));
}
