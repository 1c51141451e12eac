/** English number words, in lower case. */
import type { NumberSpan } from './number-spans.ts';

const SMALL = new Map(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
    .split(' ')
    .map((word, i) => [word, i]),
);
const TENS = new Map(
  'twenty thirty forty fifty sixty seventy eighty ninety'
    .split(' ')
    .map((word, i) => [word, (i + 2) * 10]),
);
const SCALES = new Map([
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
]);
const WORD = /[a-z]+/g;
/** "the one", "second one", "no one": one is no number there. */
const PRONOUN_BEFORE =
  /\b(?:the|this|that|which|no|any|every|each|last|first|second|third|next|other|another|wrong|right|only|new|old|blue|red|black|white)[ -]$/;

/** Numbers in words: "two hundred and five", "twenty-five", "a dozen", "half", "two and a half". */
export function findEnglishNumbers(text: string): readonly NumberSpan[] {
  const tokens = Array.from(text.matchAll(WORD));
  const spans: NumberSpan[] = [];
  let i = 0;
  while (i < tokens.length) {
    const read = new Reader(text, tokens, i);
    const span = read.span();
    if (span !== undefined) spans.push(span);
    i = Math.max(i + 1, span === undefined ? i + 1 : read.next);
  }
  return spans;
}

class Reader {
  next: number;
  readonly #text: string;
  readonly #tokens: readonly RegExpExecArray[];
  readonly #first: number;

  constructor(text: string, tokens: readonly RegExpExecArray[], first: number) {
    this.#text = text;
    this.#tokens = tokens;
    this.#first = first;
    this.next = first;
  }

  span(): NumberSpan | undefined {
    const value = this.#value();
    const first = this.#tokens[this.#first];
    const last = this.#tokens[this.next - 1];
    if (value === undefined || first === undefined || last === undefined) return undefined;
    const start = first.index;
    const end = last.index + last[0].length;
    if (/\d/.test(this.#text.charAt(start - 1))) return undefined;
    const before = this.#text.slice(Math.max(0, start - 12), start);
    if (first[0] === 'one' && this.next - this.#first === 1 && PRONOUN_BEFORE.test(before)) {
      return undefined;
    }
    return { start, end, value };
  }

  /** The word at `at`, if only a space or a dash stands before it. */
  #word(at: number): string {
    const token = this.#tokens[at];
    if (token === undefined) return '';
    const before = this.#tokens[at - 1];
    if (at > this.#first && before !== undefined) {
      const between = this.#text.slice(before.index + before[0].length, token.index);
      if (between !== ' ' && between !== '-') return '';
    }
    return token[0];
  }

  #value(): number | undefined {
    const word = this.#word(this.next);
    if (word === 'half') return this.#half();
    if (word === 'a' || word === 'an') return this.#article();
    const value = this.#whole();
    if (value === undefined) return undefined;
    if (this.#skip('dozen')) return value * 12;
    if (this.#skip('and', 'a', 'half')) return value + 0.5;
    return value;
  }

  #half(): number {
    this.next += 1;
    return this.#skip('a', 'dozen') ? 6 : 0.5;
  }

  #article(): number | undefined {
    this.next += 1;
    if (this.#skip('dozen')) return 12;
    if (this.#skip('couple') || this.#skip('pair')) return 2;
    if (this.#skip('half')) return 0.5;
    const word = this.#word(this.next);
    if (word !== 'hundred' && !SCALES.has(word)) return undefined;
    return this.#whole(1);
  }

  /** @param given what an article stands for */
  #whole(given?: number): number | undefined {
    let total = 0;
    let section = given;
    for (;;) {
      const word = this.#word(this.next);
      const scale = SCALES.get(word);
      const joined = section !== undefined && word === 'and' ? this.#below(this.next + 1) : 0;
      if (word === 'hundred' && section !== undefined && section < 100) section *= 100;
      else if (scale !== undefined && section !== undefined) {
        total += section * scale;
        section = 0;
      } else if (joined > 0 && (section ?? 0) % 100 === 0) {
        this.next += 1;
        continue;
      } else {
        const part = this.#below(this.next);
        if (part < 0 || (section !== undefined && section % 100 !== 0)) break;
        if (section !== undefined && section === 0 && total === 0) break;
        section = (section ?? 0) + part;
        if (part > 20 && part % 10 !== 0) this.next += 1;
      }
      this.next += 1;
    }
    return section === undefined ? undefined : total + section;
  }

  /** A number below 100 at `at`, -1 where there is none. */
  #below(at: number): number {
    const word = this.#word(at);
    const small = SMALL.get(word);
    if (small !== undefined) return small;
    const tens = TENS.get(word);
    if (tens === undefined) return -1;
    const ones = SMALL.get(this.#word(at + 1)) ?? 0;
    return ones > 0 && ones < 10 ? tens + ones : tens;
  }

  #skip(...words: readonly string[]): boolean {
    if (!words.every((word, i) => this.#word(this.next + i) === word)) return false;
    this.next += words.length;
    return true;
  }
}
