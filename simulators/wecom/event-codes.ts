/**
 * Codes that allow one message on an event, by
 * https://developer.work.weixin.qq.com/document/path/95122
 */
import { randomBytes } from 'node:crypto';
import { Refusal } from './refusal.ts';
import type { Session, State } from './session.ts';

/** What a code is for. */
export type Occasion = 'welcome' | 'queued' | 'accepted' | 'ended';

interface Terms {
  readonly lastsMs: number;
  readonly types: readonly string[];
  /** The state that the session must still be in; absent where it does not matter. */
  readonly state?: State;
}

const TERMS: Readonly<Record<Occasion, Terms>> = {
  welcome: { lastsMs: 20_000, types: ['text', 'msgmenu'] },
  queued: { lastsMs: 48 * 3_600_000, types: ['text'], state: 2 },
  accepted: { lastsMs: 48 * 3_600_000, types: ['text'], state: 3 },
  ended: { lastsMs: 20_000, types: ['text', 'msgmenu'], state: 4 },
};

interface Issued {
  readonly occasion: Occasion;
  readonly session: Session;
  readonly at: number;
}

/** The codes of a corporation that have not been used. The documents give no error code of their own. */
export class EventCodes {
  readonly #clock: { now(): number };
  readonly #issued = new Map<string, Issued>();

  constructor(clock: { now(): number }) {
    this.#clock = clock;
  }

  issue(occasion: Occasion, session: Session): string {
    const at = this.#clock.now();
    for (const [code, old] of this.#issued) {
      if (at - old.at > TERMS[old.occasion].lastsMs) this.#issued.delete(code);
    }
    const code = randomBytes(32).toString('base64url');
    this.#issued.set(code, { occasion, session, at });
    return code;
  }

  /** What a code allows. @throws Refusal 40029 where it is unknown, used or over, 95018 in another state */
  check(code: unknown): { occasion: Occasion; session: Session; types: readonly string[] } {
    const found = typeof code === 'string' ? this.#issued.get(code) : undefined;
    const now = this.#clock.now();
    const terms = found && TERMS[found.occasion];
    if (found === undefined || terms === undefined || now - found.at > terms.lastsMs) {
      throw new Refusal(40029, 'invalid code');
    }
    const { occasion, session } = found;
    if (terms.state !== undefined && session.state(now) !== terms.state) {
      throw new Refusal(95018, `send msg session status invalid: not state ${terms.state}`);
    }
    return { occasion, session, types: terms.types };
  }

  use(code: string): void {
    this.#issued.delete(code);
  }
}
