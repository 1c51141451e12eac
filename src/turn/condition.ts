/** Wishes that hang on something: nothing is started for them. */
import type { Lang } from '../message.ts';
import { cap } from '../text/analyzer.ts';
import { fold } from '../text/fold.ts';
import { isConditional } from '../understanding/condition.ts';

/** "要是退不了就开发票": no pause and no 我 before 就. "如果方便就帮我退了" is politeness. */
const THEN_ZH =
  /(?:如果|要是|假如|假若|若是|万一|倘若)(?!(?:你们?|您)?(?:可以|方便|能|行|可能|允许)(?:的话)?[,，\s帮请麻我就])[^。!?！？\n]{1,30}?就(?!是|帮|请|给|麻烦|行|好|可以|算)/u;
/** "if it is late I want to return it". */
const THEN_EN =
  /\b(?:if|unless|in case)\s+(?!possible|so\b|not\b|you\b|i (?:may|can|could|might)\b(?!')|(?:it|that)(?:'s| is) (?:ok|okay|possible|alright|fine)\b)[^.!?\n]{3,80}?[, ](?:then )?i(?:'d like| would like| want| need)\b/u;

/** "能退就退", "要是能退就退了吧": wanted, as far as it may be done. */
const HEDGED_ZH = /能(.{1,2}?)(?:货|的话)?,?(?:就|则)\1/u;

/** Whether the condition is only that the wish may be granted. */
export function isHedged(text: string): boolean {
  return HEDGED_ZH.test(fold(cap(text)).text);
}

/** Whether a message says what its sender would want under some condition. */
export function isForLater(text: string, lang: Lang): boolean {
  if (isConditional(text, lang)) return true;
  const said = fold(cap(text)).text.replace(/\u2019/gu, "'");
  return (lang === 'zh' ? THEN_ZH : THEN_EN).test(said);
}
