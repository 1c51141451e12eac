import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import type { Bubble, Gesture, Phone, Simulator } from '../simulator.ts';
import { readGesture } from './gesture.ts';

/** A word of the page in both languages. */
export interface Label {
  readonly zh: string;
  readonly en: string;
}

/** A button of the phone besides the text box. */
export interface Action {
  readonly label: Label;
  readonly gesture: Gesture;
}

/** A bubble with what only a page can show. */
export interface ShownBubble extends Bubble {
  /** Address of a picture on the simulator's own origin. */
  readonly picture?: string;
}

/** What the page needs of a simulator. */
export interface PhoneHost extends Pick<Simulator, 'refused'> {
  /** What the account is called at the top of the phone. */
  readonly title: Label;
  phone(user: string): Omit<Phone, 'screen'> & { readonly screen: readonly ShownBubble[] };
  /** Facts shown beside the phone, in order: what is left of the quota, the state of the session. */
  facts?(user: string): readonly { readonly label: Label; readonly value: string }[];
  /** Buttons of the phone now: follow, unfollow, the account's menu. */
  actions?(user: string): readonly Action[];
}

/** Answers a request of the page; `false` where the request is none of its own. */
export type ServePhones = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** Something the customer did on the page. `after` counts the bubbles that were there before it. */
interface Said {
  readonly id: number;
  readonly after: number;
  readonly text: string;
  readonly picture?: string;
  outcome: 'sending' | 'sent' | 'gave-up';
}

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['page.html', 'text/html; charset=utf-8'],
  '/phone-page/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/phone-page/page.css': ['page.css', 'text/css; charset=utf-8'],
};
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** Of a user's own lines, this many are kept for the page. */
const KEPT = 500;
/** An image is sent as base64 in the body. */
const MAX_BODY = 16 * 1024 * 1024;

/**
 * The customer's phone as a page, for any simulator to mount on its own server: `GET /` is the page,
 * `GET /phone/<user>?since=<bubbles known>` what is on the screen, `POST /phone/<user>` a gesture as
 * JSON (an image's `bytes` in base64), answered when the provider has got its acknowledgement or has
 * given up. Anything else is left to the simulator. Only for the loopback address: nobody logs in.
 */
export function servePhones(host: PhoneHost): ServePhones {
  const said = new Map<string, Said[]>();
  let ids = 0;

  function screenOf(user: string, since: number): object {
    const { screen } = host.phone(user);
    return {
      title: host.title,
      bubbles: screen.slice(since),
      total: screen.length,
      said: said.get(user) ?? [],
      facts: host.facts?.(user) ?? [],
      actions: host.actions?.(user) ?? [],
      refused: host.refused.slice(-50),
    };
  }

  async function act(user: string, request: IncomingMessage): Promise<boolean> {
    const gesture = readGesture(await bodyOf(request));
    const lines = said.get(user) ?? [];
    said.set(user, lines);
    const phone = host.phone(user);
    ids += 1;
    const line: Said = {
      id: ids,
      after: phone.screen.length,
      ...wordsOf(gesture, phone),
      outcome: 'sending',
    };
    lines.push(line);
    if (lines.length > KEPT) lines.shift();
    try {
      const ok = await phone.do(gesture);
      line.outcome = ok ? 'sent' : 'gave-up';
      return ok;
    } catch (error) {
      lines.splice(lines.indexOf(line), 1);
      throw error;
    }
  }

  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const file = request.method === 'GET' ? FILES[url.pathname] : undefined;
    if (file) {
      const body = await readFile(path.join(import.meta.dirname, file[0]));
      response.writeHead(200, {
        'Content-Type': file[1],
        'Content-Security-Policy': POLICY,
        'Cache-Control': 'no-store',
      });
      response.end(body);
      return true;
    }
    const user = userOf(url.pathname);
    if (user === undefined) return false;
    if (request.method === 'GET') {
      answer(response, 200, screenOf(user, Number(url.searchParams.get('since')) || 0));
    } else if (!/^application\/json\b/u.test(request.headers['content-type'] ?? '')) {
      answer(response, 415, { error: 'A gesture is JSON' });
    } else {
      try {
        answer(response, 200, { ok: await act(user, request) });
      } catch (error) {
        answer(response, 400, { error: error instanceof Error ? error.message : String(error) });
      }
    }
    return true;
  };
}

function userOf(pathname: string): string | undefined {
  const found = /^\/phone\/([^/]{1,300})$/u.exec(pathname);
  if (!found) return undefined;
  try {
    return decodeURIComponent(found[1] ?? '');
  } catch {
    return undefined;
  }
}

/** What the page shows of a gesture, on the customer's side. */
function wordsOf(
  gesture: Gesture,
  phone: Pick<Phone, 'screen'>,
): { text: string; picture?: string } {
  switch (gesture.kind) {
    case 'text':
      return { text: gesture.text };
    case 'tap': {
      const items = phone.screen.flatMap((b) => b.items).reverse();
      return { text: items.find((i) => i.id === gesture.id)?.title ?? gesture.id };
    }
    case 'image': {
      const png = gesture.bytes[0] === 0x89;
      const bytes = Buffer.from(gesture.bytes);
      return {
        text: gesture.text ?? '',
        picture: `data:image/${png ? 'png' : 'jpeg'};base64,${bytes.toString('base64')}`,
      };
    }
    case 'join':
      return { text: gesture.scene === undefined ? '[join]' : `[join ${gesture.scene}]` };
    case 'event':
      return {
        text: gesture.key === undefined ? `[${gesture.name}]` : `[${gesture.name} ${gesture.key}]`,
      };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY) return '';
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}
