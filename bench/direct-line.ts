import { request, type Agent } from 'node:http';
import { OutsideError } from '../src/errors.ts';
import { SECRET } from './server-process.ts';

/** An activity as far as the benches read it. */
export interface Activity {
  readonly id: string;
  readonly type: string;
  readonly from: { readonly id: string; readonly role: string };
  readonly text?: string;
  readonly replyToId?: string;
  readonly channelData?: { readonly clientActivityID?: string };
}

/** What the server sends, by poll or stream. */
export interface ActivitySet {
  readonly activities: readonly Activity[];
  readonly watermark: string;
}

/** A conversation as the server began it. */
interface Begun {
  readonly conversationId: string;
  readonly token: string;
  readonly streamUrl: string;
}

/** Longest wait for an answer to one request, in ms. */
const TIMEOUT_MS = 10_000;

/** The little of Direct Line that the benches speak, without more between them and the socket. */
export interface DirectLine {
  begin(user: string): Promise<Begun>;
  /** Posts a message; the same `clientId` again is the same message. Answers its activity's id. */
  post(conversation: string, user: string, text: string, clientId: string): Promise<string>;
  read(conversation: string, watermark: string): Promise<ActivitySet>;
}

/** Speaks to a server as the holder of the secret. Its calls throw OutsideError on all but 2xx. */
export function directLine(base: string, agent: Agent): DirectLine {
  const call = (method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> =>
    callJson(`${base}/v3/directline/${path}`, method, agent, body);
  return {
    begin: async (user) => (await call('POST', 'conversations', { user: { id: user } })) as Begun,
    post: async (conversation, user, text, clientId) => {
      const activity = {
        type: 'message',
        from: { id: user },
        text,
        channelData: { clientActivityID: clientId },
      };
      const answer = await call('POST', `conversations/${conversation}/activities`, activity);
      return (answer as { id: string }).id;
    },
    read: async (conversation, watermark) =>
      (await call(
        'GET',
        `conversations/${conversation}/activities?watermark=${watermark}`,
      )) as ActivitySet,
  };
}

function callJson(
  url: string,
  method: 'GET' | 'POST',
  agent: Agent,
  body: object | undefined,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (code: string, cause?: unknown): void => {
      const known = cause instanceof Error ? `${code}: ${cause.message}` : code;
      reject(new OutsideError(code, `${method} ${url}: ${known}`, { retryable: true, cause }));
    };
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${SECRET}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    const sent = request(url, { method, agent, headers, timeout: TIMEOUT_MS }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', (error) => fail('aborted', error));
      response.on('end', () => {
        const { statusCode = 0 } = response;
        if (statusCode >= 300) {
          fail(`http-${statusCode}`);
          return;
        }
        try {
          resolve(JSON.parse(Buffer.concat(parts).toString()));
        } catch (error) {
          fail('cut-off', error);
        }
      });
    });
    sent.on('timeout', () => sent.destroy(new OutsideError('timeout', url, { retryable: true })));
    sent.on('error', (error) => fail('refused', error));
    sent.end(text);
  });
}
