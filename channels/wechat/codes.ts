import { ApiError } from '../../src/channel/tencent/api.ts';
import { OutsideError } from '../../src/errors.ts';

/** Codes of https://developers.weixin.qq.com/doc/oplatform/developers/errCode/ that mean something to us. */
export const CODE = {
  badMedia: 40007,
  ipNotAllowed: 40164,
  badAccountType: 40200,
  tooFrequent: 45011,
  outsideWindow: 45015,
  usedUp: 45047,
  noPermission: 48001,
} as const;

/** Codes that a later try can mend, besides -1. */
export const RETRYABLE: readonly number[] = [CODE.tooFrequent];

/** What an operator should know of codes that end a reply. */
const REASONS = new Map<number, string>([
  [40003, 'the customer’s id is not one of this account'],
  [43004, 'the customer does not follow the account any more'],
  [CODE.outsideWindow, 'the customer wrote nothing in 48 hours, or does not follow any more'],
  [CODE.usedUp, 'the replies that WeChat allows after a message are used up'],
  [45009, 'the account’s calls of this day are used up: they begin anew at midnight'],
  [48002, 'the customer blocks messages of this account'],
  [48004, 'WeChat has banned this account’s calls: mp.weixin.qq.com says why'],
  [50002, 'the customer’s account is restricted'],
]);

/** Codes of customers whom nothing reaches, templates included. */
const UNREACHABLE = new Set([40003, 43004, 48002, 50002]);

/** Whether no other reply would reach this customer either. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof ApiError && UNREACHABLE.has(error.errcode);
}

/** Whether the customer has to write before anything but a template may be sent. */
export function isClosed(error: unknown): boolean {
  return hasCode(error, CODE.outsideWindow) || hasCode(error, CODE.usedUp);
}

export function hasCode(error: unknown, code: number): boolean {
  return error instanceof ApiError && error.errcode === code;
}

/** The same error with a reason in plain words, where there is one. */
export function explained(error: OutsideError): OutsideError {
  const reason = error instanceof ApiError ? REASONS.get(error.errcode) : undefined;
  if (!(error instanceof ApiError) || reason === undefined) return error;
  return new OutsideError(`wechat-${error.errcode}`, `${reason} (${error.errcode})`, {
    retryable: error.retryable,
    cause: error,
  });
}

/** The budget is used up, by our own count. */
export function budgetSpent(): OutsideError {
  return new OutsideError(
    'wechat-budget',
    'the 5 replies that WeChat allows within 48 hours of a message (3 in a minute after a menu, a scan ' +
      'or following) are used up; it can be sent again once the customer has written, or as a template ' +
      'where one is configured',
    { retryable: false },
  );
}
