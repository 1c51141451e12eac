import { fold } from '../fold.ts';
import { foundAt, type Found } from './found.ts';

/** Longest address, in characters. */
export const LONGEST_ADDRESS = 200;

const PROVINCES =
  '北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|' +
  '广州|深圳|杭州|南京|苏州|成都|武汉|西安|长沙|郑州|青岛|厦门|宁波|东莞|佛山|合肥|济南|福州|昆明|大连|沈阳|无锡';
const REGION = /(?<!超)[省市区县州盟旗](?!场|面|民|别|分|间|域)/gu;
const STREET =
  /(?:街道|大道|大街|胡同|小区|花园|公寓|大厦|广场|家园|社区|新村|苑|路|街|巷|弄|镇|乡|村|(?<![这那哪家店心])里|庄)(?!上|边|过|面)/gu;
const DETAIL =
  /(?:\d{1,6}|[一二三四五六七八九十百a-z]{1,4}) ?[-—]? ?(?:\d{1,5} ?)?(?:号楼|号院|号|栋|幢|座|单元|楼|层|室|弄|巷|组|房|门)/gu;
const NUMBER = /(?<![\d.])\d{1,5}(?![\d.])/;
const KNOWN = new RegExp(PROVINCES, 'g');
const STREET_EN =
  /\b(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|square|plaza|court|place|way|district|building|block|apartment|apt|suite|floor|unit|tower|room|highway|parkway|close|terrace|crescent)\b/g;
const NUMBER_EN = /\b(?:no\.? ?)?\d{1,6}[a-z]?\b/;

/** Signs of an address in a text. */
export interface AddressSigns {
  /** Provinces, cities, districts, roads and the like that are named. */
  readonly places: number;
  /** A house number or the like. */
  readonly detail: boolean;
}

/** Counts what makes a text look like an address; for a folded text. */
export function addressSigns(folded: string): AddressSigns {
  const count = (pattern: RegExp): number => folded.match(pattern)?.length ?? 0;
  const known = count(KNOWN);
  const zh = Math.max(count(REGION), known) + count(STREET);
  const en = count(STREET_EN);
  const detail =
    count(DETAIL) > 0 || (zh > 1 && NUMBER.test(folded)) || (en > 0 && NUMBER_EN.test(folded));
  return { places: zh + en, detail };
}

/** Whether it can be delivered to: a place and, in it, a road, village, building or number. */
export function looksLikeAddress(text: string): boolean {
  const folded = fold(text).text;
  const { places, detail } = addressSigns(folded);
  if (places === 0) return false;
  return detail || (places >= 2 && /[村镇乡]|小区|大厦|公寓|花园|广场/u.test(folded));
}

/** Words that announce another wish. */
const NEXT_WISH =
  /[\s,，。;；、](?:顺便|顺带|顺手|另外|此外|还有|然后|接着|以及|同时|并且|而且|再(?:帮|给|替|麻烦|请)|还(?:要|想|需要|得))|顺便|顺带|[\s,;](?:also|then|plus|by the way|btw|besides)\b/iu;

/** The text up to where an address is followed by another wish ("…100号，顺便开发票"). */
export function withoutNextWish(text: string): string {
  const at = NEXT_WISH.exec(text)?.index;
  if (at === undefined) return text;
  const own = text.slice(0, at).replace(/[\s,，。;；、]+(?:and)?$/iu, '');
  const { places, detail } = addressSigns(fold(text.slice(at)).text);
  return looksLikeAddress(own) && places === 0 && !detail ? own : text;
}

/** How much behind a place may be its street. */
const LONGEST_STREET = 60;
const STREET_STOPS =
  /[,。!?;:\n]|电话|手机|收件|联系|邮编|谢谢|收(?!费)|[的了吗能还怎]|可以|多久|几天|没|包邮|发货/u;
const SIGNS = new RegExp(`${STREET.source}|${DETAIL.source}`, 'gu');
const NUMBER_BEHIND = /^(?:[-\d]{0,8}[号室楼栋]?)/u;

/**
 * Where the street, building and room end that stand at `start` of a folded text, behind a place;
 * `start` itself where none are there.
 */
export function streetEnd(folded: string, start: number): number {
  const rest = folded.slice(start, start + LONGEST_STREET);
  const stop = STREET_STOPS.exec(rest)?.index ?? rest.length;
  let end = 0;
  for (const sign of rest.slice(0, stop).matchAll(SIGNS)) end = sign.index + sign[0].length;
  if (end === 0) return start;
  return start + end + (NUMBER_BEHIND.exec(rest.slice(end, stop))?.[0].length ?? 0);
}

/** A run without marks that end a sentence; commas and spaces may stand inside an address. */
const CLAUSE = /[^。!?;\n]+/g;
const LEAD_IN =
  /^.{0,40}(?:地址|寄到|寄往|寄去|送到|发到|邮到|改成|改为|换成|改到|住在|住)(?:是|为|改成|改为|换成|在|到)?[:, ]*|^.{0,60}\b(?:address (?:is|to|:)|address:|(?:send|ship|deliver|mail) (?:it|them|this) to|change (?:it|the address|my address) to|change to|live (?:at|in)|to|at)\s+(?=.{0,40}\d)/u;
const TAIL = /[,。.!~ ]*(?:谢谢|多谢|麻烦了|谢谢你|谢谢您|收|thanks|thank you|please)[,。.!~ ]*$/u;

/**
 * Addresses in a sentence, only where the evidence is strong: two places or more and a number
 * ("浙江省杭州市西湖区文三路 5 号"; "12 Nanjing Road, Huangpu District").
 */
export function findAddresses(text: string): readonly Found<string>[] {
  const folded = fold(text.slice(0, 2000));
  const founds: Found<string>[] = [];
  for (const clause of folded.text.matchAll(CLAUSE)) {
    const { places, detail } = addressSigns(clause[0]);
    if (places < 2 || !detail || (!NUMBER.test(clause[0]) && !/号|室|栋/.test(clause[0]))) continue;
    const start = clause.index + addressStart(clause[0]);
    const end = clause.index + addressEnd(clause[0]);
    if (end - start < 6 || end - start > LONGEST_ADDRESS) continue;
    const found = foundAt(text, folded, start, end, '');
    founds.push({ ...found, value: found.quote });
  }
  return founds;
}

/** Where the address begins: behind its lead-in ("收货地址改成"), or at its first known place. */
function addressStart(clause: string): number {
  const lead = LEAD_IN.exec(clause)?.[0].length ?? 0;
  const place = new RegExp(PROVINCES).exec(clause)?.index;
  if (
    place !== undefined &&
    place > lead &&
    place - lead < 12 &&
    !/[,\d]/.test(clause.slice(lead, place))
  ) {
    return place;
  }
  return lead;
}

function addressEnd(clause: string): number {
  const tail = TAIL.exec(clause.slice(-20));
  return tail === null ? clause.trimEnd().length : clause.length - tail[0].length;
}
