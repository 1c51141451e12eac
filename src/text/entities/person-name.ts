/** Names of people, where a text says that one is told, or is nothing but one. */
import type { Lang } from '../../message.ts';
import { coreOf } from '../core.ts';
import type { Folded } from '../fold.ts';
import { foundAt, type Found } from './found.ts';
import { readingOf, type Readable } from './reading.ts';
import { NOT_IN_NAMES, NOT_NAMES, surnameLength } from './surnames.ts';

/** No longer text is looked at: who tells a name does not write more before it. */
const LONGEST_TEXT = 1000;
const FILLED = '(?:一定)?(?:要)?(?:是|为|叫|写的?|填的?|改成|改为|换成|改)?';
/** What tells that a name follows. */
const CUE_ZH = new RegExp(
  `(?:我的名字|名字|姓名|户名|(?:收件|收货|联系|收礼|寄件|持卡|下单|购买)人(?:的?姓名|的?名字)?|收件|抬头|称呼)${FILLED}[ :]{0,2}|(?<![帮给替为请让跟和对])我(?:叫做?|是|名叫)[ :]?|(?:免贵|我)姓[ :]?|(?:本人|大名|全名|叫我)(?:是|叫)?[ :]?`,
  'g',
);
const CUE_EN =
  /\b(?:my (?:full )?name is|my (?:full )?name's|(?:the )?(?:recipient|receiver|consignee|customer|contact)(?:'s)?(?: name)?(?: is|:)|(?<!(?:company|product|file|user|shop|store|brand|item) )(?:full )?name(?: is|:| ?(?:是|写|填|改成|改为))|call me|attn:?|under the name(?: of)?|name on the order is|i am|i'm|im|this is|it's|it is) ?/g;
const WEAK_EN = /^(?:i am|i'm|im|this is|it's|it is|call me)/;
/** Cues that introduce other things too, and those that say no word such as 是 between. */
const WEAK_ZH = /^(?:我是|叫我|收件$|抬头|称呼)|(?:人|姓名|名字)$/;
/** 姓欧阳名锋, 免贵姓王. */
const SURNAME_FIRST =
  /姓(\p{Script=Han}{1,2})[,，]? ?(?:单?名|名字?叫?)(?:叫|是)?(\p{Script=Han}{1,2})(?!\p{Script=Han})/gu;
/** 张三收, behind an address. */
const RECEIVES = /(?:^|[,。 \n\d])(\p{Script=Han}{2,4})(?:亲)?收(?=$|[,。. \n])/gu;
const BEHIND =
  /^(?:你|您|他|她|有|的|就|吧|先生|女士|小姐|同学|老师|收|谢|电话|手机|地址|是我|来|昨天|今天|明天|,|麻烦|请|手|联|可以|这|那|在|要|想|买|和|跟|与|呢|啊|呀|哈|啦|不|没|应该)/;
const TITLE = /^(?:先生|女士|小姐|太太|老师|同学)/;
const DOTTED = /^\p{Script=Han}{1,10}(?:[·•・.]\p{Script=Han}{1,10}){1,3}/u;
const LATIN_NAME =
  /^\p{Script=Latin}[\p{Script=Latin}\p{M}'’-]{0,30}\.?(?: (?:\p{Script=Latin}[\p{Script=Latin}\p{M}'’-]{0,30})\.?){0,4}/u;
const PARTICLES = new Set(
  'de da di del della der den van von la le bin al el ibn ter dos st'.split(' '),
);
/** What stands behind "I'm" or alone and is no name, though it may have a capital. */
const NOT_LATIN = new Set(
  (
    'check track send give tell show a an the i you he she it we they me my your his her our their not no yes yeah ok okay on in at to for from with of and or but is are was were be been am this that ' +
    'these those here there what when where why how who which hi hello hey thanks thank please sorry late sure fine good bad great happy sad angry upset wrong right correct ' +
    'incorrect misspelled spelled calling asking looking waiting trying writing having getting going interested afraid glad new old still just very so really also about ' +
    'regarding done ready sick tired back home busy away only always never now today tomorrow yesterday tonight order refund return invoice address phone email help agent human ' +
    'customer service number name shipping delivery package parcel cancel change none nothing nobody anyone skip stop wait want need have has had do does did can could will would ' +
    'should may might must whatever unknown nope terrible awful broken missing damaged defective ridiculous unacceptable urgent important possible impossible like get got monday ' +
    'tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december mr mrs ms miss dr missing one two three iphone visa paypal ' +
    'repeat back cancel quit exit menu options continue never mind don know dont idk same above below usual too more less all any some every free stuck lost confused frustrated disappointed'
  ).split(' '),
);
const END_EN =
  /^(?:$|[.,!?;:)\n，。！？；]|\s*\p{Script=Han}| (?:and|calling|from|here|speaking|with|but|about|my|i|the|on)\b)/u;

/**
 * The name that a text tells: 我叫张三, 姓欧阳名锋, 收件人：李四, "my name is John O'Neil", "I'm Sarah Connor",
 * or a text that is nothing but a name (张三, "john smith"). For slots that ask for one: a family name
 * is all that tells a Chinese name from other words. The value is as it was written, a title left off.
 * Of a text longer than 1,000 characters the beginning is read.
 */
export function findPersonName(source: Readable, lang: Lang = 'zh'): Found<string> | undefined {
  return findNamedPerson(source) ?? bareName(source, lang);
}

