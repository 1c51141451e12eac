/** Stage "understand": what the message seems to mean. Reads knowledge and models, changes nothing. */
import { saidFrom } from './said.ts';
import { isShort, takesAnyText } from './free-text.ts';
import type { Parts } from './parts.ts';
import { languageOf, type Session } from './session.ts';
import { directAnswer, type Move } from '../dialog/interpret.ts';
import type { Waiting } from '../dialog/read-slot.ts';
import type { Knowledge } from '../knowledge/types.ts';
import { FAQ_INTENT } from '../knowledge/types.ts';
import type { Inbound, Lang, ScoredIntent, Understanding } from '../message.ts';
import { analyze, cap } from '../text/analyzer.ts';
import { coreOf } from '../text/core.ts';
import { isQuestion } from '../text/question.ts';
import { spellOut } from '../text/spell-out.ts';
import { negatedScope } from '../understanding/negation.ts';
import { asksFor, inquires } from '../understanding/wish.ts';

/** Understanding, and the answer to the open question where the message is nothing but that. */
export interface Understood extends Understanding {
  readonly direct?: Move;
  /** "Don't cancel": whatever is open goes on. */
  readonly goOn?: boolean;
  /** What the message says beside what it refuses, normalised; absent where it refuses nothing. */
  readonly rest?: string;
  /** The intent whose training line the message is, word for word. */
  readonly exact?: string;
}

/** Longest text that is looked at, in characters. */
const LONGEST = 2000;
/** How sure it must be that what a negation covers is a task. */
const NEGATED_SURE = 0.5;
/** How sure it must be that the rest wants the task nevertheless, where it asks for nothing in so many words. */
const NEGATED_UNASKED = 0.8;
/** So sure another task than the one at hand is meant by few words ("没有要举报的意思"). */
const NEGATED_OTHER = 0.35;
/** With so little a task that is refused does not start, even where something else might be meant. */
const NEGATED_DOUBTFUL = 0.2;
/** So few refused words mean the task at hand ("不开了", "don't track it"). */
const FEW_WORDS = { zh: 3, en: 10 } as const;
/** How sure an English task word inside a Chinese sentence is ("我要refund"). */
const MIXED_SURE = 0.8;

export function understand(
  parts: Parts,
  knowledge: Knowledge,
  inbound: Inbound,
  session: Session,
  active: { readonly id: string; readonly waiting?: Waiting } | undefined,
): Understood {
  const whole = 'text' in inbound.content ? inbound.content.text : '';
  const text = cap(whole, LONGEST);
  const spoken = languageOf(text, session, inbound);
  if (active?.waiting !== undefined && !cancels(knowledge, text, spoken, active.waiting)) {
    const direct = directAnswer(active.waiting, saidFrom(inbound, spoken, parts.clock.now()));
    if (direct !== undefined) return { ...NOTHING, lang: spoken, text, direct };
  }
  if (text.trim() === '' || inbound.content.kind === 'agent') {
    return { ...NOTHING, lang: spoken, text };
  }
  const script = readIn(text, spoken);
  const read = script === 'zh' ? spellOut(text) : text;
  const question = isQuestion(read, script);
  const exact = exactIntents(knowledge, script).get(coreOf(read, script));
  const lang = exact === undefined && !question ? answerLanguage(spoken, session, active) : spoken;
  if (exact !== undefined) {
    return {
      lang,
      text,
      exact,
      intents: [{ intent: exact, score: 1 }],
      hits: exact.startsWith(FAQ_INTENT) ? knowledge.search(read, script) : [],
      question,
    };
  }
  const { negated, rest } = negatedScope(read, script);
  const own = exactIntents(knowledge, script).get(coreOf(negated ?? '', script));
  const ownTask = own === undefined ? undefined : parts.dialogOf.get(own);
  if (own !== undefined && active !== undefined && ownTask === active.id) {
    return { ...NOTHING, lang, text, negated: own };
  }
  if (active !== undefined && negated !== undefined && GIVES.test(negated)) {
    return { ...NOTHING, lang, text, intents: [{ intent: 'command.refuse', score: 1 }] };
  }
  const keeps = negated !== undefined && isCancel(parts, knowledge, negated, script);
  if (keeps && !wishesAny(parts, rest, script)) return { ...NOTHING, lang, text, goOn: true };
  const dropped = droppedTask(parts, knowledge, read, script);
  if (dropped !== undefined) return { ...NOTHING, lang, text, negated: dropped };
  const refused =
    negated === undefined || keeps
      ? undefined
      : (taskIn(parts, { negated, rest }, script, BARE.test(read) ? undefined : active?.id) ??
        doubtfulTask(parts, read, { negated, rest }, script));
  const positive = refused === undefined && !keeps ? read : rest;
  const free = takesAnyText(active?.waiting) && !question;
  const idle = positive.trim() === '' || (free && !isShort(text, lang));
  const intents = idle ? [] : recognize(parts, knowledge, positive, script);
  const classified = new Map(
    intents
      .filter((i) => i.intent.startsWith(FAQ_INTENT))
      .map((i) => [i.intent.slice(FAQ_INTENT.length), i.score] as const),
  );
  return {
    lang,
    text,
    intents,
    ...(refused === undefined ? {} : { negated: refused, rest }),
    hits: idle || free ? [] : knowledge.search(positive, script, classified),
    question: positive === read ? question : isQuestion(positive, script),
  };
}

