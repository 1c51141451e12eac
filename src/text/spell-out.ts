/** Typed pinyin in characters, as far as the words are known. */
import { fold } from './fold.ts';
import { masksOf } from './masks.ts';
import { syllablesOfHan } from './pinyin.ts';
import { isHan } from './script.ts';
import { typedPinyin } from './sounds.ts';
import { TRADE_WORDS } from './trade-words.ts';

/** Words that customers type most, beside those of trade; where two sound alike the first counts. */
const COMMON_WORDS =
  '不要 不想 不用 不需要 不必 没有 需要 想要 怎么 怎样 什么 什么时候 多少 多久 为什么 可以 能不能 可不可以 ' +
  '你好 您好 谢谢 请问 麻烦 帮我 帮忙 现在 已经 还没 还是 暂时 收到 到哪了 哪里 查询 查一下 看一下 修改 更改 ' +
  '取消 撤销 申请 办理 处理 继续 算了 一下 这个 那个 东西 我的 你们 我们 还没到 时候 时间 电话 商品 质量 问题 有问题 ' +
  '人工 服务 留言 工单 重新 到货 没收到 寄到 换个 打算 决定 考虑 放弃';
/** What a syllable that is in none of those words most likely is. */
const SINGLE: Readonly<Record<string, string>> = {
  wo: '我',
  ni: '你',
  nin: '您',
  men: '们',
  de: '的',
  le: '了',
  ma: '吗',
  ba: '吧',
  ne: '呢',
  a: '啊',
  bu: '不',
  bie: '别',
  mei: '没',
  yao: '要',
  xiang: '想',
  yong: '用',
  shi: '是',
  you: '有',
  xian: '先',
  zai: '再',
  jiu: '就',
  hai: '还',
  dou: '都',
  ye: '也',
  gei: '给',
  bang: '帮',
  qing: '请',
  hao: '好',
  neng: '能',
  tui: '退',
  huan: '换',
  gai: '改',
  cha: '查',
  kai: '开',
  mai: '买',
  zhuan: '转',
  zhao: '找',
  dao: '到',
  na: '哪',
  ge: '个',
  qu: '去',
  kan: '看',
  cui: '催',
  ji: '寄',
};
const LONGEST = 5;
const LETTERS = /[a-z\u00c0-\u024f\uff21-\uff5a]/i;

/** Words by their syllables. */
let bySound: ReadonlyMap<string, string> | undefined;

interface Unit {
  readonly start: number;
  readonly end: number;
  readonly syllable: string;
  /** The character, where it was written as one. */
  readonly char?: string;
}

/**
 * A text with typed pinyin in characters: "wo bu yao tuihuo le" is `我不要退货了`, "发piao" `发票`.
 * Words of trade and the most common words are known, the longest first; other syllables stay as they
 * were typed, and so does everything that is no pinyin ({@link typedPinyin}). For classifying and
 * searching, not for showing. Linear.
 * @returns folded text; the text itself, as it is, where it has no typed pinyin
 */
export function spellOut(text: string): string {
  if (!LETTERS.test(text)) return text;
  const folded = fold(text).text;
  const typed = typedPinyin(folded, masksOf(folded));
  if (typed.length === 0) return text;
  const words = (bySound ??= wordsBySound());
  const parts: string[] = [];
  let done = 0;
  const units = unitsOf(folded, typed);
  for (let i = 0; i < units.length;) {
    const [length, word] = longestAt(units, i, words);
    const [first, last] = [units[i], units[i + length - 1]];
    if (first === undefined || last === undefined) break;
    const between = folded.slice(done, first.start);
    parts.push(done > 0 && between === ' ' ? '' : between, word);
    done = last.end;
    i += length;
  }
  const rest = folded.slice(done);
  parts.push(isHan(rest.codePointAt(1) ?? 0) ? rest.trimStart() : rest);
  return parts.join('');
}

/** The known word that begins at a unit, or what the unit alone stands for. */
function longestAt(
  units: readonly Unit[],
  at: number,
  words: ReadonlyMap<string, string>,
): readonly [number, string] {
  const first = units[at];
  let key = first?.syllable ?? '';
  let found: readonly [number, string] = [1, first?.char ?? SINGLE[key] ?? key];
  let typed = first?.char === undefined;
  for (let length = 2; length <= LONGEST; length++) {
    const [before, unit] = [units[at + length - 2], units[at + length - 1]];
    if (before === undefined || unit === undefined || unit.start - before.end > 1) break;
    key += ` ${unit.syllable}`;
    typed ||= unit.char === undefined;
    const word = words.get(key);
    if (word === undefined || !typed) continue;
    const chars = Array.from(word);
    const fits = chars.every((c, k) => (units[at + k]?.char ?? c) === c);
    if (fits) found = [length, word];
  }
  return found;
}

/** Typed syllables and the Chinese characters around them. */
function unitsOf(folded: string, typed: ReturnType<typeof typedPinyin>): readonly Unit[] {
  const units: Unit[] = [];
  let from = 0;
  for (const { start, end, syllables } of typed) {
    addHan(folded, from, start, units);
    const length = (end - start) / syllables.length;
    syllables.forEach((syllable, k) => {
      const last = k === syllables.length - 1;
      units.push({
        start: k === 0 ? start : start + Math.floor(k * length),
        end: last ? end : start + Math.floor((k + 1) * length),
        syllable,
      });
    });
    from = end;
  }
  addHan(folded, from, folded.length, units);
  return units;
}

function addHan(folded: string, from: number, to: number, units: Unit[]): void {
  const chars: string[] = [];
  const starts: number[] = [];
  for (let i = from; i < to;) {
    const char = String.fromCodePoint(folded.codePointAt(i) ?? 0);
    if (isHan(char.codePointAt(0) ?? 0)) {
      chars.push(char);
      starts.push(i);
    }
    i += char.length;
  }
  syllablesOfHan(chars).forEach((syllable, k) => {
    const [start, char] = [starts[k] ?? 0, chars[k] ?? ''];
    units.push({ start, end: start + char.length, syllable, char });
  });
}

function wordsBySound(): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const word of [...COMMON_WORDS.split(' '), ...TRADE_WORDS]) {
    const key = syllablesOfHan(Array.from(word)).join(' ');
    if (!words.has(key)) words.set(key, word);
  }
  return words;
}
