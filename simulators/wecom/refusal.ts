/**
 * A rule that a caller broke, with the code that it gets.
 * Codes: https://developer.work.weixin.qq.com/document/path/90313
 */
export class Refusal extends Error {
  readonly code: number;

  constructor(code: number, why: string) {
    super(why);
    this.code = code;
  }
}

/** Plain JSON of a call's body. */
export type Fields = Readonly<Record<string, unknown>>;

/** A part of a body that must be an object. @throws Refusal 40058 */
export function part(fields: Fields, name: string): Fields {
  const value = fields[name];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(40058, `${name} is missing or no object`);
  }
  return value as Fields;
}

/**
 * A text field within its limit in UTF-8 bytes.
 * @param least 0 where it may be absent or empty; default 1
 * @throws Refusal 40058 where it is no text or too short, 45002 where it is too long
 */
export function text(fields: Fields, name: string, most: number, least = 1): string {
  const value = fields[name] ?? '';
  if (typeof value !== 'string') throw new Refusal(40058, `${name} is no text`);
  const bytes = Buffer.byteLength(value);
  if (bytes < least) throw new Refusal(40058, `${name} is missing`);
  if (bytes > most) throw new Refusal(45002, `${name} has ${bytes} bytes, at most ${most}`);
  return value;
}

/** A whole number of a body. @throws Refusal 40058 */
export function whole(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new Refusal(40058, `${name} is no whole number`);
}