/** Like {@link findPersonName}, but only where the text says that it is a name: for any sentence. */
export function findNamedPerson(source: Readable): Found<string> | undefined {
  const { text, folded } = readingOf(source);
  const head = folded.text.slice(0, LONGEST_TEXT);
  const first = SURNAME_FIRST.exec(head);
  SURNAME_FIRST.lastIndex = 0;
  if (first !== null && surnameLength(first[1] ?? '', 0) === first[1]?.length) {
    const found = foundAt(text, folded, first.index, first.index + first[0].length, '');
    return { ...found, value: `${first[1]}${first[2] ?? ''}` };
  }
  const cues = [...head.matchAll(CUE_ZH), ...head.matchAll(CUE_EN)].sort(
    (a, b) => a.index - b.index,
  );
  for (const cue of cues) {
    const start = cue.index + cue[0].length;
    const strict = WEAK_ZH.test(cue[0]) || WEAK_EN.test(cue[0]);
    const length = chineseName(head, start, strict) || latinName(text, folded, start, strict);
    if (length === 0) continue;
    const found = foundAt(text, folded, start, start + length, '');
    return { ...found, value: found.quote };
  }
  for (const match of head.matchAll(RECEIVES)) {
    const [whole, name = ''] = match;
    const start = match.index + whole.indexOf(name);
    if (chineseName(name, 0, true) !== name.length) continue;
    const found = foundAt(text, folded, start, start + name.length, '');
    return { ...found, value: found.quote };
  }
  return undefined;
}

function bareName(source: Readable, lang: Lang): Found<string> | undefined {
  const { text, folded } = readingOf(source);
  if (text.length > 80) return undefined;
  const core = coreOf(text, lang);
  const at = folded.text.indexOf(core);
  if (core === '' || at < 0) return undefined;
  const chinese = chineseName(core, 0, true);
  const plain = /^[a-z]/.test(text.trim());
  if (plain && (core.split(' ').length > 2 || readingOf(source).numbers.length > 0))
    return undefined;
  const whole = chinese > 0 && (chinese === core.length || TITLE.test(core.slice(chinese)));
  const length = whole ? chinese : latinName(text, folded, at, false);
  if (length === 0 || (!whole && length !== core.length)) return undefined;
  const found = foundAt(text, folded, at, at + length, '');
  return { ...found, value: found.quote };
}

/**
 * The length of the Chinese name at `at`, 0 for none.
 * @param strict the words before may introduce other things, so a family name is asked for
 */
function chineseName(text: string, at: number, strict: boolean): number {
  const rest = text.slice(at, at + 40);
  const dotted = DOTTED.exec(rest)?.[0].length ?? 0;
  if (dotted > 0) return dotted;
  const surname = surnameLength(text, at);
  const run = /^\p{Script=Han}{0,8}/u.exec(rest)?.[0] ?? '';
  if (/^[小老阿]/.test(rest) && surnameLength(text, at + 1) === 1) {
    const behind = rest.slice(2);
    if (!/^\p{Script=Han}/u.test(behind) || BEHIND.test(behind)) return 2;
  }
  if (surname === 0) {
    const unknown = !strict && run.length >= 2 && run.length <= 4 && isGiven(run);
    return unknown && run.length === (hanRun(rest) ?? 0) ? run.length : 0;
  }
  if (TITLE.test(rest.slice(surname)))
    return surname + (TITLE.exec(rest.slice(surname))?.[0].length ?? 0);
  let longest = 0;
  for (const given of [2, 1]) {
    const length = surname + given;
    const name = run.slice(0, length);
    if (name.length < length || !isGiven(name.slice(surname))) continue;
    if ([...NOT_NAMES].some((word) => name.startsWith(word))) continue;
    const behind = rest.slice(length);
    if (!/^\p{Script=Han}/u.test(behind) || BEHIND.test(behind)) return length;
    longest = Math.max(longest, length);
  }
  if (longest > 0 && !strict) return longest;
  return surname === run.length && !strict && behindIsOpen(rest.slice(surname)) ? surname : 0;
}

function behindIsOpen(rest: string): boolean {
  return !/^[\p{L}\d]/u.test(rest);
}

function hanRun(text: string): number | undefined {
  return /^\p{Script=Han}+/u.exec(text)?.[0].length;
}

function isGiven(name: string): boolean {
  return !Array.from(name).some((c) => NOT_IN_NAMES.has(c));
}

/**
 * The length (in the folded text) of the name in Latin letters at `start`, 0 for none.
 * @param strict names have capitals there: "I'm late" tells none
 */
function latinName(text: string, folded: Folded, start: number, strict: boolean): number {
  const from = folded.offsets[start] ?? text.length;
  const match = LATIN_NAME.exec(text.slice(from, from + 160));
  if (match === null) return 0;
  const words = match[0].split(' ');
  const kept: string[] = [];
  for (const [i, word] of words.entries()) {
    const plain = word.toLowerCase().replace(/\.$/, '');
    const particle = i > 0 && PARTICLES.has(plain);
    if (NOT_LATIN.has(plain) && !particle) break;
    if (!particle && strict && !/^\p{Lu}/u.test(word)) break;
    kept.push(word);
    if (word.endsWith('.') && word.length > 4) break;
  }
  while (PARTICLES.has((kept.at(-1) ?? '').toLowerCase())) kept.pop();
  const name = kept.join(' ').replace(/(?<=\p{Script=Latin}{3})\.$/u, '');
  const rest = text.slice(from + name.length);
  const capital = /^\p{Lu}/u.test(name);
  if (name.length < 2 || kept.length > 4) return 0;
  if (!END_EN.test(rest) && !(capital && kept.length < words.length)) return 0;
  return foldedLength(folded, start, from + name.length);
}

function foldedLength(folded: Folded, start: number, end: number): number {
  let at = start;
  while (at < folded.text.length && (folded.offsets[at] ?? 0) < end) at += 1;
  return at - start;
}
