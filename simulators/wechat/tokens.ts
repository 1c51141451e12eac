import { randomBytes } from 'node:crypto';
import { Refusal } from './refusal.ts';

/** The account's access tokens. */
export interface Tokens {
  /** Answers `stable_token`. @throws Refusal */
  issue(order: Readonly<Record<string, unknown>>): { access_token: string; expires_in: number };
  /** @throws Refusal where the token does not open the API now */
  check(token: string | null): void;
}

const LIFE_MS = 7_200_000;
/** Both the old and the new one are good for so long. */
const HANDOVER_MS = 300_000;
const FORCED_A_DAY = 20;
const FORCED_APART_MS = 30_000;
const DAY_MS = 86_400_000;

/**
 * Rules of `getStableAccessToken`: the same token until its last five minutes, then a new one beside it;
 * a forced one ends the others at once, at most 20 a day, and within 30 s of the last one it changes nothing.
 */
export function createTokens(
  { appId, appSecret }: { appId: string; appSecret: string },
  clock: { now(): number },
): Tokens {
  const issued = new Map<string, { until: number }>();
  let current = '';
  let forced: number[] = [];

  function make(now: number): string {
    for (const [token, { until }] of issued) if (until < now - DAY_MS) issued.delete(token);
    const token = `${Math.floor(now / 1000)}_${randomBytes(60).toString('base64url')}`;
    issued.set(token, { until: now + LIFE_MS });
    return token;
  }

  return {
    issue(order) {
      if (order.grant_type !== 'client_credential') throw new Refusal(40002);
      if (order.appid !== appId) throw new Refusal(40013);
      if (order.secret !== appSecret) throw new Refusal(40125);
      const now = clock.now();
      const left = (issued.get(current)?.until ?? 0) - now;
      if (order.force_refresh === true) {
        forced = forced.filter((at) => now - at < DAY_MS);
        const last = forced.at(-1);
        if (last === undefined || now - last >= FORCED_APART_MS) {
          if (forced.length >= FORCED_A_DAY) throw new Refusal(45009, '20 forced refreshes a day');
          forced.push(now);
          issued.clear();
          current = make(now);
        }
      } else if (left <= HANDOVER_MS) {
        current = make(now);
      }
      const until = issued.get(current)?.until ?? now;
      return { access_token: current, expires_in: Math.floor((until - now) / 1000) };
    },
    check(token) {
      if (token === null || token === '') throw new Refusal(41001);
      if (!/^\d+_[\w-]{80}$/u.test(token)) throw new Refusal(40014);
      const known = issued.get(token);
      if (known === undefined) throw new Refusal(40001);
      if (clock.now() >= known.until) throw new Refusal(42001);
    },
  };
}
