import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { RouteRequest } from '../../src/channel/channel.ts';
import { RequestError } from '../../src/errors.ts';
import type { Lang } from '../../src/message.ts';
import type { Desk } from './desk.ts';
import type { Origins } from './origin.ts';

const FOLDER = path.join(import.meta.dirname, 'page');
/** Web Chat without cards, Markdown and speech, none of which the bot sends: half the size. */
const WEB_CHAT = path.join(
  path.dirname(createRequire(import.meta.url).resolve('botframework-webchat')),
  '../dist/webchat-minimal.js',
);
const ASSETS: Readonly<Record<string, { file: string; type: string }>> = {
  'webchat.js': { file: WEB_CHAT, type: 'text/javascript; charset=utf-8' },
  'page.js': { file: path.join(FOLDER, 'page.js'), type: 'text/javascript; charset=utf-8' },
  'page.css': { file: path.join(FOLDER, 'page.css'), type: 'text/css; charset=utf-8' },
  'icon.svg': { file: path.join(FOLDER, 'icon.svg'), type: 'image/svg+xml' },
};
const EMPTY_STYLE = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
/** Texts of the page, `web.<word>` in `knowledge/wording.yaml`. */
export const WORDS = [
  'title',
  'bot-name',
  'agent-name',
  'placeholder',
  'language',
  'new-chat',
  'new-chat-sure',
  'lost',
  'no-script',
] as const;

/** One file of the page in memory, compressed when somebody first asks. */
interface Asset {
  readonly tag: string;
  readonly type: string;
  body(encoding: 'br' | 'gzip' | 'identity'): Promise<Buffer>;
}

/** The chat page and its files. */
export interface Page {
  serve(request: RouteRequest, response: ServerResponse): Promise<void>;
  serveAsset(request: RouteRequest, response: ServerResponse): Promise<void>;
}

/**
 * Makes the page. Files are read when they are first asked for, and kept.
 * @throws Defect where `knowledge/wording.yaml` lacks a text of the page, so that the start fails
 */
export function createPage(desk: Desk): Page {
  const assets = new Map<string, Promise<Asset>>();
  wordsIn(desk, 'zh');
  wordsIn(desk, 'en');
  const template = once(() => readFile(path.join(FOLDER, 'index.html'), 'utf8'));

  function asset(name: string): Promise<Asset> | undefined {
    const known = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
    if (!known) return undefined;
    const loaded = assets.get(name) ?? load(known.file, known.type);
    assets.set(name, loaded);
    return loaded;
  }

  async function urlOf(name: string): Promise<string> {
    const loaded = await asset(name);
    return `/channels/web/page/${name}?v=${loaded?.tag ?? ''}`;
  }

  return {
    serve: async (request, response) => {
      const nonce = randomBytes(16).toString('base64');
      const lang = askedLang(request);
      const words = { zh: wordsIn(desk, 'zh'), en: wordsIn(desk, 'en') };
      const values: Record<string, string> = {
        nonce,
        lang: lang === 'zh' ? 'zh-CN' : 'en',
        words: JSON.stringify(words).replaceAll('<', '\\u003c'),
        title: escaped(words[lang].title ?? ''),
        noScript: escaped(`${words.zh['no-script'] ?? ''} ${words.en['no-script'] ?? ''}`),
        script: await urlOf('page.js'),
        style: await urlOf('page.css'),
        webchat: await urlOf('webchat.js'),
        icon: await urlOf('icon.svg'),
      };
      const html = (await template()).replace(
        /\{\{(\w+)\}\}/g,
        (_m, key: string) => values[key] ?? '',
      );
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.setHeader('Content-Security-Policy', policy(nonce, desk.origins, request));
      response.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=()');
      response.end(html);
    },
    serveAsset: async (request, response) => {
      const found = await asset(request.params.name ?? '');
      if (!found) throw new RequestError(404, 'NotFound', 'There is no such file');
      const etag = `"${found.tag}"`;
      const pinned = request.query.get('v') === found.tag;
      response.setHeader('ETag', etag);
      response.setHeader('Vary', 'Accept-Encoding');
      response.setHeader(
        'Cache-Control',
        pinned ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
      if (request.headers['if-none-match'] === etag) {
        response.statusCode = 304;
        response.end();
        return;
      }
      const accepts = request.headers['accept-encoding'];
      const offered = typeof accepts === 'string' ? accepts : '';
      const encoding = /\bbr\b/.test(offered)
        ? 'br'
        : /\bgzip\b/.test(offered)
          ? 'gzip'
          : 'identity';
      const body = await found.body(encoding);
      response.setHeader('Content-Type', found.type);
      response.setHeader('Content-Length', body.length);
      if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding);
      response.end(body);
    },
  };
}

function policy(nonce: string, origins: Origins, request: RouteRequest): string {
  const socket = origins.base(request).replace(/^http/, 'ws');
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    // Web Chat adds one empty style element without the nonce.
    `style-src 'self' 'nonce-${nonce}' '${EMPTY_STYLE}'`,
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    `connect-src 'self' blob: ${socket}`,
    // Web Chat makes its previews of pictures in one.
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors 'self' ${origins.others.join(' ')}`.trim(),
  ].join('; ');
}

function wordsIn(desk: Desk, lang: Lang): Record<string, string> {
  return Object.fromEntries(WORDS.map((word) => [word, desk.context.wording(`web.${word}`, lang)]));
}

function askedLang(request: RouteRequest): Lang {
  const asked = request.query.get('lang') ?? request.headers['accept-language'] ?? '';
  return /^\s*zh/i.test(asked) ? 'zh' : 'en';
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

async function load(file: string, type: string): Promise<Asset> {
  const raw = await readFile(file);
  const bodies = {
    identity: () => Promise.resolve(raw),
    gzip: once(() => promisify(gzip)(raw)),
    br: once(() =>
      promisify(brotliCompress)(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
    ),
  };
  const tag = createHash('sha256').update(raw).digest('base64url').slice(0, 22);
  return { tag, type, body: (encoding) => bodies[encoding]() };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
