import type { IncomingMessage, ServerResponse } from 'node:http';
import busboy from '@fastify/busboy';
import { messageOf } from '../../src/errors.ts';
import type { Media, Medium } from './media.ts';
import { checkMenu, type MenuButton } from './menu.ts';
import { readCustom, readTemplate, type Shown } from './message-rules.ts';
import type { WechatPhone } from './phone.ts';
import { Refusal, wordsOf } from './refusal.ts';
import type { Tokens } from './tokens.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What the API works on. */
export interface Platform {
  readonly tokens: Tokens;
  readonly media: Media;
  /** A verified service account: else no `msgmenu` and no templates. */
  readonly verified: boolean;
  /** May send messages of its own accord at all. */
  readonly custom: boolean;
  /** `undefined` for an openid that nobody has. */
  find(user: unknown): WechatPhone | undefined;
  /** The simulator's own origin. */
  url(): string;
  fault(call: string): number | undefined;
  /** Whether the connection is cut before or behind what this call does. */
  cut(call: string): 'before' | 'after' | undefined;
  /** Called once for each call, by its path behind `/cgi-bin/`. */
  count(call: string): void;
  /** A body wrote `\uXXXX`, which the platform does not turn back into the character. */
  countEscapes(): void;
  refuse(call: string, why: string, code: number): void;
  setMenu(buttons: readonly MenuButton[]): void;
  /** A template was delivered: its event follows. */
  delivered(phone: WechatPhone, msgid: number): void;
}

interface Call {
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly contentType: string;
}

type Answer = object | Medium;

const MAX_BODY = 16 * 1024 * 1024;

/** Answers calls below `/cgi-bin/`; `false` where the request is none. */
export function createApi(
  platform: Platform,
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  let lastTemplate = 200_000_000;

  function phoneOf(order: Fields): WechatPhone {
    const phone = platform.find(order.touser);
    if (phone === undefined)
      throw new Refusal(40003, `nobody has the openid ${String(order.touser)}`);
    return phone;
  }

  function needCustom(): void {
    if (!platform.custom) throw new Refusal(48001, 'the account may not send customer messages');
  }

  function showTemplate(phone: WechatPhone, shown: Shown): object {
    if (!phone.followed) throw new Refusal(43004);
    phone.show(shown, 'active');
    lastTemplate += 1;
    platform.delivered(phone, lastTemplate);
    return { errcode: 0, errmsg: 'ok', msgid: lastTemplate };
  }

  const posts: Readonly<Record<string, (call: Call) => Answer | Promise<Answer>>> = {
    stable_token: (call) => platform.tokens.issue(readJson(call)),
    'message/custom/send'(call) {
      const order = readJson(call);
      needCustom();
      const phone = phoneOf(order);
      const shown = readCustom(order, platform);
      if (/(?<!\\)(?:\\\\)*\\u(?!00[01])[0-9a-f]{4}/iu.test(call.body.toString())) {
        platform.countEscapes();
      }
      const refused = phone.receive(shown);
      if (refused !== undefined) throw new Refusal(refused);
      return OK;
    },
    'message/custom/typing'(call) {
      const order = readJson(call);
      needCustom();
      const phone = phoneOf(order);
      if (order.command === 'CancelTyping') phone.stopTyping();
      else if (order.command !== 'Typing') throw new Refusal(45072);
      else {
        if (!phone.followed) throw new Refusal(45015);
        const refused = phone.type();
        if (refused !== undefined) throw new Refusal(refused);
      }
      return OK;
    },
    'message/template/send'(call) {
      const order = readJson(call);
      if (!platform.verified)
        throw new Refusal(48001, 'templates are for verified service accounts');
      return showTemplate(phoneOf(order), readTemplate(order));
    },
    'message/subscribe/bizsend'(call) {
      const order = readJson(call);
      const phone = phoneOf(order);
      const shown = readTemplate(order);
      if (!phone.useAllowed(String(order.template_id))) throw new Refusal(43101);
      phone.show(shown, 'active');
      return OK;
    },
    async 'media/upload'(call) {
      const { id, kind, at } = platform.media.upload(call.query.get('type'), await readFile(call));
      const created_at = Math.floor(at / 1000);
      return { type: kind, [kind === 'thumb' ? 'thumb_media_id' : 'media_id']: id, created_at };
    },
    'menu/create'(call) {
      platform.setMenu(checkMenu(readJson(call)));
      return OK;
    },
  };
  const gets: Readonly<Record<string, (call: Call) => Answer>> = {
    'media/get'({ query }) {
      const id = query.get('media_id');
      if (id === null) throw new Refusal(41006);
      const found = platform.media.get(id);
      return found.kind === 'video' ? { video_url: `${platform.url()}/mmbiz/${found.id}` } : found;
    },
    'menu/delete'() {
      platform.setMenu([]);
      return OK;
    },
    getcallbackip: () => ({ ip_list: ['127.0.0.1'] }),
    get_api_domain_ip: () => ({ ip_list: ['127.0.0.1'] }),
  };

  async function work(name: string, method: string | undefined, call: Call): Promise<Answer> {
    const known = [posts, gets].map((all) => (Object.hasOwn(all, name) ? all[name] : undefined));
    if (known.every((k) => k === undefined))
      throw new Refusal(40066, 'the simulator has no such call');
    const handler = known[method === 'POST' ? 0 : 1];
    if (handler === undefined) throw new Refusal(43002, `not by ${method ?? ''}`);
    if (name !== 'stable_token') platform.tokens.check(call.query.get('access_token'));
    return handler(call);
  }

  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!url.pathname.startsWith('/cgi-bin/')) return false;
    const name = url.pathname.slice('/cgi-bin/'.length);
    const body = await readBody(request);
    platform.count(name);
    const cut = platform.cut(name);
    if (cut === 'before') return broken(response);
    const fault = platform.fault(name);
    if (fault !== undefined) return answer(response, refusalOf(fault));
    const contentType = request.headers['content-type'] ?? '';
    let found: Answer;
    try {
      if (body === undefined) throw new Refusal(45001, 'the body is longer than 16 MiB');
      found = await work(name, request.method, { query: url.searchParams, body, contentType });
    } catch (error) {
      const code = error instanceof Refusal ? error.errcode : -1;
      platform.refuse(name, messageOf(error), code);
      found = refusalOf(code);
    }
    return cut === 'after' ? broken(response) : answer(response, found);
  };
}

