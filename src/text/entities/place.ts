/** Provinces, cities and districts that a text names, with the street behind them. */
import { streetEnd } from './address.ts';
import { findEnglishPlaces } from './english-place.ts';
import { foundAt, type Found } from './found.ts';
import { placesFrom, type Place, type PlaceName } from './place-index.ts';
import { readingOf, type Readable } from './reading.ts';

/** A place, and what stands behind it to find a door there. */
export interface Address extends Place {
  /** Street, number, room, as they were written; empty where none was told. */
  readonly detail: string;
}

/** The quote is the part that names province, city and district; the detail ends at `detailEnd`. */
export interface FoundAddress extends Found<Address> {
  readonly detailEnd: number;
}

/** So many are read in one text. */
const MOST = 20;
const BETWEEN = /[ ,/-]/;
/** What follows a name that is part of a street's or a dish's name, or of a word: no place there. */
const NOT_BEHIND =
  /^(?:[东南西北中]?[路街]|大道|大街|时间|小面|火锅|拉面|烤鸭|鸡饭|口味|口音|味|菜|酱|啤酒|装|茶)/;
/** Short names that are ordinary words too: places only behind a province or a word such as 到. */
const WORDS_TOO = new Set(
  '三明 中山 大同 安康 海口 白银 朝阳 保定 长治 通化 吉安 平安 东方 北海 日照 德阳 安阳 信阳 东营 永州 固原 中卫 天水 海东 山南 来宾 河池 云浮 清远 平凉 吴忠 四平 白山 黄山 泰安 宁德 九江 大庆 延安 广安 安顺 新余 南平 内江 乐山 河源 江门 玉树 海西 海北 海南 黄南 达州 文山 红河 大理 昌都'.split(
    ' ',
  ),
);
const TO_OR_IN = /(?:[到在往去寄发从至]|来自|住|位于|地址[是为:]?|城市[是为:]?|发货地) ?$/;
const IDIOM = /(?:夸下|祝你|祝您|身体)$/;
/** Districts that everyone names without their city and kind. */
const FAMOUS = new Set(
  '浦东 海淀 义乌 昆山 江阴 张家港 常熟 太仓 慈溪 余姚 诸暨 晋江 石狮 福清 都江堰 敦煌 满洲里 香格里拉 徐汇 静安 陆家嘴'.split(
    ' ',
  ),
);

/**
 * Places of mainland China, Hong Kong, Macau and Taiwan that a text names: 广东省深圳市南山区, 北京海淀,
 * 广西, 昆山市, "Nanshan District, Shenzhen". Names are completed to the official ones, what stands above
 * is concluded where there is one possibility (深圳 is in 广东省), and the street behind is the detail.
 * At most 20 of a text.
 */
export function findPlaces(source: Readable): readonly FoundAddress[] {
  const { text, folded } = readingOf(source);
  const founds: FoundAddress[] = [];
  let at = 0;
  while (at < folded.text.length - 1 && founds.length < MOST) {
    const chain = isHan(folded.text, at) ? chainAt(folded.text, at) : undefined;
    if (chain === undefined) {
      at += 1;
      continue;
    }
    const detailEnd = streetEnd(folded.text, chain.end);
    const detail = foundAt(text, folded, chain.end, detailEnd, '').quote;
    const found = foundAt(text, folded, at, chain.end, { ...chain.place, detail });
    founds.push({ ...found, detailEnd: Math.max(found.end, folded.offsets[detailEnd] ?? 0) });
    at = detailEnd;
  }
  for (const { start, end, place } of findEnglishPlaces(folded.text)) {
    const found = foundAt(text, folded, start, end, { ...place, detail: '' });
    founds.push({ ...found, detailEnd: found.end });
  }
  return founds.sort((a, b) => a.start - b.start);
}

interface Chain {
  readonly end: number;
  readonly place: Place;
  readonly depth: number;
}

function isHan(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0x4e00 && unit <= 0x9fff;
}

/** The best reading of place names from `at` on: most levels, then longest. */
function chainAt(text: string, at: number): Chain | undefined {
  const names = namesAt(text, at);
  let best: Chain | undefined;
  for (const name of names) {
    if (!mayBegin(text, at, name)) continue;
    const chain = extended(text, at + name.name.length, [...sameName(names, name)], 1);
    if (best === undefined || isBetter(chain, best)) best = chain;
  }
  return best;
}

function isBetter(a: Chain, b: Chain): boolean {
  return a.depth > b.depth || (a.depth === b.depth && a.end > b.end);
}

function namesAt(text: string, at: number): readonly PlaceName[] {
  return placesFrom(text.slice(at, at + 2)).filter(({ name }) => text.startsWith(name, at));
}

/** All places of a name: 鼓楼区 is in five cities. */
function sameName(names: readonly PlaceName[], one: PlaceName): readonly PlaceName[] {
  return names.filter(({ name, level }) => name === one.name && level === one.level);
}

function mayBegin(text: string, at: number, { name, level, form }: PlaceName): boolean {
  const rest = text.slice(at + name.length, at + name.length + 4);
  if (form === 'full') return level !== 'district' || name.length >= 3;
  if (level === 'district' && !FAMOUS.has(name)) return false;
  if (NOT_BEHIND.test(rest)) return false;
  if (level === 'province' || !WORDS_TOO.has(name)) return true;
  const before = text.slice(Math.max(0, at - 6), at);
  if (IDIOM.test(before)) return false;
  const goesOn = namesAt(text, at + name.length).some(({ form: f }) => f === 'full');
  return goesOn || TO_OR_IN.test(before);
}

/** Goes down from what was read, as far as the text names what lies inside. */
function extended(text: string, end: number, readings: readonly PlaceName[], depth: number): Chain {
  const next = BETWEEN.test(text.charAt(end)) ? end + 1 : end;
  let best: Chain = { end, place: commonOf(readings), depth };
  if (depth >= 3) return best;
  for (const name of namesAt(text, next)) {
    const inside = readings.some((outer) => contains(outer, name));
    const rest = text.slice(next + name.name.length, next + name.name.length + 4);
    if (!inside || (name.form === 'short' && NOT_BEHIND.test(rest))) continue;
    const same = namesAt(text, next).filter(
      (other) => other.name === name.name && readings.some((outer) => contains(outer, other)),
    );
    const chain = extended(text, next + name.name.length, same, depth + 1);
    if (isBetter(chain, best)) best = chain;
  }
  return best;
}

const LEVELS = { province: 0, city: 1, district: 2 } as const;

function contains(outer: PlaceName, inner: PlaceName): boolean {
  if (outer.place.province !== inner.place.province) return false;
  // A municipality is said twice: 北京市北京市朝阳区.
  if (outer.level === 'province' && inner.level === 'province') {
    return outer.place.city !== '' && inner.name === outer.name;
  }
  if (LEVELS[inner.level] <= LEVELS[outer.level]) return false;
  return outer.level === 'province' || outer.place.city === inner.place.city;
}

/** What all readings of a name agree on, the nearest level always. */
function commonOf(readings: readonly PlaceName[]): Place {
  const [first] = readings;
  if (first === undefined) return { province: '', city: '', district: '' };
  const agreed = (key: keyof Place): string =>
    readings.every(({ place }) => place[key] === first.place[key]) ? first.place[key] : '';
  return { province: agreed('province'), city: agreed('city'), district: agreed('district') };
}
