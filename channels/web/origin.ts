import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConfigError, RequestError } from '../../src/errors.ts';

/** Which pages may call, and where this server is as a caller sees it. */
export interface Origins {
  /** Whether the page that calls may. A caller without an Origin header is no page, and may. */
  allowed(request: IncomingMessage): boolean;
  /** Whether a token that names its pages (`trustedOrigins`) may be used by this one. */
  trusted(request: IncomingMessage, origins: readonly string[] | undefined): boolean;
  /**
   * Sets the CORS headers of an answer.
   * @throws RequestError 403 for a page that may not call
   */
  share(request: IncomingMessage, response: ServerResponse): void;
  /** Origin under which the caller reached us: `https://chat.example`. */
  base(request: IncomingMessage): string;
  /** Origins of other sites that may embed the chat. */
  readonly others: readonly string[];
}

/**
 * @param list `WEB_ORIGINS`: origins with commas between them; `*` for all. The server's own is
 *   always allowed.
 * @throws ConfigError for an item that is none
 */
export function createOrigins(list: string | undefined, publicUrl: string | undefined): Origins {
  const others = (list ?? '').split(',').flatMap((item) => {
    const origin = item.trim().replace(/\/$/, '');
    if (origin === '') return [];
    if (origin === '*' || (URL.canParse(origin) && new URL(origin).origin === origin))
      return [origin];
    const fault = `"${origin}" is not an origin such as https://shop.example.com, nor *`;
    throw new ConfigError([{ name: 'WEB_ORIGINS', fault }]);
  });
  const known = new Set(publicUrl === undefined ? others : [...others, publicUrl]);

  function own(request: IncomingMessage, origin: string): boolean {
    return URL.canParse(origin) && new URL(origin).host === request.headers.host;
  }

  function among(request: IncomingMessage, origins: ReadonlySet<string>): boolean {
    const { origin } = request.headers;
    return origin === undefined || own(request, origin) || origins.has(origin) || origins.has('*');
  }

  const origins: Origins = {
    others,
    allowed: (request) => among(request, known),
    trusted: (request, named) => named === undefined || among(request, new Set(named)),
    share: (request, response) => {
      const { origin } = request.headers;
      response.setHeader('Vary', 'Origin');
      if (origin === undefined) return;
      if (!origins.allowed(request)) {
        throw new RequestError(403, 'Forbidden', 'Pages of this origin may not call');
      }
      response.setHeader('Access-Control-Allow-Origin', origin);
      response.setHeader('Access-Control-Allow-Credentials', 'true');
      response.setHeader('Access-Control-Expose-Headers', 'Retry-After');
    },
    base: (request) => {
      const host = request.headers.host ?? 'localhost';
      if (publicUrl !== undefined && new URL(publicUrl).host === host) return publicUrl;
      const https = request.headers['x-forwarded-proto'] === 'https';
      return `${https ? 'https' : 'http'}://${host}`;
    },
  };
  return origins;
}
