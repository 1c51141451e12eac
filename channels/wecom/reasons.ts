import { ApiError } from '../../src/channel/tencent/api.ts';
import { OutsideError } from '../../src/errors.ts';
import type { Way } from './session.ts';

/** Sending is not allowed in the session's state. */
export const FORBIDDEN = 95018;
/** The session has ended; the move is not possible. */
export const ENDED = 95013;
export const NO_MOVE = 95016;

/** Why 95018 comes and what to do about it, for operators. */
export const FORBIDDEN_HINT =
  'while a 接待人员 is on duty, new sessions may begin with that person (state 3), and WeCom refuses what the API sends (95018). ' +
  'Mend it in the 微信客服 settings: let the API (智能助手) take new sessions first, or take the 接待人员 off duty.';

/** Why nothing can be said in this state of the session; `undefined` where it can. */
export function silenceOf(way: Way): OutsideError | undefined {
  switch (way) {
    case 'human':
      return never('wecom-human', `A person has the session in WeCom: ${FORBIDDEN_HINT}`);
    case 'queued':
      return never('wecom-queued', 'The customer waits for a person: WeCom lets nothing be sent');
    case 'ended':
      return never(
        'wecom-ended',
        'The session has ended: WeCom lets nothing be sent until the customer writes again',
      );
    default:
      return undefined;
  }
}

/** No more messages may be sent for what the customer wrote. */
export function overBudget(): OutsideError {
  return never('wecom-budget', 'WeCom takes 5 messages in 48 hours for one of the customer');
}

/** A refusal of a send in words that say what it is, where there are better ones than WeCom's. */
export function explained(error: OutsideError): OutsideError {
  if (!(error instanceof ApiError)) return error;
  switch (error.errcode) {
    case 95001:
      return overBudget();
    case 95002:
    case 95031:
      return never('wecom-window', 'More than 48 hours have passed since the customer wrote');
    case FORBIDDEN:
      return never('wecom-95018', `WeCom refused the message: ${FORBIDDEN_HINT}`);
    default:
      return error;
  }
}

/** WeCom has a message with this `msgid` already. No code of its own is documented. */
export function isRepeated({ errmsg }: ApiError): boolean {
  return /msg_?id/i.test(errmsg) && /dup|repeat|exist|used/i.test(errmsg);
}

export function never(code: string, message: string): OutsideError {
  return new OutsideError(code, message, { retryable: false });
}
