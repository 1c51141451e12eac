/** Chinese numerals, in simplified characters (fold the text first). */

const DIGITS = new Map(
  Object.entries({
    零: 0,
    〇: 0,
    一: 1,
    壹: 1,
    幺: 1,
    二: 2,
    贰: 2,
    两: 2,
    俩: 2,
    三: 3,
    叁: 3,
    仨: 3,
    四: 4,
    肆: 4,
    五: 5,
    伍: 5,
    六: 6,
    陆: 6,
    七: 7,
    柒: 7,
    八: 8,
    捌: 8,
    九: 9,
    玖: 9,
  }),
);
const UNITS = new Map(Object.entries({ 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 }));
const BIG = new Map(Object.entries({ 万: 1e4, 亿: 1e8 }));
const TWENTIES = new Map(Object.entries({ 廿: 20, 卅: 30 }));

const NUMERALS = '零〇一壹二贰两三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万亿';
/** Words of which a numeral is the beginning only: 一下, 二维码, 四川, 十分. */
const WORDS = [
  '零(?=下|食|钱|售|件|部件)',
  '一(?=部分)',
  '一(?=块[儿吃去来走玩])',
  '一(?=[下直样起些点定般共切边旦律向同路会再味面流致带时步])',
  '两(?=边|面)',
  '二(?=维|手|话|胡|奶)',
  '三(?=明|亚|峡|星|无|维|角|轮|文鱼|沙市|脚|思)',
  '四(?=川|处|季|方|肢)',
  '五(?=金|粮|官|湖|花肉|谷)',
  '六(?=安|神|盘水)',
  '七(?=夕|喜|匹狼|台河|嘴)',
  '八(?=卦|宝|角|达)',
  '九(?=江|寨|华|阳)',
  '十(?=分(?!钟)|足|堰)',
  '[百佰](?![元块多余万千件个斤台箱张倍]|$)',
  '[千仟](?![元块多余件个斤台箱张倍]|万(?![别不要记小])|$)',
];
const FIRST = `[${NUMERALS.slice(0, -2)}幺俩仨廿卅]${WORDS.map((word) => `(?<!${word})`).join('')}`;

/**
 * A numeral inside a text, with a half behind it. Words that only look like one are left out: 一下,
 * 一样, 万一, 十分, 星期三, 双十一, 第二, 二维码, 百度.
 */
export const CHINESE_NUMBER = new RegExp(
  `(?<!最后|倒数|[第周星期礼拜统唯双\\d${NUMERALS}点廿卅]|百分之|万(?=一))负?` +
    `(?:半(?=[个天年件打斤箱公小])|${FIRST}[${NUMERALS}]{0,30}(?:点[零〇一二三四五六七八九]{1,9}(?![分刻半]))?(?:[个件天年斤箱]半)?)` +
    `(?![${NUMERALS}]|点[一二三四五六七八九十]|[月日号](?!楼))`,
  'gu',
);

/** Reads one numeral: 三十五, 一千零五, 两万三, 一亿, 二零二六, 三点一四, 负二, 一个半; not 两三 (about). */
export function readChineseNumber(numeral: string): number | undefined {
  if (numeral.startsWith('负')) {
    const positive = readChineseNumber(numeral.slice(1));
    return positive === undefined ? undefined : -positive;
  }
  if (numeral === '半') return 0.5;
  const half = /^(.+?)[个件天年斤箱]?半$/u.exec(numeral)?.[1];
  if (half !== undefined) {
    const whole = readChineseNumber(half);
    return whole === undefined ? undefined : whole + 0.5;
  }
  const [integer = '', fraction] = numeral.split('点');
  const value = readInteger(integer);
  if (value === undefined || fraction === undefined) return value;
  const digits = Array.from(fraction, (c) => DIGITS.get(c));
  if (digits.length === 0 || digits.includes(undefined)) return undefined;
  return Number(`${value}.${digits.join('')}`);
}

function readInteger(numeral: string): number | undefined {
  const chars = Array.from(numeral);
  if (chars.length === 0) return undefined;
  if (chars.length > 1 && chars.every((c) => DIGITS.has(c))) {
    const about = chars.length === 2 && !chars.includes('零') && !chars.includes('〇');
    if (about || chars.length > 15) return undefined;
    return Number(chars.map((c) => DIGITS.get(c)).join(''));
  }
  return readWithUnits(chars);
}

/** What stands before a big unit multiplies it; a last digit right behind a unit counts in tenths of it. */
function readWithUnits(chars: readonly string[]): number | undefined {
  let total = 0;
  let section = 0;
  let digit: number | undefined;
  let lastUnit = 1;
  for (const [i, c] of chars.entries()) {
    const plain = DIGITS.get(c);
    const unit = UNITS.get(c);
    const big = BIG.get(c);
    if (plain !== undefined) {
      if (digit !== undefined && digit !== 0) return undefined;
      digit = plain;
      if (plain === 0) lastUnit = 1;
    } else if (unit !== undefined) {
      if (digit === undefined && unit !== 10 && i > 0) return undefined;
      section += (digit ?? 1) * unit;
      digit = undefined;
      lastUnit = unit;
    } else if (big !== undefined) {
      section += digit ?? 0;
      if (section === 0 && total === 0) return undefined;
      total = big === 1e8 ? (total + section) * big : total + section * big;
      section = 0;
      digit = undefined;
      lastUnit = big;
    } else {
      const twenties = TWENTIES.get(c);
      if (twenties === undefined || digit !== undefined) return undefined;
      section += twenties;
      lastUnit = 1;
    }
  }
  const tail = digit ?? 0;
  const value = total + section + (lastUnit >= 100 ? (tail * lastUnit) / 10 : tail);
  return Number.isSafeInteger(value) ? value : undefined;
}
