import { z } from 'zod';
import type { Lang } from '../message.ts';
import { parseTemplate } from './template.ts';
import { addFault, sentence } from './text-leaf.ts';

/** Channel name under which the answer for every other channel stands. */
const DEFAULT = 'default';
const CHANNEL = /^[a-z][a-z0-9-]{0,40}$/;

/** Texts by channel, then by language. */
export type Answers = ReadonlyMap<string, Readonly<Partial<Record<Lang, string>>>>;

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isLang(key: string): key is Lang {
  return key === 'zh' || key === 'en';
}

/** Walks an answer that is nested by language and by channel, either one outside. */
class Reader {
  readonly found = new Map<string, Partial<Record<Lang, string>>>();
  readonly #ctx: z.RefinementCtx;

  constructor(ctx: z.RefinementCtx) {
    this.#ctx = ctx;
  }

  read(value: unknown, path: string[], lang: Lang | undefined, channel: string | undefined): void {
    if (!isMap(value)) {
      this.#text(value, path, lang, channel ?? DEFAULT);
      return;
    }
    const keys = Object.keys(value);
    const langs = keys.filter(isLang).length;
    if (keys.length === 0) return addFault(this.#ctx, path, 'no answer', 'write one');
    if (langs > 0 && langs < keys.length) {
      return addFault(
        this.#ctx,
        path,
        'mixes languages and channels',
        'nest one inside the other: answer: { default: { zh, en }, sms: { zh, en } }',
      );
    }
    for (const key of keys) {
      const deeper = [...path, key];
      if (isLang(key) && lang === undefined) this.read(value[key], deeper, key, channel);
      else if (!isLang(key) && channel === undefined && CHANNEL.test(key)) {
        this.read(value[key], deeper, lang, key);
      } else {
        addFault(
          this.#ctx,
          deeper,
          'unknown key',
          'known here: zh, en, default, or a channel name',
        );
      }
    }
    if (langs === 0 && channel === undefined && !keys.includes(DEFAULT)) {
      addFault(
        this.#ctx,
        path,
        'has no default',
        'add default: the answer for every other channel',
      );
    }
  }

  #text(value: unknown, path: string[], lang: Lang | undefined, channel: string): void {
    const result = sentence.safeParse(value);
    if (!result.success) {
      const empty = typeof value === 'string' && value.trim() === '';
      const fault = empty ? 'empty text' : 'not a text of at most 4000 characters';
      return addFault(this.#ctx, path, fault, 'write the answer, or remove the key');
    }
    const template = parseTemplate(result.data);
    if (typeof template === 'string' || template.names.length > 0) {
      return addFault(
        this.#ctx,
        path,
        'has braces',
        'answers have no placeholders: write the text out',
      );
    }
    const texts = this.found.get(channel) ?? {};
    for (const each of lang === undefined ? (['zh', 'en'] as const) : [lang]) {
      texts[each] = result.data;
    }
    this.found.set(channel, texts);
  }
}

/** Schema of an answer: a text, or texts by language, by channel, or both, either one outside. */
export const answer = z.unknown().transform((value, ctx): Answers => {
  if (value === undefined) {
    addFault(ctx, [], 'missing', 'add it');
    return z.NEVER;
  }
  const reader = new Reader(ctx);
  reader.read(value, [], undefined, undefined);
  return reader.found;
});

/** The text for a language and channel; the language counts more than the channel. */
export function pickAnswer(answers: Answers, lang: Lang, channel: string): string | undefined {
  const other = lang === 'zh' ? 'en' : 'zh';
  for (const each of [lang, other] as const) {
    const text = answers.get(channel)?.[each] ?? answers.get(DEFAULT)?.[each];
    if (text !== undefined) return text;
  }
  return undefined;
}
