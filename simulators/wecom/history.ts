/**
 * What `sync_msg` reads: messages and events of the last three days, by
 * https://developer.work.weixin.qq.com/document/path/94670
 */
import { createHmac, randomBytes } from 'node:crypto';
import { Refusal, type Fields } from './refusal.ts';

const KEPT_MS = 3 * 86_400_000;
const TOKEN_MS = 10 * 60_000;
const MOST = 1000;
/** Pulls without a token in one minute. The documents say "strict" and give no number. */
const BARE_PULLS = 10;
/** A page with nothing in it although there is more: each so many that had something to give. */
const EMPTY_EVERY = 5;

interface Entry {
  readonly at: number;
  readonly kf: string;
  readonly item: Fields;
}

/** What one pull answers. */
export interface Page {
  readonly next_cursor: string;
  readonly has_more: 0 | 1;
  readonly msg_list: readonly Fields[];
}

/** The history of all accounts of a corporation. */
export class History {
  readonly #key = randomBytes(16);
  readonly #clock: { now(): number };
  readonly #tokens = new Map<string, number>();
  #entries: Entry[] = [];
  #dropped = 0;
  #bare: number[] = [];
  #pages = 0;
  #cursors = 0;

  constructor(clock: { now(): number }) {
    this.#clock = clock;
  }

  add(kf: string, item: Fields): void {
    const at = this.#clock.now();
    const old = this.#entries.findIndex((e) => at - e.at <= KEPT_MS);
    const gone = old === -1 ? this.#entries.length : old;
    this.#entries = this.#entries.slice(gone);
    this.#dropped += gone;
    this.#entries.push({ at, kf, item });
  }

  /** A `Token` for a callback, valid for ten minutes. */
  token(): string {
    const now = this.#clock.now();
    for (const [token, until] of this.#tokens) if (until < now) this.#tokens.delete(token);
    const token = `ENC${randomBytes(24).toString('base64url')}`;
    this.#tokens.set(token, now + TOKEN_MS);
    return token;
  }

  /** Answers one pull. @throws Refusal 40058, 45009 or 95007 */
  pull(body: Fields): Page {
    const { cursor = '', token = '', limit = MOST, open_kfid: kf = '' } = body;
    if (typeof kf !== 'string') throw new Refusal(40058, 'open_kfid is no text');
    if (typeof limit !== 'number' || !(limit >= 1 && limit <= MOST)) {
      throw new Refusal(40058, `limit is not 1 to ${MOST}`);
    }
    this.#checkToken(token);
    const begin = this.#position(cursor, kf);
    const all = this.#entries.slice(Math.max(0, begin - this.#dropped));
    const now = this.#clock.now();
    const mine = (e: Entry): boolean => now - e.at <= KEPT_MS && (kf === '' || e.kf === kf);
    const waiting = all.filter(mine);
    if (waiting.length > 0) this.#pages += 1;
    if (waiting.length > 0 && this.#pages % EMPTY_EVERY === 0) {
      return { next_cursor: this.#cursor(begin, kf), has_more: 1, msg_list: [] };
    }
    const taken = waiting.slice(0, limit);
    const last = taken.at(-1);
    const end = this.#dropped + this.#entries.length;
    const next = waiting.length > limit && last ? positionAfter(all, last, end) : end;
    return {
      next_cursor: this.#cursor(next, kf),
      has_more: waiting.length > limit ? 1 : 0,
      msg_list: taken.map((e) => e.item),
    };
  }

  #checkToken(token: unknown): void {
    const now = this.#clock.now();
    if (token === '') {
      this.#bare = this.#bare.filter((at) => now - at < 60_000);
      if (this.#bare.length >= BARE_PULLS) throw new Refusal(45009, 'too many pulls without token');
      this.#bare.push(now);
      return;
    }
    const until = typeof token === 'string' ? this.#tokens.get(token) : undefined;
    if (until === undefined || until < now) throw new Refusal(95007, 'invalid msgtoken');
  }

  #cursor(position: number, kf: string): string {
    this.#cursors += 1;
    // No two are the same, also where nothing came between them.
    const where = `${position.toString(36)}_${this.#cursors.toString(36)}`;
    return `${where}.${this.#mark(where, kf)}`;
  }

  #position(cursor: unknown, kf: string): number {
    if (cursor === '') return 0;
    const bytes = typeof cursor === 'string' ? Buffer.byteLength(cursor) : Number.POSITIVE_INFINITY;
    const [where = '', mark] = bytes <= 64 ? String(cursor).split('.') : [];
    if (mark !== this.#mark(where, kf)) throw new Refusal(40058, 'invalid cursor');
    return Number.parseInt(where, 36);
  }

  #mark(where: string, kf: string): string {
    const mac = createHmac('sha256', this.#key).update(`${kf} ${where}`);
    return mac.digest('base64url').slice(0, 12);
  }
}

/** The position behind an entry, of those that end at `end`. */
function positionAfter(all: readonly Entry[], last: Entry, end: number): number {
  return end - all.length + all.indexOf(last) + 1;
}
