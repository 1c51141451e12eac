/** Whether a clause asks for something to be done, as far as grammar tells. */
import type { Lang } from '../message.ts';
import { fold } from '../text/fold.ts';

const ASKS_ZH =
  /我?想要?|我?要(?!是|么|不)|帮|请|(?<![太很真好挺])麻烦|给我|申请|办|需要|查|看[看一下]|能不能|可以|开|改|催|转|投诉|提交|补/u;
const ASKS_EN =
  /\b(?:i want|i wanna|i'd like|i would like|i need|i'm looking|please|pls|can you|could you|can i|could i|may i|would you|help|want to|need to|let me|let's|get me|give me|send me|also)\b|^(?:and |also |then |just )*(?:track|check|look|find|return|refund|change|update|make|open|file|start|cancel|get|show|tell|request|issue|create|put|add|leave|send|speak|talk|connect|transfer)\b/u;

const INQUIRES_ZH = /问|知道|了解|咨询|说说|讲讲|告诉我/u;
const INQUIRES_EN = /\b(?:ask|asking|know|question|questions|wondering|curious|tell me)\b/u;

/** Clauses that only set the scene: nothing is wished in them. */
const SCENE_ZH =
  /如果|要是|假如|假若|若是|万一|倘若|的话|因为|由于|虽然|既然|尽管|即使|除非|(?:之前|之后|以后|以前|的时候)$/u;
const SCENE_EN =
  /^(?:and |but |so )*(?:if|once|before|after|unless|because|since|until|while|although|though|in case|as soon as|when(?! (?:will|is|are|do|does|did|can|should|would|was)\b))\b/u;
const CHOICE_ZH = /([能可要用会是有行好])不(?:可以)?\1|可不可以|不好意思|有没有|没问题|不客气/gu;
const DENIES_ZH = /[不没别甭未勿]|无法/u;
const DENIES_EN =
  /\b(?:not|no|never|without|cannot|nor|neither|instead of|rather than)\b|n't\b|\bdont\b/u;

/** "我要退货", "please track it", "return the lamp". */
export function asksFor(text: string, lang: Lang): boolean {
  return (lang === 'zh' ? ASKS_ZH : ASKS_EN).test(fold(text).text);
}

/** "就问一下运费", "I only want to know": an answer is wished, though it may be no question. */
export function inquires(text: string, lang: Lang): boolean {
  return (lang === 'zh' ? INQUIRES_ZH : INQUIRES_EN).test(fold(text).text);
}

/**
 * A condition, a reason or anything with a negation in it: too little to start a task on where other
 * clauses stand beside it.
 */
export function holdsBack(text: string, lang: Lang): boolean {
  const said = fold(text).text;
  if (lang === 'zh') return SCENE_ZH.test(said) || DENIES_ZH.test(said.replace(CHOICE_ZH, ''));
  return SCENE_EN.test(said) || DENIES_EN.test(said);
}
