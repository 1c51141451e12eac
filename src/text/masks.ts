/** What differs in every message and means the same in all of them: numbers, links, amounts. */

/** What a {@link Mask} stands for. */
export type MaskTerm =
  '<order>' | '<phone>' | '<url>' | '<email>' | '<amount>' | '<number>' | '<code>';

/** A part of a folded text that a term stands for; `end` is the first character behind it. */
export interface Mask {
  readonly start: number;
  readonly end: number;
  readonly term: MaskTerm;
}

const URL_PART =
  '(?<![a-z])[a-z]{2,12}://[\\x21-\\x7e]+|(?<![a-z0-9])www\\.[\\x21-\\x7e]+|' +
  '(?<![a-z0-9@.-])(?:[a-z0-9][a-z0-9-]{0,40}\\.){1,4}(?:com|cn|net|org|shop|top|io|cc|hk|tw)(?![a-z0-9@-]|\\.[a-z])(?:/[\\x21-\\x7e]*)?';
const EMAIL_PART =
  '(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\\.[a-z0-9-]{1,63}){1,8}';
/** Web and mail addresses, in lower case or not. Global: for `replace` and `matchAll` only. */
export const ADDRESSES = new RegExp(`${URL_PART}|${EMAIL_PART}`, 'gi');

const SUM = '\\d{1,3}(?:,\\d{3}){1,4}(?:\\.\\d{1,4})?|\\d{1,12}(?:\\.\\d{1,4})?';
const CURRENCY =
  '美元|美金|港币|港元|欧元|英镑|日元|人民币|(?:rmb|cny|usd|hkd|eur|dollars?|bucks?|yuan|euros?|pounds?|cents?)(?![a-z])';
const NUMERAL = '[零一二两俩三四五六七八九十百千万亿几半廿卅壹贰叁肆伍陆柒捌玖拾佰仟]';
const AMOUNT_PART =
  `(?<![a-z])(?:(?:us|hk|nt)?[$¥€£]|rmb|cny|usd|hkd|人民币) ?(?:${SUM})(?:万|k(?![a-z]))?元?|` +
  `(?<![\\d.a-z]|\\d,)(?:${SUM}) ?[万千百亿kw]?(?:块钱|块\\d?(?!\\d)|元钱?(?:\\d{1,2}[角毛])?|圆|[毛角]钱?|${CURRENCY})|` +
  `(?<!第|${NUMERAL})(?:${NUMERAL}{1,16}(?:块钱|元钱?|圆|毛钱|美元|美金|港币|欧元|英镑)|${NUMERAL}{2,16}块|(?!一)${NUMERAL}块(?!\\p{Script=Han}))`;
const DIGITS_PART =
  '(?<![\\da-z]|\\d[ -])(?:\\d{17}x|20\\d\\d-\\d\\d-\\d\\d-\\d{3}(?!-?\\d)|' +
  '(?!\\d{4}[ -]\\d{1,2}[ -]\\d{1,2}(?!\\d))\\+?\\d(?:[ -]?\\d){5,39})(?![\\da-z])';
const ALOUD_PART =
  '(?<![零〇一二两三四五六七八九幺])[零〇一二两三四五六七八九幺]{8,40}(?![零〇一二两三四五六七八九幺十百千万亿元块])';
const CODE_PART = '(?<![a-z0-9])[a-z0-9]{8,}';

const MASKED = new RegExp(
  `(?<email>${EMAIL_PART})|(?<url>${URL_PART})|(?<amount>${AMOUNT_PART})|` +
    `(?<digits>${DIGITS_PART})|(?<aloud>${ALOUD_PART})|(?<code>${CODE_PART})`,
  'gu',
);
const MAY_MASK =
  /[\d@$¥€£元块圆]|毛钱|www\.|:\/\/|\.(?:c|n|o|s|t|i|h)|[一二三四五六七八九十百千]美|[零〇一二三四五六七八九幺]{8}/u;
const ALOUD = '零一二三四五六七八九';

/**
 * The parts of a text that a term stands for, in order, none over another: web addresses, e-mails,
 * sums of money (`35元`, `¥99`, `二十块`, `$20`, `20 dollars`), order numbers (20 and nine digits),
 * phones, other numbers of six digits or more, codes of letters and digits. Dates are left as they
 * are. It says what a part looks like; whether the number is right is for the entities.
 * @param folded a text as {@link fold} gives it. Linear
 */
export function masksOf(folded: string): readonly Mask[] {
  if (!MAY_MASK.test(folded)) return [];
  const masks: Mask[] = [];
  MASKED.lastIndex = 0;
  for (let match = MASKED.exec(folded); match !== null; match = MASKED.exec(folded)) {
    const found = trimmed(match[0], match.groups?.url !== undefined);
    const term = termOf(found, match.groups ?? {});
    if (term === undefined) {
      MASKED.lastIndex = match.index + (/^\+?[a-z\d]+/.exec(found)?.[0].length ?? found.length);
    } else {
      masks.push({ start: match.index, end: match.index + found.length, term });
      MASKED.lastIndex = match.index + found.length;
    }
  }
  return masks;
}

/** `folded` with the term of each mask in its place. */
export function maskedText(folded: string, masks: readonly Mask[]): string {
  if (masks.length === 0) return folded;
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, term } of masks) {
    parts.push(folded.slice(from, start), term);
    from = end;
  }
  parts.push(folded.slice(from));
  return parts.join('');
}

function trimmed(found: string, isUrl: boolean): string {
  let end = found.length;
  while (isUrl && end > 1 && '.,;:!?)\'"]>}'.includes(found.charAt(end - 1))) end -= 1;
  return found.slice(0, end);
}

function termOf(
  found: string,
  groups: Readonly<Record<string, string | undefined>>,
): MaskTerm | undefined {
  if (groups.email !== undefined) return '<email>';
  if (groups.url !== undefined) return '<url>';
  if (groups.amount !== undefined) return '<amount>';
  if (groups.aloud !== undefined) return numberTerm(inDigits(found)) ?? '<number>';
  if (groups.code !== undefined) return isCode(found) ? '<code>' : undefined;
  return numberTerm(found);
}

function numberTerm(found: string): MaskTerm | undefined {
  const digits = found.replace(/[+ -]/g, '');
  if (/^(?:86|0086)?1[3-9]\d{9}$/.test(digits)) return '<phone>';
  if (/^20\d{9}$/.test(digits)) return '<order>';
  if (/^\+\d[\d -]{6,20}$/.test(found) || /^0[1-9]\d{8,10}$/.test(digits)) return '<phone>';
  if (/^[48]00\d{7}$/.test(digits) || /^\d{3}-\d{3}-\d{4}$/.test(found)) return '<phone>';
  if (digits.length === found.length) return '<number>';
  const long = digits.length >= 8 && found.split(/[ -]/).every((group) => group.length >= 3);
  return long ? '<number>' : undefined;
}

function inDigits(aloud: string): string {
  return Array.from(aloud, (c) =>
    c === '幺' ? '1' : c === '两' ? '2' : String(Math.max(0, ALOUD.indexOf(c))),
  ).join('');
}

/** Letters and at least four digits. */
function isCode(found: string): boolean {
  let digits = 0;
  for (let i = 0; i < found.length; i++) if (found.charCodeAt(i) < 0x3a) digits += 1;
  return digits >= 4 && digits < found.length;
}
