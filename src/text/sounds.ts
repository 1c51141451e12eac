/** How a message sounds: pairs of syllables, whether typed as characters, as pinyin or as both. */
import { ENGLISH_LIKE_PINYIN } from './english-words.ts';
import type { Mask } from './masks.ts';
import { syllablesOfHan, syllablesOfLatin } from './pinyin.ts';
import { isHan } from './script.ts';

/** Latin letters that are typed pinyin. */
export interface TypedPinyin {
  readonly start: number;
  readonly end: number;
  readonly syllables: readonly string[];
}

/** Characters or letters that follow each other without anything but spaces between them. */
interface Token {
  readonly start: number;
  readonly end: number;
  readonly han: boolean;
  /** For Latin letters: absent where they are no syllables. */
  readonly syllables?: readonly string[] | undefined;
  /** An English word as well. */
  readonly english: boolean;
  /** Nothing, not even a space, before it that is a Chinese character; and behind it. */
  readonly glued: boolean;
}

const LATIN_WORD = /[a-z\u00e0-\u024f][a-z\u00e0-\u024f']*/y;
const RUN = /[^\d\p{P}\p{S}]+(?:['-][^\d\p{P}\p{S}]+)*/gu;
/** Fewer syllables, or fewer different ones ("hahaha"), are no Chinese message. */
const CHINESE_MESSAGE = 3;
/** What Chinese customers type in two syllables and nobody writes in English. */
const CHINESE_WORDS: ReadonlySet<string> = new Set(
  'fapiao nihao xiexie zaima zaijian tuihuo tuikuan huanhuo kuaidi dingdan danhao quxiao kefu tousu dizhi wuliu fahuo rengong zhuanrengong keyi haode buyao meiyou xiexieni youhui'.split(
    ' ',
  ),
);

/**
 * Pairs of toneless syllables, in order: `fa piao` for 发票, 发piao, fapiao and "fa piao"; 快弟 and
 * 快递 give the same. Characters and typed pinyin next to each other are read as one; spaces do not
 * part them, marks, numbers and English words do.
 * @param folded a text as {@link fold} gives it
 * @param masks what is no word in it
 */
export function soundsOf(folded: string, masks: readonly Mask[]): readonly string[] {
  const sounds: string[] = [];
  const runs = runsOf(folded, masks);
  const whole = isWhole(runs);
  for (const run of runs) {
    const pinyin = new Set(pinyinTokens(run, whole));
    let before = '';
    for (const token of run) {
      let said: readonly string[] = pinyin.has(token) ? (token.syllables ?? []) : [''];
      if (token.han) said = syllablesOfHan(Array.from(folded.slice(token.start, token.end)));
      for (const syllable of said) {
        if (before !== '' && syllable !== '') sounds.push(`${before} ${syllable}`);
        before = syllable;
      }
    }
  }
  return sounds;
}

/**
 * Where a folded text is typed pinyin: next to Chinese characters, two syllables or more that are no
 * English word, or a message that is nothing else.
 */
export function typedPinyin(folded: string, masks: readonly Mask[]): readonly TypedPinyin[] {
  const runs = runsOf(folded, masks);
  const whole = isWhole(runs);
  return runs.flatMap((run) =>
    pinyinTokens(run, whole).map(({ start, end, syllables }) => ({
      start,
      end,
      syllables: syllables ?? [],
    })),
  );
}

/**
 * Whether a text without Chinese characters is Chinese typed in pinyin: three different syllables or more, most
 * of them no English words ("wo yao tui huo"), or a word that only Chinese customers type ("tuihuo").
 * Names are not: "Wang Xiaoming".
 */
export function isPinyinMessage(text: string): boolean {
  const written = text.normalize('NFC');
  const words = written.match(/[a-z\u00c0-\u024f']+/gi);
  if (words === null || /[^\s\p{P}\p{S}\p{N}a-z\u00c0-\u024f]/iu.test(written)) return false;
  const lower = words.map((word) => word.toLowerCase());
  if (CHINESE_WORDS.has(lower.join(''))) return true;
  if (words.length > 1 && words.every((word) => /^\p{Lu}\p{Ll}/u.test(word))) return false;
  return mostlyPinyin(lower.map((word) => ({ english: isEnglish(word), syllables: cut(word) })));
}

function mostlyPinyin(words: readonly Pick<Token, 'english' | 'syllables'>[]): boolean {
  let all = 0;
  let chinese = 0;
  const different = new Set<string>();
  for (const { english, syllables } of words) {
    if (syllables === undefined) return false;
    all += syllables.length;
    for (const syllable of syllables) different.add(syllable);
    if (!english) chinese += syllables.length;
  }
  return different.size >= CHINESE_MESSAGE && chinese * 2 > all;
}

/** Whether all that a message says is pinyin. */
function isWhole(runs: readonly (readonly Token[])[]): boolean {
  return runs.every((run) => run.every(({ han }) => !han)) && mostlyPinyin(runs.flat());
}

/** The tokens of a run that are pinyin. */
function pinyinTokens(run: readonly Token[], whole: boolean): readonly Token[] {
  if (whole) return run;
  const found: Token[] = [];
  let i = 0;
  while (i < run.length) {
    let end = i;
    while (end < run.length && run[end]?.syllables !== undefined) end += 1;
    if (end === i) {
      i += 1;
      continue;
    }
    let [from, to] = [i, end];
    while (from < to && run[from]?.english === true) from += 1;
    while (to > from && run[to - 1]?.english === true) to -= 1;
    const words = run.slice(from, to);
    const syllables = words.reduce((sum, word) => sum + (word.syllables?.length ?? 0), 0);
    if (syllables >= 2 || words[0]?.glued === true) found.push(...words);
    i = end;
  }
  return found;
}

function runsOf(folded: string, masks: readonly Mask[]): readonly (readonly Token[])[] {
  const runs: (readonly Token[])[] = [];
  let from = 0;
  for (const { start, end } of [...masks, { start: folded.length, end: folded.length }]) {
    for (const match of folded.slice(from, start).matchAll(RUN)) {
      const run = tokensOf(folded, from + match.index, from + match.index + match[0].length);
      if (run.length > 0) runs.push(run);
    }
    from = end;
  }
  return runs;
}

function tokensOf(folded: string, from: number, to: number): readonly Token[] {
  const tokens: Token[] = [];
  let i = from;
  while (i < to) {
    const start = i;
    while (i < to && isHan(folded.codePointAt(i) ?? 0)) i += width(folded, i);
    if (i > start) {
      tokens.push({ start, end: i, han: true, english: false, glued: false });
      continue;
    }
    LATIN_WORD.lastIndex = i;
    const word = LATIN_WORD.exec(folded)?.[0].slice(0, to - i) ?? '';
    if (word === '') {
      const between = folded.charAt(i);
      i += width(folded, i);
      if (!/[ '-]/.test(between)) tokens.push(other(start, i));
      continue;
    }
    i += word.length;
    tokens.push({
      start,
      end: i,
      han: false,
      syllables: cut(word),
      english: isEnglish(word),
      glued: hanBefore(folded, start) || isHan(folded.codePointAt(i) ?? 0),
    });
  }
  return tokens;
}

/** Letters of another alphabet part what stands on either side of them. */
function other(start: number, end: number): Token {
  return { start, end, han: false, english: false, glued: false };
}

function cut(word: string): readonly string[] | undefined {
  return syllablesOfLatin(word.replace(/'+$/, ''));
}

function isEnglish(word: string): boolean {
  return word.length === 1 || ENGLISH_LIKE_PINYIN.has(word);
}

function hanBefore(text: string, i: number): boolean {
  if (i === 0) return false;
  const low = text.charCodeAt(i - 1);
  return isHan(low >= 0xdc00 && low <= 0xdfff ? (text.codePointAt(i - 2) ?? 0) : low);
}

function width(text: string, i: number): number {
  return (text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1;
}
