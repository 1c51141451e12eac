/** Words that point back at what was talked about before: "那退货呢", "the second one", "when will it arrive". */
import type { Lang } from '../message.ts';
import { cap, coreOf } from '../text/analyzer.ts';
import { barePosition, findPositions } from '../text/entities/position.ts';
import { fold } from '../text/fold.ts';
import { isQuestion } from '../text/question.ts';

/** What a message points at. The message itself is untouched. */
export type Reference =
  /** Another matter with the same thing: "那退货呢" and "what about the invoice" name only the matter. */
  | { readonly kind: 'matter'; readonly matter: string }
  /** One of a list that was shown; -1 is the last, `other` that of two not yet taken. `rest` is what else is said, or empty. */
  | { readonly kind: 'place'; readonly place: number | 'other'; readonly rest: string }
  /** The thing talked about: 这个, 这单, "it", "that order", with what stands before and after it. */
  | {
      readonly kind: 'thing';
      readonly before: string;
      readonly after: string;
      /** It is asked where the thing is or when it comes: "什么时候到", "when will … arrive". */
      readonly whereabouts: boolean;
    }
  /** A question that leaves out what it is about: "什么时候到", "has it shipped". */
  | { readonly kind: 'left-out' };

/** Longest message that may be elliptic, in characters. Longer ones say what they are about. */
const LONGEST = 120;

const MATTER_ZH =
  /^(?:那么?就?|还有|对了|嗯|哦|好的?|ok|,)*(?:我(?:的|要|想))?([^,。!?;]{1,14}?)(?:呢|怎么样|又怎么样)[?!.。~]*$/u;
const AND_ZH =
  /^(?:那么?就?|那也?)(?:我)?(?!个|里|边|儿|是|些|样|天|种|单|件|条)([^,。!?;]{1,14}?)[吧了]?[?!.。~]*$/u;
const MATTER_EN =
  /^(?:(?:and|so|ok|okay|then|well|alright|right|hm+)[, ]+)*(?:what|how|wat) (?:about|abt|of) (?:the |a |an |my |its |it's )?([a-z][a-z' -]{1,40}?)(?: then| now)?[?!. ]*$/u;
