/** What a message says, without how politely it says it. */
import type { Lang } from '../message.ts';
import { fold } from './fold.ts';

interface Fillers {
  /** Parts between marks that say nothing by themselves. */
  readonly alone: ReadonlySet<string>;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const words = (list: string): readonly string[] =>
  list.split('|').sort((a, b) => b.length - a.length);

const CHINESE: Fillers = {
  alone: new Set(
    words(
      '谢谢|谢谢你|谢谢您|谢谢了|多谢|感谢|非常感谢|谢了|谢啦|辛苦了|辛苦|麻烦了|麻烦你了|麻烦您了|拜托|拜托了|' +
        '你好|您好|你好呀|你们好|哈喽|嗨|喂|亲|亲亲|客服|在吗|在么|请问|请问一下|不好意思|抱歉|' +
        '嗯|嗯嗯|呃|额|哦|噢|啊|唉|哎|那个|这个|就是|那|好的|好|好吧',
    ),
  ),
  before: words(
    '麻烦您帮我|麻烦你帮我|麻烦帮我|麻烦您|麻烦你|麻烦|请问一下|请问下|请问|请帮我|请您|请你|请|拜托|帮我|帮忙|' +
      '你好|您好|亲|不好意思|嗯嗯|嗯|呃|额|哦|噢|啊|唉|哎|诶|欸|那个|那就|那|我想问一下|我想问下|想问一下|想问下|' +
      '问一下|问下|谢谢',
  ),
  after: words(
    '谢谢你|谢谢您|谢谢了|谢谢|多谢|谢了|辛苦了|拜托了|麻烦了|看一下|看下|一下|下吧|' +
      '啊|呀|哦|噢|喔|哈|啦|吧|嘛|呗|哟|唉|诶|欸|呃|哒|嗯|亲',
  ),
};

const ENGLISH: Fillers = {
  alone: new Set(
    words(
      'please|pls|plz|thanks|thank you|thank you very much|thanks a lot|many thanks|thx|ty|cheers|' +
        'hi|hello|hey|hi there|hello there|good morning|good afternoon|good evening|sorry|excuse me|' +
        'um|umm|uh|er|erm|hmm|hm|well|so|oh|ah|ok|okay|right|you know|like|actually',
    ),
  ),
  before: words(
    'could you please|can you please|would you please|could you|can you|would you|will you|please|pls|plz|kindly|' +
      'hi there|hello there|hi|hello|hey|sorry|excuse me|um|umm|uh|er|erm|hmm|hm|well|so|oh|ah|actually|just',
  ),
  after: words(
    'thank you very much|thank you so much|thank you|thanks a lot|thanks|thx|ty|cheers|please|pls|plz|then|lol',
  ),
};

/** People who write Chinese mix in "please" and "ok"; the other way round is rare. */
const FILLERS: Readonly<Record<Lang, readonly Fillers[]>> = {
  zh: [CHINESE, ENGLISH],
  en: [ENGLISH],
};

/**
 * The message without politeness, fillers, trailing particles and marks, in one spelling: for
 * comparing whole messages. A message that is nothing but politeness stays as it is ("谢谢").
 */
export function coreOf(text: string, lang: Lang): string {
  const parts = partsOf(fold(text).text);
  return joined(substance(parts, lang)) || joined(parts);
}

/** Like {@link coreOf}, but empty where nothing of substance was said. */
export function substanceOf(text: string, lang: Lang): string {
  return joined(substance(partsOf(fold(text).text), lang));
}

function substance(parts: readonly string[], lang: Lang): readonly string[] {
  return parts.map((part) => stripped(part, lang)).filter((part) => part !== '');
}

function stripped(part: string, lang: Lang): string {
  const fillers = FILLERS[lang];
  if (CHINESE.alone.has(part) || ENGLISH.alone.has(part)) return '';
  let start = 0;
  let end = part.length;
  for (;;) {
    while (part[start] === ' ') start += 1;
    while (end > start && part[end - 1] === ' ') end -= 1;
    const before = first(fillers, (f) => f.before.find((word) => beginsAt(part, word, start, end)));
    if (before !== undefined) {
      start += before.length;
      continue;
    }
    const after = first(fillers, (f) => f.after.find((word) => endsAt(part, word, start, end)));
    if (after === undefined) return part.slice(start, end);
    end -= after.length;
  }
}

function first(
  fillers: readonly Fillers[],
  find: (filler: Fillers) => string | undefined,
): string | undefined {
  for (const filler of fillers) {
    const found = find(filler);
    if (found !== undefined) return found;
  }
  return undefined;
}

function beginsAt(part: string, word: string, start: number, end: number): boolean {
  if (start + word.length > end || !part.startsWith(word, start)) return false;
  return !isLatin(word.charCodeAt(0)) || !isLatin(part.charCodeAt(start + word.length));
}

function endsAt(part: string, word: string, start: number, end: number): boolean {
  const at = end - word.length;
  if (at < start || !part.startsWith(word, at)) return false;
  return !isLatin(word.charCodeAt(0)) || at === start || !isLatin(part.charCodeAt(at - 1));
}

/** The parts between marks; a mark inside a number, a word or an address ("1.5", "don't") is none. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && !isMark(text, i)) continue;
    const part = text.slice(from, i).trim();
    if (part !== '') parts.push(part);
    from = i + 1;
  }
  return parts;
}

const MARKS = new Set('!?,.;:~。、，！？；：…"\'()[]{}<>《》【】「」“”*`|');

function isMark(text: string, i: number): boolean {
  if (!MARKS.has(text.charAt(i))) return false;
  return !(isLatin(text.charCodeAt(i - 1)) && isLatin(text.charCodeAt(i + 1)));
}

function joined(parts: readonly string[]): string {
  return parts.join(' ').replace(/(?<=\p{Script=Han}) | (?=\p{Script=Han})/gu, '');
}

/** A letter or digit, of the folded Latin alphabet. */
function isLatin(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x7a);
}
