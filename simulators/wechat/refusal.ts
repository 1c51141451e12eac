import { YingdaError } from '../../src/errors.ts';

/** The platform's wording of its codes, as the page of global return codes has them. */
const WORDS: Readonly<Record<number, string>> = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40004: 'invalid media type',
  40005: 'invalid file type',
  40006: 'invalid meida size',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40016: 'invalid button size',
  40017: 'invalid button type',
  40018: 'invalid button name size',
  40019: 'invalid button key size',
  40023: 'invalid sub button size',
  40035: 'invalid parameter',
  40037: 'invalid template_id',
  40066: 'invalid url',
  40125: 'invalid appsecret',
  40200: 'invalid account type',
  41001: 'access_token missing',
  41005: 'media data missing',
  41006: 'media_id missing',
  42001: 'access_token expired',
  43002: 'require POST method',
  43004: 'require subscribe',
  43101: 'user refuse to accept the msg',
  44002: 'empty post data',
  44004: 'empty content',
  45001: 'media size out of limit',
  45002: 'content size out of limit',
  45008: 'article size out of limit',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  45015: 'response out of time limit or subscription is canceled',
  45047: 'out of response count limit',
  45072: 'invalid command',
  45080: 'no interaction with the user in the last 30 seconds',
  45081: 'typing already',
  47001: 'data format error',
  48001: 'api unauthorized',
};

/** A call that the platform refuses with this code. `why` is for the author; callers get the code's own words. */
export class Refusal extends YingdaError {
  override name = 'Refusal';
  readonly errcode: number;

  constructor(errcode: number, why: string = wordsOf(errcode)) {
    super('refused', why);
    this.errcode = errcode;
  }
}

/** What goes into `errmsg`. */
export function wordsOf(errcode: number): string {
  return WORDS[errcode] ?? 'unknown error';
}
