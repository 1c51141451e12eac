import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Router, RouteRequest } from './channel.ts';
import { RequestError } from '../errors.ts';

type UpgradeHandler = Parameters<Router['upgrade']>[1];

/** Routes WebSocket upgrades, which restify leaves alone, and knows every socket that is open. */
export interface Upgrades {
  on: Router['upgrade'];
  /** Handles one `upgrade` event of the HTTP server. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends every socket. */
  cut(): void;
}

/** Makes the router of upgrades. */
export function createUpgrades(parts: {
  wrap(request: IncomingMessage, params: Record<string, string>): RouteRequest;
  /** @throws RequestError 429 when the caller's address asks too often */
  limit(request: IncomingMessage): unknown;
  refuse(request: IncomingMessage, socket: Duplex, error: RequestError): void;
}): Upgrades {
  const routes: { segments: readonly string[]; handler: UpgradeHandler }[] = [];
  const open = new Set<Duplex>();
  return {
    on: (path, handler) => {
      routes.push({ segments: path.split('/'), handler });
    },
    take: (request, socket, head) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      socket.on('error', () => socket.destroy());
      try {
        parts.limit(request);
        if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
          throw new RequestError(400, 'BadArgument', 'Only WebSocket upgrades are served');
        }
        const [path = '/'] = (request.url ?? '/').split('?', 1);
        for (const route of routes) {
          const params = matched(route.segments, path.split('/'));
          if (!params) continue;
          route.handler(parts.wrap(request, params), socket, head);
          return;
        }
        throw new RequestError(404, 'NotFound', 'No such route');
      } catch (error) {
        const known =
          error instanceof RequestError
            ? error
            : new RequestError(500, 'ServiceError', 'Something went wrong');
        parts.refuse(request, socket, known);
      }
    },
    cut: () => {
      for (const socket of open) socket.destroy();
    },
  };
}

function matched(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of pattern.entries()) {
    const segment = segments[i] ?? '';
    if (!part.startsWith(':')) {
      if (part !== segment) return undefined;
      continue;
    }
    try {
      params[part.slice(1)] = decodeURIComponent(segment);
    } catch {
      return undefined;
    }
  }
  return params;
}