/** "no box" may answer the open question: few words do not refuse the task at hand. */
const BARE = /^\s*(?:no|without)\b/iu;

/** Words of giving: to refuse these is to refuse an answer, not the task. */
const GIVES =
  /给(?!我|咱)|提供|留|发(?!票|货|错)|说|告诉|透露|填|拍|上传|\b(?:give|share|provide|tell|send|say|disclose|upload)\b(?! (?:me|us)\b)(?!.{0,60}\bback\b)/u;

const DROPS_ZH =
  /^(?:麻烦|请|帮我|我要|我想|想|把)*(?:取消|撤销|撤回|终止|停止|停掉)(?!.{0,3}订单)(.{1,20})$/u;
const DROPS_EN =
  /^(?:please |can you |could you |i want to |i'd like to )*(?:cancel|drop|stop|withdraw|abort|call off) (?:my |the |this |that )?(?!orders?\b)(.{2,40})$/u;

const DROPS_AFTER_ZH =
  /^(?:麻烦|请|帮我|给我|我要|我想|想|把|我的?)*(.{2,10}?)(?:的?申请)?(?:帮我|给我|都|先)*(?:取消|撤销|撤回|终止|停掉|撤)[掉了吧]*$/u;
/** "退货怎么被取消了": tells or asks, and calls nothing off. */
const TELLS = /[被没不别能会怎吗]|订单|为什么|为何/u;

/** More than a task's name: "stop the robot, I want to talk to a person". */
const WISHES = /我|\b(?:i|we|you)\b/u;

/** "取消退货", "cancel my return": the task that is called off, where its name is all that is said. */
function droppedTask(
  parts: Parts,
  knowledge: Knowledge,
  text: string,
  lang: Lang,
): string | undefined {
  if (text.length > 60) return undefined;
  const said = coreOf(text, lang);
  const after = lang === 'zh' && !TELLS.test(said) ? DROPS_AFTER_ZH.exec(said)?.[1] : undefined;
  const named = (lang === 'zh' ? DROPS_ZH : DROPS_EN).exec(said)?.[1] ?? after;
  if (named === undefined || WISHES.test(named)) return undefined;
  const exact = exactIntents(knowledge, lang).get(named);
  if (exact !== undefined) return parts.dialogOf.has(exact) ? exact : undefined;
  const [task] = parts.recognize(named, lang);
  const entry = parts.recognize(said, lang).find((i) => i.intent.startsWith(FAQ_INTENT));
  if (task === undefined || task.score < NEGATED_SURE || (entry?.score ?? 0) >= 0.6)
    return undefined;
  return parts.dialogOf.has(task.intent) ? task.intent : undefined;
}

/** "取消订单", "cancelling my order", with or without what is to go on. */
const CANCELS = /^(?:取消|撤单)|^(?:to )?cancel(?:ling|ing)?\b/u;

/** Whether the rest of a message asks for a task or for something that the knowledge answers. */
function wishesAny(parts: Parts, rest: string, lang: Lang): boolean {
  const [top] = rest === '' ? [] : parts.recognize(rest, lang);
  if (top === undefined || top.score < NEGATED_SURE) return false;
  return parts.dialogOf.has(top.intent) || top.intent.startsWith(FAQ_INTENT);
}

/** What is refused is to cancel, whatever it may be. */
function isCancel(parts: Parts, knowledge: Knowledge, negated: string, lang: Lang): boolean {
  if (negated.length < 30 && CANCELS.test(negated)) return true;
  if (exactIntents(knowledge, lang).get(coreOf(negated, lang)) === 'command.cancel') return true;
  const [top] = parts.recognize(negated, lang);
  return negated.length < 20 && top?.intent === 'command.cancel' && top.score >= 0.6;
}

/** "cancel" is no abbreviation of an offered choice. To a yes-or-no question it may be an answer. */
function cancels(
  knowledge: Knowledge,
  text: string,
  lang: Lang,
  { spec, frame }: Waiting,
): boolean {
  if (text.length > 40 || spec.slots[frame.slot ?? '']?.type === 'confirm') return false;
  const script = readIn(text, lang);
  const read = script === 'zh' ? spellOut(text) : text;
  return exactIntents(knowledge, script).get(coreOf(read, script)) === 'command.cancel';
}

const NOTHING = { intents: [], hits: [], question: false } as const;

/** A name or an address in another script answers a question; it does not change the language. */
function answerLanguage(
  spoken: Lang,
  session: Session,
  active: { readonly waiting?: Waiting } | undefined,
): Lang {
  const slot = active?.waiting?.spec.slots[active.waiting.frame.slot ?? ''];
  const anyScript = slot?.free === true || slot?.type === 'address';
  return anyScript ? (session.lang ?? spoken) : spoken;
}

const LATIN = /[A-Za-z][A-Za-z' -]{1,60}/gu;

/** Intents of the text. Of a sentence in two scripts each part is read by itself as well. */
function recognize(
  parts: Parts,
  knowledge: Knowledge,
  text: string,
  script: Lang,
): readonly ScoredIntent[] {
  const intents = parts.recognize(text, script);
  const words = script === 'zh' ? (text.match(LATIN)?.join(' ').trim() ?? '') : '';
  const sure = intents[0]?.score ?? 0;
  if (words.length < 3 || sure >= MIXED_SURE) return intents;
  const named = exactIntents(knowledge, 'en').get(coreOf(words, 'en'));
  if (sure >= 0.5 && (named === undefined || !parts.dialogOf.has(named))) return intents;
  const han = text.replaceAll(LATIN, ' ');
  const more = [
    partIntents(parts, knowledge, words, 'en'),
    partIntents(parts, knowledge, han, 'zh'),
  ];
  return bestOfEach([...intents, ...more.flat()]);
}

/** Each intent once, with its best score; best first. */
function bestOfEach(intents: readonly ScoredIntent[]): readonly ScoredIntent[] {
  const ranked = [...intents].sort((a, b) => b.score - a.score);
  return ranked.filter((i, at) => ranked.findIndex((j) => j.intent === i.intent) === at);
}

function partIntents(
  parts: Parts,
  knowledge: Knowledge,
  part: string,
  lang: Lang,
): readonly ScoredIntent[] {
  const exact = exactIntents(knowledge, lang).get(coreOf(part, lang));
  return exact === undefined ? parts.recognize(part, lang) : [{ intent: exact, score: MIXED_SURE }];
}

/** The language whose models read the text: an English word in a Chinese conversation is English. */
export function readIn(text: string, lang: Lang): Lang {
  const { lang: written, normalised } = analyze(text);
  return written === 'en' && lang === 'zh' && /[a-z]{2}/.test(normalised) ? 'en' : lang;
}

/**
 * The task that a refusal covers; none where the rest wants it ("不要纸质的，我要电子发票"). Inside a
 * dialog a few words are enough to mean that one.
 */
function taskIn(
  parts: Parts,
  { negated, rest }: { readonly negated: string; readonly rest: string },
  lang: Lang,
  active: string | undefined,
): string | undefined {
  const tasks = tasksOf(parts, negated, lang);
  const [best] = tasks;
  const own = tasks.find((t) => parts.dialogOf.get(t.intent) === active);
  const few = negated.length <= FEW_WORDS[lang] && coreOf(rest, lang) === '';
  if (active !== undefined && (few || (own?.score ?? 0) >= 0.25)) {
    const sure = best !== undefined && best.score >= (best === own ? NEGATED_SURE : NEGATED_OTHER);
    return sure ? best.intent : (own?.intent ?? `dialog.${active}`);
  }
  if (best === undefined || best.score < NEGATED_SURE) return undefined;
  const wanted = tasksOf(parts, rest, lang).find((t) => t.intent === best.intent);
  // "I only want to know how long a return takes" asks about it.
  if (isQuestion(rest, lang) && inquires(rest, lang)) return best.intent;
  const sure = asksFor(rest, lang) ? NEGATED_SURE : NEGATED_UNASKED;
  return (wanted?.score ?? 0) >= sure ? undefined : best.intent;
}

/** The tasks that a part of a message is about; of a Chinese message a part may be English. */
function tasksOf(parts: Parts, part: string, lang: Lang): readonly ScoredIntent[] {
  const script = /\p{Script=Han}/u.test(part) ? lang : 'en';
  return parts.recognize(part, script).filter((i) => parts.dialogOf.has(i.intent));
}

/** A task that the whole message would start, but only because of words that it refuses. */
function doubtfulTask(
  parts: Parts,
  whole: string,
  { negated, rest }: { readonly negated: string; readonly rest: string },
  lang: Lang,
): string | undefined {
  const [top] = parts.recognize(whole, lang);
  if (top === undefined || !parts.dialogOf.has(top.intent)) return undefined;
  const of = (part: string): number =>
    tasksOf(parts, part, lang).find((i) => i.intent === top.intent)?.score ?? 0;
  const kept = rest === '' ? 0 : of(rest);
  return of(negated) >= NEGATED_DOUBTFUL && kept < NEGATED_SURE ? top.intent : undefined;
}

const exactByKnowledge = new WeakMap<Knowledge, Map<Lang, Map<string, string>>>();

/** Intents by the core of their training lines. A line that two intents share is nobody's. */
function exactIntents(knowledge: Knowledge, lang: Lang): ReadonlyMap<string, string> {
  const byLang = exactByKnowledge.get(knowledge) ?? new Map<Lang, Map<string, string>>();
  exactByKnowledge.set(knowledge, byLang);
  const known = byLang.get(lang);
  if (known !== undefined) return known;
  const made = new Map<string, string>();
  const shared = new Set<string>();
  for (const { text, intent } of knowledge.utterances(lang)) {
    const core = coreOf(text, lang);
    const other = made.get(core);
    if (other !== undefined && other !== intent) shared.add(core);
    made.set(core, intent);
  }
  for (const core of shared) made.delete(core);
  byLang.set(lang, made);
  return made;
}