const OK = { errcode: 0, errmsg: 'ok' };

function refusalOf(errcode: number): object {
  return { errcode, errmsg: wordsOf(errcode) };
}

function broken(response: ServerResponse): true {
  response.destroy();
  return true;
}

function answer(response: ServerResponse, found: Answer): true {
  if ('bytes' in found) {
    sendMedium(response, found);
    return true;
  }
  response.writeHead(200, { 'Content-Type': 'application/json; encoding=utf-8' });
  response.end(JSON.stringify(found));
  return true;
}

/** A kept file, as `media/get` answers it. */
export function sendMedium(response: ServerResponse, { bytes, contentType, name }: Medium): void {
  response.writeHead(200, {
    'Content-Type': contentType,
    'Content-disposition': `attachment; filename="${name.replaceAll(/[^\w.-]/gu, '_')}"`,
    'Content-Length': bytes.length,
  });
  response.end(bytes);
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size <= MAX_BODY) parts.push(part);
  }
  return size > MAX_BODY ? undefined : Buffer.concat(parts);
}

/** @throws Refusal 47001 where it is no object in JSON in UTF-8 */
function readJson({ body }: Call): Fields {
  if (body.length === 0) throw new Refusal(44002);
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Fields;
  } catch (error) {
    throw new Refusal(47001, messageOf(error));
  }
  throw new Refusal(47001, 'the body is no object');
}

function formOf(contentType: string): InstanceType<typeof busboy.Busboy> | undefined {
  try {
    return new busboy.Busboy({ headers: { 'content-type': contentType } });
  } catch {
    return undefined;
  }
}

/** The field `media` of a form; `undefined` where there is none, or the form is broken. */
function readFile({
  body,
  contentType,
}: Call): Promise<{ name: string; bytes: Buffer } | undefined> {
  if (!/^multipart\/form-data;/iu.test(contentType)) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const broken = (): void => resolve(undefined);
    let found: { name: string; bytes: Buffer } | undefined;
    const form = formOf(contentType);
    if (form === undefined) return broken();
    form.on('file', (field: string, stream: NodeJS.ReadableStream, name: string) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('error', broken);
      stream.on('end', () => {
        if (field === 'media' && name !== '') found = { name, bytes: Buffer.concat(parts) };
      });
    });
    form.on('finish', () => resolve(found));
    form.on('error', broken);
    form.end(body);
  });
}
