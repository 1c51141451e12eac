/** Questions, as against requests and statements. */
import type { Lang } from '../message.ts';
import type { Analysis } from './analyzer.ts';
import { fold } from './fold.ts';

/** Asking for a thing to be done, in the shape of a question. */
const REQUEST_ZH =
  /(?:可不可以|可以|能不能|能否|可否|能)(?:请|麻烦)?(?:你|您|你们)?(?:帮忙|帮我|帮|给我|替我)/gu;
const REQUEST_EN =
  /\b(?:can|could|would|will) (?:you|u|someone|somebody)(?: please| kindly)?(?! tell| explain| say)\b|\b(?:would|do) you mind\b/g;
/** Question words that ask nothing here. */
const NO_QUESTION_ZH =
  /没什么|不怎么|什么都|怎么都|哪怕|不管怎么|无论如何|多少有|不知怎么|哪儿?都/gu;
const ASKS_ZH =
  /怎么|怎样|如何|咋|多久|多长时间|几天|几点|几时|几号|几个|几次|什么|啥|何时|多少|多大|多重|多快|能不能|可不可以|能否|可否|是否|是不是|有没有|会不会|要不要|需不需要|用不用|行不行|可不可|支不支持|为何|哪|谁|吗|难道/u;
const ENDS_ZH = /(?:吗|呢|了么|的么|嘛|了没有?|(?:行|可以|好|能|有|对|在)不)[?。.!~ ]*$/u;
const STATEMENT_END_ZH = /(?:还没|没有|不要|不|正在|还在)[^,?!。]{0,12}(?:呢|嘛)[。.!~ ]*$/u;
const ASKS_EN =
  /(?:^|[,.;:!?] ?|\b(?:and|but|so|hi|hello|hey|please|um|ok|okay|also) )(?:what|how|when|where|why|who|whose|which|whether|can i|can we|may i|may we|could i|could we|should i|must i|do you|do i|do we|does|did|is|are|was|will|would i|have you|has|am i|what if)(?:'s|'re|'ll|s)?\b/;
const TELLS_EN =
  /\b(?:tell me|know|ask|explain|wonder|wondering|curious|find out|understand|sure|tell us)(?: about)? (?:what|how|when|where|why|who|which|whether|if)\b|\b(?:is it|are there|is there|do you|can i|may i|could i|how long|how much|how many|how do i|what if)\b/;

/**
 * Asks how, when, whether, what or may-I. A polite request in the shape of a question ("能帮我退货吗",
 * "could you cancel it?") is none: it wants something done.
 * @param lang default for a plain text: `zh` where it has Chinese characters; an analysis brings its own
 */
export function isQuestion(message: Analysis | string, lang?: Lang): boolean {
  const text = typeof message === 'string' ? fold(message).text : message.normalised;
  const given = lang ?? (typeof message === 'string' ? undefined : message.lang);
  if (/\p{Script=Han}/u.test(text) || given === 'zh') return asksZh(text) || ASKS_EN.test(text);
  return asksEn(text);
}

function asksZh(text: string): boolean {
  const rest = text.replace(REQUEST_ZH, '');
  const requested = rest !== text;
  const said = rest.replace(NO_QUESTION_ZH, '');
  if (requested) return ASKS_ZH.test(said.replace(/吗|可以|好/gu, ''));
  if (ASKS_ZH.test(said) || /[?]\W*$/u.test(text)) return true;
  return ENDS_ZH.test(text) && !STATEMENT_END_ZH.test(text);
}

function asksEn(text: string): boolean {
  const rest = text.replace(REQUEST_EN, '');
  if (ASKS_EN.test(rest) || TELLS_EN.test(rest)) return true;
  return rest === text && /[?][^a-z]{0,10}$/.test(text);
}
