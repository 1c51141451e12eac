import type { Lang } from '../message.ts';
import { analyze, cap, substanceOf } from '../text/analyzer.ts';
import { spellOut } from '../text/spell-out.ts';
import { negatedEn } from './negation-en.ts';
import { negatedZh } from './negation-zh.ts';

/** A message in two parts. Both are normalised text, for classifying, not for showing. */
export interface Negation {
  /** What the message says it does not want; absent where it refuses nothing that it names. */
  readonly negated?: string;
  /** Everything else; the whole message where nothing is negated. Empty where that is politeness. */
  readonly rest: string;
}

/**
 * Separates what a message refuses from what it asks for: "不要退货，我要换地址" gives `退货` and
 * `我要换地址`. Questions ("为什么不能退货", "要不要发票"), conditions ("如果不想要了"), double negation
 * ("不是不想退") and refusals that name nothing ("我不想要了") negate nothing. It knows grammar only:
 * whether the negated words are an intent is for the recognizer to say. To refuse the bot itself
 * ("不想跟机器人聊", "I don't want to talk to a bot") is to ask for a person: that negates nothing.
 * Typed pinyin ("bie tuihuo") is read as Chinese where `lang` is `zh`.
 * @param text only the first 2,000 characters count
 */
export function negatedScope(text: string, lang: Lang): Negation {
  const capped = cap(text);
  const { normalised } = analyze(lang === 'zh' ? spellOut(capped) : capped, lang);
  const found = lang === 'zh' ? negatedZh(normalised) : negatedEn(normalised);
  if (found.negated === undefined || substanceOf(found.rest, lang) !== '') return found;
  return { negated: found.negated, rest: '' };
}
