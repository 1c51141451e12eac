import type { ChannelHealth } from '../../src/channel/channel.ts';
import { ApiError } from '../../src/channel/tencent/api.ts';
import { messageOf } from '../../src/errors.ts';
import type { Kf } from './kf.ts';
import { FORBIDDEN_HINT } from './reasons.ts';

/** A refusal counts as a fault for this long, in ms. */
const RECENT_MS = 10 * 60_000;

/** How the accounts are, for operators. */
export function healthOf(accounts: readonly Kf[]): ChannelHealth {
  const each = accounts.map((kf) => {
    const { ok, notes } = healthOfOne(kf);
    const several = accounts.length > 1;
    return { ok, notes: several ? notes.map((note) => `${kf.account.name}: ${note}`) : notes };
  });
  return { ok: each.every(({ ok }) => ok), notes: each.flatMap(({ notes }) => notes) };
}

function healthOfOne(kf: Kf): ChannelHealth {
  const { lastCallback, lastPull, pullFault, unknownKf, refused, servicers } = kf.facts;
  const now = kf.context.clock.now();
  const ago = (at: number): string => `${Math.max(0, Math.round((now - at) / 1000))} s ago`;
  const notes = [
    lastCallback === undefined
      ? 'No callback has come yet.'
      : `The last callback came ${ago(lastCallback)}.`,
    lastPull === undefined
      ? 'Messages have not been pulled yet.'
      : `Messages were last pulled to their end ${ago(lastPull)}.`,
  ];
  const { fault } = kf.token;
  if (pullFault !== undefined) notes.push(`Messages can't be pulled: ${pullFault}.`);
  if (unknownKf !== undefined) {
    notes.push(`WeCom knows no 客服 account ${unknownKf}: it is not pulled.`);
  }
  if (fault !== undefined) {
    notes.push(`There is no access token: ${messageOf(fault)}.${hintOf(fault)}`);
  }
  const forbidden = refused !== undefined && now - refused < RECENT_MS;
  if (forbidden) notes.push(`Sending was refused ${ago(refused)}: ${FORBIDDEN_HINT}`);
  const off = [...servicers.values()].filter((on) => !on).length;
  if (off > 0) notes.push(`${off} of ${servicers.size} known 接待人员 take no customers.`);
  return { ok: pullFault === undefined && fault === undefined && !forbidden, notes };
}

function hintOf(fault: unknown): string {
  if (!(fault instanceof ApiError)) return '';
  switch (fault.errcode) {
    case 60020:
      return " Add the address of this server to the application's 企业可信IP.";
    case 40001:
      return ' WECOM_KF_SECRET must be the secret of the application that may call 微信客服.';
    case 40013:
      return ' WECOM_CORP_ID is not the id of a corporation.';
    default:
      return '';
  }
}
