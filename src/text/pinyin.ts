/** Toneless pinyin: how Chinese characters read, and where Latin letters are syllables. */
import readings from 'pinyin-pro/dist/esm/data/dict1.mjs';
import words from 'pinyin-pro/dist/esm/data/dict2.mjs';

/** Finals by initial. `v` is ü. */
const FINALS: Readonly<Record<string, string>> = {
  '': 'a ai an ang ao e en er ou',
  b: 'a ai an ang ao ei en eng i ian iao ie in ing o u',
  c: 'a ai an ang ao e en eng i ong ou u uan ui un uo',
  ch: 'a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo',
  d: 'a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo',
  f: 'a an ang ei en eng o ou u',
  g: 'a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo',
  h: 'a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo',
  j: 'i ia ian iang iao ie in ing iong iu u uan ue un',
  k: 'a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo',
  l: 'a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan ue un uo v ve',
  m: 'a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u',
  n: 'a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan ue uo v ve',
  p: 'a ai an ang ao ei en eng i ian iao ie in ing o ou u',
  q: 'i ia ian iang iao ie in ing iong iu u uan ue un',
  r: 'an ang ao e en eng i ong ou u ua uan ui un uo',
  s: 'a ai an ang ao e en eng i ong ou u uan ui un uo',
  sh: 'a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo',
  t: 'a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo',
  w: 'a ai an ang ei en eng o u',
  x: 'i ia ian iang iao ie in ing iong iu u uan ue un',
  y: 'a an ang ao e i in ing o ong ou u uan ue un',
  z: 'a ai an ang ao e ei en eng i ong ou u uan ui un uo',
  zh: 'a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo',
};
const SYLLABLES: ReadonlySet<string> = new Set(
  Object.entries(FINALS).flatMap(([initial, finals]) => finals.split(' ').map((f) => initial + f)),
);
const LONGEST_SYLLABLE = 6;
/** Longer runs of letters are no words. */
const LONGEST_WORD = 40;
/** Words of trade that the dictionary of two-character words lacks. */
const TRADE: Readonly<Record<string, string>> = {
  还款: 'huan kuan',
  还钱: 'huan qian',
  还货: 'huan huo',
  还给: 'huan gei',
  退还: 'tui huan',
  调货: 'diao huo',
  重发: 'chong fa',
  重寄: 'chong ji',
  重开: 'chong kai',
  重拍: 'chong pai',
  重买: 'chong mai',
  重下: 'chong xia',
};
const TONES = /[\u0300\u0301\u0304\u030c]/gu;

interface Reading {
  readonly main: string;
  /** Read otherwise in some words. */
  readonly several: boolean;
}

const read = new Map<string, Reading>();
const readPairs = new Map<string, readonly string[] | undefined>();

/** Letters without tone marks; ü becomes `v`. */
export function toneless(letters: string): string {
  return letters.normalize('NFD').replaceAll('u\u0308', 'v').replace(TONES, '').normalize('NFC');
}

/**
 * The syllables of Chinese characters, one a character: by word where two characters make one
 * (银行 `yin hang`, 行李 `xing li`), else the most common reading. Empty for a character that has none.
 * Readings are those of pinyin-pro's dictionaries; looked up once a character.
 */
export function syllablesOfHan(chars: readonly string[]): readonly string[] {
  const found = chars.map((char) => readingOf(char));
  const syllables = found.map(({ main }) => main);
  for (let i = 0; i + 1 < chars.length; i++) {
    if (found[i]?.several !== true && found[i + 1]?.several !== true) continue;
    const pair = readingOfPair((chars[i] ?? '') + (chars[i + 1] ?? ''));
    if (pair === undefined) continue;
    [syllables[i], syllables[i + 1]] = [pair[0] ?? '', pair[1] ?? ''];
    i += 1;
  }
  return syllables;
}

function readingOf(char: string): Reading {
  let reading = read.get(char);
  if (reading === undefined) {
    const all = readings.get(char) ?? '';
    reading = { main: toneless(all.split(' ')[0] ?? ''), several: all.includes(' ') };
    read.set(char, reading);
  }
  return reading;
}

function readingOfPair(pair: string): readonly string[] | undefined {
  if (Object.hasOwn(TRADE, pair)) return TRADE[pair]?.split(' ');
  if (!Object.hasOwn(words, pair)) return undefined;
  let reading = readPairs.get(pair);
  if (reading === undefined) {
    reading = toneless(words[pair] ?? '').split(' ');
    readPairs.set(pair, reading);
  }
  return reading;
}

/**
 * Cuts typed pinyin ("kuaidi", "fāpiào", "xi'an") into syllables: as few as may be, then few that
 * begin with a vowel ("shangou" is `shan gou`), then the longest first. Linear.
 * @param letters lower case, without spaces
 * @returns `undefined` where the letters are not wholly syllables
 */
export function syllablesOfLatin(letters: string): readonly string[] | undefined {
  if (letters.length > LONGEST_WORD) return undefined;
  const plain = toneless(letters);
  const parts = plain.includes("'") ? plain.split("'") : [plain];
  const all: string[] = [];
  for (const part of parts) {
    const cut = cutOf(part);
    if (cut === undefined) return undefined;
    all.push(...cut);
  }
  return all;
}

/** From the end: the cheapest cut of what is left from each letter on. */
function cutOf(word: string): readonly string[] | undefined {
  if (SYLLABLES.has(word)) return [word];
  const costs: number[] = [];
  const lengths: number[] = [];
  costs[word.length] = 0;
  for (let i = word.length - 1; i >= 0; i--) {
    costs[i] = Infinity;
    for (let length = Math.min(LONGEST_SYLLABLE, word.length - i); length > 0; length--) {
      if (!SYLLABLES.has(word.slice(i, i + length))) continue;
      const vowel = i > 0 && 'aoe'.includes(word.charAt(i)) ? 1 : 0;
      const cost = (costs[i + length] ?? Infinity) + 100 + vowel;
      if (cost >= (costs[i] ?? Infinity)) continue;
      costs[i] = cost;
      lengths[i] = length;
    }
  }
  if (word === '' || costs[0] === Infinity) return undefined;
  const cut: string[] = [];
  for (let i = 0; i < word.length; i += lengths[i] ?? word.length) {
    cut.push(word.slice(i, i + (lengths[i] ?? word.length)));
  }
  return cut;
}
