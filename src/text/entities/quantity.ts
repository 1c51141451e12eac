import { foundAt, type Found } from './found.ts';
import { readingOf, type Readable } from './reading.ts';

/** A count or a measure. */
export interface Quantity {
  readonly amount: number;
  /** As it was written: 件, `boxes`, `kg`. */
  readonly unit: string;
  /** More was said than the number: 20多岁. */
  readonly about?: true;
}

const LONG_ZH =
  '平方公里 平方米 立方米 公斤 千克 毫克 公里 千米 厘米 毫米 毫升 公升 英寸 英尺 公分 平米 千瓦 个小时 小时 个钟头 钟头 分钟 秒钟 ' +
  '个星期 个礼拜 星期 礼拜 个月 人份 人次';
/** Measure words, each with what must not follow it: 个人 and 件 are, 个性 and 部分 are not. */
const SHORT_ZH =
  '个:性体 件 双:十 台:湾风阶北 部:分门 张 份:量 箱 包:邮括 瓶 本:来身人 条:件款 套:路 只:有是要能想收剩好 支:付持 盒 斤 克 米 ' +
  '次:日元品 位:置 把:握 块:儿 片 颗 粒 袋 桶 罐 卷 串 根:本据 顶 枚 副 对:不应方吗的了 组 批 打:折电开扰不 辆 棵 朵 幅 册 封 捆 筒 ' +
  '提:供前示 板 排 枝 杯 碗 盘 壶 滴 趟 遍 笔 单:独号价 款 种 项:目 层 吨 升:级 寸 尺:码寸 度 天:猫气津 周:一二三四五六日末年 岁 人:民工 名:字称 季 秒 页 章 袭 匹 头 桌 间 栋 家:里';
const LATIN = 'kg kgs g mg lb lbs oz ml l cl cm mm m km ft inch inches';
const WORDS =
  'pieces piece pcs pc items item units unit boxes box pairs pair sets set bottles bottle bags bag packs pack packets packet packages package ' +
  'parcels parcel cartons carton cases cups cup cans can jars jar tubes tube rolls roll sheets sheet copies copy kilos kilo kilograms kilogram ' +
  'grams gram pounds pound ounces ounce litres litre liters liter metres metre meters meter centimetres centimeters feet foot yards yard slices ' +
  'bundles bundle crates crate barrels dozens tins tin sticks stick tablets tablet capsules people persons hours hour minutes minute days day ' +
  'weeks week months month years year times orders order';
/** Spans of time after "in" or before "ago" and the like are dates, which `findEntities` prefers. */
const words = (list: string): string => list.split(' ').join('|');
const zh = SHORT_ZH.split(' ').map((entry) => {
  const [unit = '', not] = entry.split(':');
  return not === undefined ? unit : `${unit}(?![${not}])`;
});
const UNIT = new RegExp(
  `[多来几余]? ?(?:(${words(LONG_ZH)}|${zh.join('|')})|(${words(LATIN)})(?![a-z0-9'])|[ -]?(${words(WORDS)})(?![a-z0-9']))`,
  'y',
);
const ARTICLE = new RegExp(`\\ban? (${words(WORDS)})(?= of\\b)`, 'g');
/** 一块 before what people do together. */
const TOGETHER = /^一块[吃去来走玩买用做看寄发退下拍送付算结]/;
const MORE = /[多来几余] ?$/;
const HALF = /([个件天年斤箱])半$/u;

/**
 * Counts and measures in the order they stand: 两件, 3双, 一个半小时, "2 boxes", `5kg`, "a pair of". Words
 * that only begin like one (一部分, 5G) are none, nor is a number without a unit.
 */
export function findQuantities(source: Readable): readonly Found<Quantity>[] {
  const { text, folded, numbers } = readingOf(source);
  const founds: Found<Quantity>[] = [];
  const add = (start: number, end: number, amount: number, unit: readonly [number, number]) => {
    if (TOGETHER.test(folded.text.slice(start, end + 1))) return;
    const written = foundAt(text, folded, unit[0], unit[1], '').quote;
    // "5G" and "16G" are no grams.
    if (written !== 'G' && written !== 'M') {
      const about = MORE.test(folded.text.slice(start, unit[0])) ? { about: true as const } : {};
      founds.push(foundAt(text, folded, start, end, { amount, unit: written, ...about }));
    }
  };
  for (const { start, end, value } of numbers) {
    if (value < 0) continue;
    UNIT.lastIndex = end;
    const match = UNIT.exec(folded.text);
    const unit = match?.[1] ?? match?.[2] ?? match?.[3];
    // "five g" is nothing.
    const said = match?.[2] !== undefined && !/\d/.test(folded.text.charAt(start));
    if (match !== null && unit !== undefined && !said) {
      const stop = end + match[0].length;
      add(start, stop, value, [stop - unit.length, stop]);
      continue;
    }
    const half = HALF.exec(folded.text.slice(Math.max(start, end - 2), end));
    if (half !== null) add(start, end, value, [end - 2, end - 1]);
  }
  for (const match of folded.text.matchAll(ARTICLE)) {
    const stop = match.index + match[0].length;
    add(match.index, stop, 1, [stop - (match[1]?.length ?? 0), stop]);
  }
  return founds.sort((a, b) => a.start - b.start);
}