const AND_EN =
  /^(?:and|then) (?:the |a |an |my |its )?([a-z][a-z' -]{1,30}?)(?: then)?[?! ]*\?[?! ]*$/u;

const THING_ZH =
  /(?:这|那|此|该|刚才(?:的|那)?|上面(?:的|那)?|同)(?:一|1)?(?:个|单|件|笔|份|订单|商品|东西|包裹|快递)(?:订单|商品|东西|包裹|快递|货)?|(?<![其吉维])它|刚才的|同一[单个]|这货/u;
const THING_EN =
  /\b(?:this|that|the same|the|same) (?:same )?(?:one|order|item|parcel|package|purchase|ticket)(?! number| status| no\b)\b|\b(?:it|this|that)\b(?=(?:'s|'ll)? *(?:$|[?.!,]|arrive|arrived|ship|shipped|come|coming|get here|be |been|now|back|too|please|then|as well|to me|yet|delivered|here|still|possible to return|return|refund|invoice|on its way|cancelled|paid))|\b(?:return|refund|track|check|exchange|for|about|with|of|send|cancel|change|is|was|has|will|does|did) (?:it|this|that|this one|that one)\b(?! (?:possible|that|true|ok|okay|normal|necessary|free|required|a |an |the ))/u;
/** The pointing words themselves, where the pattern needed a verb before them. */
const POINTER_EN =
  /(?:this|that|the|same|it)\b(?: same)?(?: (?:one|order|item|parcel|package|purchase|ticket))?$/u;
const EXPLETIVE_EN = /^(?:is|was) it (?:possible|ok|okay|true|normal|necessary|free|required)\b/u;

const NOUN_ZH = /订单|快递|包裹|物流|东西|商品|货(?!了)|单(?!独)|我的|件/u;
const NOUN_EN =
  /\b(?:orders?|parcels?|packages?|deliver(?:y|ies)|shipping|items?|stuff|my|your|you)\b/u;
const STATE_ZH = /到|发货|发出|送|签收|收到|几天|多久|哪里?了|在哪/u;
const STATE_EN = /\b(?:arriv|ship|deliver|come|get here|on (?:its|the) way|where|how long)/u;

/**
 * What a message points back at; `undefined` where it stands by itself. Whether there is anything to
 * point at is for the caller to say: an "it" without anything said before points nowhere.
 * @param text only short messages point; those over 120 characters do not
 */
export function referenceOf(text: string, lang: Lang): Reference | undefined {
  const capped = cap(text);
  if (capped.length > LONGEST) return undefined;
  const said = fold(capped).text.trim();
  const placed = placeIn(capped, lang);
  if (placed !== undefined) return placed;
  const matter = matterIn(said, lang);
  if (matter !== undefined) return { kind: 'matter', matter };
  const thing = thingIn(said, lang);
  if (thing !== undefined) {
    const state = lang === 'zh' ? STATE_ZH : STATE_EN;
    return { kind: 'thing', ...thing, whereabouts: state.test(`${thing.before} ${thing.after}`) };
  }
  return leavesOut(said, lang) ? { kind: 'left-out' } : undefined;
}

/** "那另一个呢", "and the other one?" and nothing else. */
const OTHER =
  /^(?:那么?|还有)?(?:另外?|别的)(?:那)?一?(?:个|单|件|笔)(?:订单)?呢?[?!. ]*$|^(?:and |ok |so )?(?:what about |how about )?the other (?:one|order)(?: please)?[?!. ]*$/u;

function placeIn(text: string, lang: Lang): Reference | undefined {
  const other = OTHER.exec(fold(text).text.trim());
  if (other !== null) return { kind: 'place', place: 'other', rest: '' };
  const founds = findPositions(text);
  const [found] = founds;
  if (founds.length !== 1 || found === undefined) return undefined;
  const around = `${text.slice(0, found.start)} ${text.slice(found.end)}`;
  const rest = coreOf(around, lang)
    .replace(
      /^(?:那么?|还有|我?(?:要|选|想要|看)|and|what about|how about|i want|show me|ok|so|then)(?: the)?\s*/u,
      '',
    )
    .replace(/(?:呢|的|那个|please)?[?!. ]*$/u, '')
    .trim();
  if (barePosition(rest) !== undefined) return undefined;
  return { kind: 'place', place: found.value, rest: rest === '' ? '' : around.trim() };
}

function matterIn(said: string, lang: Lang): string | undefined {
  const patterns = lang === 'zh' ? [MATTER_ZH, AND_ZH] : [MATTER_EN, AND_EN];
  for (const pattern of patterns) {
    const matter = pattern.exec(said)?.[1]?.trim();
    if (matter === undefined || matter === '' || thingIn(matter, lang) !== undefined) continue;
    if (isQuestion(matter, lang)) return undefined;
    return /^(?:你们?|您|他们?|我们?|人|it|that|this|you|i|us)$/u.test(matter) ? undefined : matter;
  }
  return undefined;
}

function thingIn(said: string, lang: Lang): { before: string; after: string } | undefined {
  if (lang === 'en' && EXPLETIVE_EN.test(said)) return undefined;
  const match = (lang === 'zh' ? THING_ZH : THING_EN).exec(said);
  if (match === null) return undefined;
  const word = lang === 'zh' ? undefined : POINTER_EN.exec(match[0]);
  const start = match.index + (word?.index ?? 0);
  const end = start + (word?.[0] ?? match[0]).length;
  return { before: said.slice(0, start), after: said.slice(end) };
}

function leavesOut(said: string, lang: Lang): boolean {
  if (!isQuestion(said, lang) && !/了没有?$|了没[?]/u.test(said)) return false;
  return lang === 'zh'
    ? said.length <= 12 && STATE_ZH.test(said) && !NOUN_ZH.test(said)
    : said.length <= 40 && STATE_EN.test(said) && !NOUN_EN.test(said);
}
