import type { ChannelHealth } from '../../src/channel/channel.ts';
import type { AccessToken } from '../../src/channel/tencent/access-token.ts';
import { CODE, hasCode } from './codes.ts';
import { messageOf } from '../../src/errors.ts';
import type { Abilities } from './send.ts';

/** What has happened since the start, for operators. */
export class Stats {
  pushes = 0;
  refused = 0;
  passive = 0;
  active = 0;
  failed = 0;
  lastPushAt: number | undefined;
  lastTokenAt: number | undefined;
}

/** How one account is. */
export function healthOf(parts: {
  readonly name: string;
  readonly stats: Stats;
  readonly token: AccessToken;
  readonly abilities: Abilities;
  readonly mode: string;
  readonly now: number;
}): ChannelHealth {
  const { stats, token, abilities, now } = parts;
  const ago = (at: number): string => `${Math.max(0, Math.round((now - at) / 1000))} s ago`;
  const told = [
    stats.lastPushAt === undefined
      ? 'No callback has come since the start'
      : `The last callback came ${ago(stats.lastPushAt)}`,
    `${stats.pushes} callbacks taken, ${stats.refused} refused`,
    `${stats.passive} replies went inside callbacks, ${stats.active} by call, ${stats.failed} failed`,
    stats.lastTokenAt === undefined
      ? 'No access token has been needed yet'
      : `The access token was renewed ${ago(stats.lastTokenAt)}`,
  ];
  if (token.fault !== undefined) told.push(faultOf(token.fault));
  if (!abilities.active) {
    told.push(
      'WeChat allows this account no replies by call (48001): it answers inside callbacks only',
    );
  } else if (abilities.menu === false) {
    told.push('WeChat allows this account no native menus: choices go as links');
  }
  if (parts.mode === 'plain') told.push('Plain mode: message bodies are not protected');
  return {
    ok: token.fault === undefined,
    notes: told.map((note) => `${parts.name}: ${note}`),
  };
}

function faultOf(fault: unknown): string {
  const why = `The access token can't be renewed: ${messageOf(fault)}`;
  if (!(fault instanceof Error && hasCode(fault.cause, CODE.ipNotAllowed))) return why;
  return `${why}. Add this server's address to the IP allowlist at mp.weixin.qq.com`;
}
