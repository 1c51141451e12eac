/**
 * Calls the channel's address: verifies it once, then tells of what can be pulled, by
 * https://developer.work.weixin.qq.com/document/path/90930 and /94670
 */
import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Corp } from './corp.ts';
import { seal, signatureOf } from './seal.ts';

const TRIES = 3;
/** The answer to a verification must come within this time. */
const VERIFY_MS = 1000;

/** What broke a rule, and the HTTP status (0: no answer). */
export type Complain = (why: string, status: number) => void;

/** Makes callbacks of one corporation. */
export class Callbacks {
  readonly #corp: Corp;
  readonly #resendAfterMs: number;
  readonly #complain: Complain;
  readonly #stopped = new AbortController();
  #url: string | undefined;
  #verified: Promise<string | undefined> | undefined;

  /** @param resendAfterMs a try is cut and made again after this time, in ms of real time */
  constructor(corp: Corp, resendAfterMs: number, complain: Complain) {
    this.#corp = corp;
    this.#resendAfterMs = resendAfterMs;
    this.#complain = complain;
  }

  connect(url: string): void {
    this.#url = url;
    this.#verified = undefined;
  }

  /** Asks for the echo, unless the address has given it. Resolves with what was wrong. */
  async verify(): Promise<string | undefined> {
    if (this.#url === undefined) return 'no address is connected';
    this.#verified ??= this.#askEcho(this.#url);
    const fault = await this.#verified;
    // The address may answer later: the next message asks again.
    if (fault !== undefined) this.#verified = undefined;
    return fault;
  }

  /** Tells that there is something to pull. Resolves `false` after three tries that failed. */
  async notify(kf: string, token: string): Promise<boolean> {
    const fault = await this.verify();
    if (fault !== undefined) {
      this.#complain(fault, 0);
      return false;
    }
    const created = Math.floor(this.#corp.clock.now() / 1000);
    const xml =
      `<xml><ToUserName><![CDATA[${this.#corp.id}]]></ToUserName><CreateTime>${created}</CreateTime>` +
      `<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event>` +
      `<Token><![CDATA[${token}]]></Token><OpenKfId><![CDATA[${kf}]]></OpenKfId></xml>`;
    for (let count = 0; count < TRIES; count += 1) {
      const begun = performance.now();
      if (await this.#push(xml)) return true;
      if (count < TRIES - 1) await this.#pause(this.#resendAfterMs - performance.now() + begun);
      if (this.#stopped.signal.aborted) return false;
    }
    return false;
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #askEcho(url: string): Promise<string | undefined> {
    const clear = String(randomInt(2 ** 47));
    const echostr = seal(clear, this.#corp.id, this.#corp.aesKey);
    const target = this.#signed(url, echostr);
    target.searchParams.set('echostr', echostr);
    try {
      const response = await fetch(target, { signal: this.#within(VERIFY_MS) });
      const body = await response.text();
      if (response.status === 200 && body === clear) return undefined;
      return `the answer is not the clear echostr (HTTP ${response.status})`;
    } catch {
      return `no answer in ${VERIFY_MS} ms`;
    }
  }

  async #push(xml: string): Promise<boolean> {
    const encrypted = seal(xml, this.#corp.id, this.#corp.aesKey);
    const body =
      `<xml><ToUserName><![CDATA[${this.#corp.id}]]></ToUserName>` +
      `<Encrypt><![CDATA[${encrypted}]]></Encrypt><AgentID><![CDATA[]]></AgentID></xml>`;
    try {
      const response = await fetch(this.#signed(this.#url ?? '', encrypted), {
        method: 'POST',
        headers: { 'Content-Type': 'text/xml' },
        body,
        signal: this.#within(this.#resendAfterMs),
      });
      const answer = await response.text();
      if (response.status === 200 && answer === '') return true;
      const why = response.status === 200 ? 'the answer is not empty' : 'not answered with 200';
      this.#complain(why, response.status);
    } catch {
      if (!this.#stopped.signal.aborted) this.#complain('no answer in time', 0);
    }
    return false;
  }

  #signed(url: string, encrypted: string): URL {
    const timestamp = String(Math.floor(this.#corp.clock.now() / 1000));
    const nonce = randomBytes(8).toString('hex');
    const target = new URL(url);
    const signature = signatureOf(this.#corp.token, timestamp, nonce, encrypted);
    target.searchParams.set('msg_signature', signature);
    target.searchParams.set('timestamp', timestamp);
    target.searchParams.set('nonce', nonce);
    return target;
  }

  #within(ms: number): AbortSignal {
    return AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(ms)]);
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stopped;
    await setTimeout(Math.max(0, ms), undefined, { signal }).catch(() => undefined);
  }
}
