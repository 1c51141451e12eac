import { setMaxListeners } from 'node:events';
import { randomInt } from 'node:crypto';
import { Agent, request, type ClientRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Defect, messageOf } from '../../src/errors.ts';
import type { Crypt } from './crypt.ts';
import type { Mode } from './passive.ts';
import { writeXml, type Element } from './xml.ts';

/** What became of one push. */
export type Pushed =
  | { readonly answered: true; readonly body: string }
  | { readonly answered: false; readonly why: string };

/** The way to the account's own server. */
export interface Callback {
  connect(address: string): void;
  /** The address's own proof, as the console asks for it. Resolves with what was wrong. */
  verify(): Promise<string | undefined>;
  /**
   * Pushes a document until it is answered with 200, three tries in all, each with a fresh timestamp, nonce
   * and signature. A try is cut after `resendAfterMs`; where it failed sooner, the next one waits for
   * that moment.
   */
  push(user: string, fields: Element): Promise<Pushed>;
  stop(): void;
}

/** What pushes are made of. */
export interface CallbackOptions {
  readonly mode: Mode;
  readonly crypt: Crypt;
  readonly account: string;
  readonly clock: { now(): number };
  readonly resendAfterMs: number;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

const TRIES = 3;
const MAX_ANSWER = 1024 * 1024;
const VERIFY_MS = 5_000;

export function createCallback(options: CallbackOptions): Callback {
  const { mode, crypt, account, clock } = options;
  const agent = new Agent({ keepAlive: true });
  const stopped = new AbortController();
  // One listener for each callback that waits for its next try.
  setMaxListeners(0, stopped.signal);
  const open = new Set<ClientRequest>();
  let address: URL | undefined;

  function signed(): { query: Record<string, string>; timestamp: string; nonce: string } {
    const timestamp = String(Math.floor(clock.now() / 1000));
    const nonce = String(randomInt(1_000_000_000, 2_000_000_000));
    return {
      query: { signature: crypt.sign(timestamp, nonce), timestamp, nonce },
      timestamp,
      nonce,
    };
  }

  function target(query: Record<string, string>): URL {
    if (address === undefined) throw new Defect('connect() the callback first');
    const url = new URL(address);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }

  /** One exchange, cut after so many ms. */
  function exchange(url: URL, body: string | undefined, cutMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const post = body !== undefined && {
        method: 'POST',
        headers: { 'Content-Type': 'text/xml', 'Content-Length': Buffer.byteLength(body) },
      };
      const sent = request(url, { agent, ...post }, (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          parts.push(part);
          if (size > MAX_ANSWER) response.destroy(new Defect('the answer does not end'));
        });
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() });
        });
        response.on('error', reject);
      });
      const cut = setTimeout(() => sent.destroy(new Defect('no answer in time')), cutMs);
      open.add(sent);
      sent.on('close', () => {
        clearTimeout(cut);
        open.delete(sent);
      });
      sent.on('error', (error: NodeJS.ErrnoException) => {
        const stale = sent.reusedSocket && error.code === 'ECONNRESET' && !stopped.signal.aborted;
        if (stale) resolve(exchange(url, body, cutMs));
        else reject(error);
      });
      sent.end(body);
    });
  }

  async function tryOnce(user: string, plain: Element): Promise<Pushed> {
    const { query, timestamp, nonce } = signed();
    query.openid = user;
    let body = writeXml(plain);
    if (mode !== 'plain') {
      const sealed = crypt.seal(body);
      query.encrypt_type = 'aes';
      query.msg_signature = crypt.sign(timestamp, nonce, sealed);
      const outer = mode === 'safe' ? { ToUserName: account } : plain;
      body = writeXml({ ...outer, Encrypt: sealed });
    }
    try {
      const answer = await exchange(target(query), body, options.resendAfterMs);
      if (answer.status === 200) return { answered: true, body: answer.body };
      return { answered: false, why: `HTTP ${answer.status}` };
    } catch (error) {
      return { answered: false, why: messageOf(error) };
    }
  }

  return {
    connect(to) {
      address = new URL(to);
    },
    async verify() {
      const echostr = String(randomInt(2 ** 40, 2 ** 41));
      try {
        const answer = await exchange(target({ ...signed().query, echostr }), undefined, VERIFY_MS);
        if (answer.status !== 200) return `HTTP ${answer.status}`;
        return answer.body === echostr ? undefined : 'the answer is not the echostr';
      } catch (error) {
        return messageOf(error);
      }
    },
    async push(user, fields) {
      let last: Pushed = { answered: false, why: 'the simulator has stopped' };
      target({});
      for (let n = 1; n <= TRIES && !stopped.signal.aborted; n += 1) {
        const begin = performance.now();
        last = await tryOnce(user, fields);
        if (last.answered) break;
        const early = begin + options.resendAfterMs - performance.now();
        if (n < TRIES && early > 0) {
          await sleep(early, undefined, { signal: stopped.signal }).catch(() => undefined);
        }
      }
      return last;
    },
    stop() {
      stopped.abort();
      for (const sent of open) sent.destroy(new Defect('the simulator has stopped'));
      agent.destroy();
    },
  };
}
