/** Places of China by their English names: "Nanshan District, Shenzhen, Guangdong". */
import { syllablesOfHan } from '../pinyin.ts';
import { districtsOfCity, placesFrom, type Place } from './place-index.ts';

/** Provinces, and cities that letters from abroad name, in their usual spelling. */
const NAMES = new Map(
  (
    'beijing:北京 peking:北京 shanghai:上海 tianjin:天津 chongqing:重庆 hebei:河北 shanxi:山西 liaoning:辽宁 jilin:吉林 heilongjiang:黑龙江 jiangsu:江苏 ' +
    'zhejiang:浙江 anhui:安徽 fujian:福建 jiangxi:江西 shandong:山东 henan:河南 hubei:湖北 hunan:湖南 guangdong:广东 hainan:海南 sichuan:四川 ' +
    'guizhou:贵州 yunnan:云南 shaanxi:陕西 gansu:甘肃 qinghai:青海 guangxi:广西 ningxia:宁夏 xinjiang:新疆 tibet:西藏 xizang:西藏 taiwan:台湾 xian:西安 macau:澳门 macao:澳门 ' +
    'guangzhou:广州 shenzhen:深圳 hangzhou:杭州 nanjing:南京 suzhou:苏州 chengdu:成都 wuhan:武汉 changsha:长沙 zhengzhou:郑州 qingdao:青岛 ' +
    'xiamen:厦门 ningbo:宁波 dongguan:东莞 foshan:佛山 hefei:合肥 jinan:济南 fuzhou:福州 kunming:昆明 dalian:大连 shenyang:沈阳 wuxi:无锡 harbin:哈尔滨 ' +
    'changchun:长春 shijiazhuang:石家庄 taiyuan:太原 nanchang:南昌 nanning:南宁 guiyang:贵阳 lanzhou:兰州 xining:西宁 yinchuan:银川 urumqi:乌鲁木齐 lhasa:拉萨 ' +
    'haikou:海口 sanya:三亚 zhuhai:珠海 wenzhou:温州 quanzhou:泉州 huizhou:惠州 zhongshan:中山 changzhou:常州 xuzhou:徐州 nantong:南通 yantai:烟台 weifang:潍坊 ' +
    'luoyang:洛阳 guilin:桂林 lijiang:丽江 yangzhou:扬州 shaoxing:绍兴 jiaxing:嘉兴 jinhua:金华 zibo:淄博 tangshan:唐山 baotou:包头 hohhot:呼和浩特 shantou:汕头 ' +
    'jiangmen:江门 zhanjiang:湛江 putian:莆田 zhangzhou:漳州 wuhu:芜湖 mianyang:绵阳 yichang:宜昌 xiangyang:襄阳'
  )
    .split(' ')
    .map((pair): [string, string] => {
      const [english = '', chinese = ''] = pair.split(':');
      return [english, chinese];
    }),
);
const TWO_WORDS = new Map([
  ["xi'an", '西安'],
  ['hong kong', '香港'],
  ['inner mongolia', '内蒙古'],
]);
const WORD = /[a-z][a-z']{3,19}/g;
/** A district before its city; the kind is in the second group. */
const BEFORE =
  /\b([a-z']{2,20})(?: ((?!(?:district|county|new)\b)[a-z']{2,20}))?(?: (district|county|new area))?, ?$/;
const BEHIND = /^(?: city| province)?(?:, ?([a-z]{4,12})(?: province)?\b)?(?:, ?china\b)?/;
/** "Nanjing Road", "Peking duck", "Beijing time": no place there. */
const NOT_BEHIND =
  /^ (?:road|rd|street|st|avenue|ave|lane|university|duck|time|noodles?|[a-z]+ (?:road|rd|street))\b/;
const MOST = 10;

/** A place and where it stands in the folded text. */
export interface PlaceSpan {
  readonly start: number;
  readonly end: number;
  readonly place: Place;
}

/**
 * Provinces and larger cities, with the district that stands before its city ("Pudong, Shanghai") and
 * the province behind it. At most 10 of a text.
 * @param folded see `fold`
 */
export function findEnglishPlaces(folded: string): readonly PlaceSpan[] {
  const spans: PlaceSpan[] = [];
  let from = 0;
  for (const match of folded.matchAll(WORD)) {
    if (spans.length >= MOST) break;
    if (match.index < from) continue;
    const span = spanAt(folded, match);
    if (span === undefined) continue;
    from = span.end;
    spans.push(span);
  }
  return spans;
}

function spanAt(folded: string, match: RegExpExecArray): PlaceSpan | undefined {
  const name = nameAt(folded, match);
  const city = name === undefined ? undefined : placeOf(name.chinese);
  if (name === undefined || city === undefined) return undefined;
  const rest = folded.slice(name.end, name.end + 60);
  if (NOT_BEHIND.test(rest)) return undefined;
  const behind = BEHIND.exec(rest);
  const outer = behind?.[1] === undefined ? undefined : placeOf(NAMES.get(behind[1]) ?? '');
  const isOuter = behind?.[1] === undefined || outer?.province === city.province;
  const end = name.end + (isOuter ? (behind?.[0].length ?? 0) : 0);
  const before = folded.slice(Math.max(0, match.index - 60), match.index);
  const district = districtBefore(before, city);
  if (district === undefined) return { start: match.index, end, place: city };
  return { start: match.index - district.length, end, place: district.place };
}

function nameAt(
  folded: string,
  match: RegExpExecArray,
): { readonly chinese: string; readonly end: number } | undefined {
  const one = NAMES.get(match[0]) ?? TWO_WORDS.get(match[0]);
  if (one !== undefined) return { chinese: one, end: match.index + match[0].length };
  for (const [words, chinese] of TWO_WORDS) {
    if (folded.startsWith(words, match.index)) return { chinese, end: match.index + words.length };
  }
  return undefined;
}

/** The place of a short name, a province before a city of its name. */
function placeOf(short: string): Place | undefined {
  const names = placesFrom(short.slice(0, 2)).filter(({ name }) => name === short);
  const found = names.find(({ level }) => level === 'province') ?? names[0];
  return found?.place;
}

function districtBefore(
  before: string,
  city: Place,
): { readonly length: number; readonly place: Place } | undefined {
  const match = BEFORE.exec(before);
  if (match === null || city.city === '') return undefined;
  const [whole, first = '', second, kind] = match;
  const tries = [
    { letters: first + (second ?? ''), skip: 0 },
    ...(second === undefined ? [] : [{ letters: second, skip: first.length + 1 }]),
  ];
  for (const { letters, skip } of tries) {
    const plain = letters.replaceAll("'", '');
    const found = districtsOfCity(city.city).find(({ name, form }) => {
      if (form === 'full' && kind !== undefined) return false;
      return syllablesOfHan(Array.from(name)).join('') === plain;
    });
    if (found !== undefined) return { length: whole.length - skip, place: found.place };
  }
  return undefined;
}
