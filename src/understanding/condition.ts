/** Whether a message says what its sender would do under some condition. Knows grammar only. */
import { cap } from '../text/analyzer.ts';
import { fold } from '../text/fold.ts';
import type { Lang } from '../message.ts';

/** "如果可以的话" and "if possible" are politeness and set no condition. */
const IF_ZH =
  /(?:如果|要是|假如|假若|若是|万一|倘若)(?!(?:你们?|您)?(?:可以|方便|能|行|可能|允许)(?:的话)?[,，\s帮请麻我])(?:[^。!?！？\n]{2,40}?)(?:[,，\s我们那]|的话)(?:我们?|那|那我)?就(?!是)/u;
const IF_EN =
  /\b(?:if|unless|in case)\s+(?!possible|so\b|not\b|you\b|i (?:may|can|could|might)\b(?!')|(?:it|that)(?:'s| is) (?:ok|okay|possible|alright|fine)\b)[^.!?\n]{3,80}?[, ](?:then )?(?:i|we)(?:'ll| will|'m going to| am going to|'d| would)\b|\b(?:i|we)(?:'ll| will|'m going to| am going to|'d| would) [^.!?\n]{3,60}? (?:if|unless) (?!possible|so\b|not\b|you\b|(?:i|we) (?:may|can|could|might)\b(?!')|(?:it|that)(?:'s| is) (?:ok|okay|possible|alright|fine)\b)/u;

/**
 * "要是还不发货我就退货", "if it doesn't arrive tomorrow I'll return it": what is told would be done
 * later, perhaps, so nothing is started for it now. Politeness ("如果可以的话，帮我退货", "if possible,
 * return it") is no condition.
 * @param text only the first 2,000 characters count
 */
export function isConditional(text: string, lang: Lang): boolean {
  const said = fold(cap(text)).text.replace(/\u2019/gu, "'");
  return (lang === 'zh' ? IF_ZH : IF_EN).test(said);
}
