/** What is said right after an order was looked up is about that order: "开发票", "能退吗". */
import { findNames } from '../text/entities/lexicon.ts';
import { fold } from '../text/fold.ts';
import type { Lang } from '../message.ts';
import { carriable, withCarried } from './carry.ts';
import type { Decision } from './decision.ts';
import { isShort } from './free-text.ts';
import type { Read, Reader } from './read.ts';
import type { Recall } from './recall.ts';
import type { Situation } from './situation.ts';
import { readIn } from './understand.ts';
import { SURE } from './weigh.ts';

type Start = Decision & { readonly kind: 'start' };

/** Another order than the one talked about. */
const OTHER =
  /另|别的|其[他它]|换一|新(?:的|订)|上次|上[个周]|之前|以前|昨天|前天|那天|\b(?:another|other|different|new|last|previous|earlier|yesterday|something|anything)\b|\bfor (?:the|my|an?) (?!order|company|invoice)/u;

/**
 * The task with the order that was looked up right before, where it is asked for by name or asked
 * whether it may be done. Longer messages say themselves what they are about, and another look-up is
 * for another order.
 */
export function followUp(reader: Reader, recall: Recall, read: Read): Read | undefined {
  const { situation: s, decision } = read;
  if (s.active !== undefined || s.inbound.content.kind !== 'text') return undefined;
  if (s.session.handoff !== undefined || recall.order === undefined) return undefined;
  const right = recall.order.turn === recall.turn - 1 && looksUp(s, recall.task?.value);
  const asked = decision.kind === 'start' ? undefined : mayBeDone(reader, read);
  if (!right && asked?.points !== true) return undefined;
  const start = decision.kind === 'start' ? decision : asked?.start;
  if (start === undefined || start.carried !== undefined || looksUp(s, start.dialog)) {
    return undefined;
  }
  if (asked === undefined && !saysOnlyTask(s, recall)) return undefined;
  const carries = carriable(recall).filter((c) => c.what === 'order');
  const carried = withCarried(s, start, carries);
  if (carried.carried === undefined) return undefined;
  const understood = { ...s.understood, carried: carried.carried };
  return { situation: { ...s, understood }, decision: carried };
}

function looksUp(s: Situation, dialog = ''): boolean {
  return s.specOf(dialog)?.spec.readOnly === true;
}

/** The message names the task, and no other thing or time. */
function saysOnlyTask({ said: { text }, understood, lexicon }: Situation, recall: Recall): boolean {
  if (!isShort(text, understood.lang) || OTHER.test(fold(text).text)) return false;
  const titles = recall.product === undefined ? {} : recall.product.value;
  const known = findNames(Object.values(titles).join(' '), lexicon).map((n) => n.value.id);
  return findNames(text, lexicon).every((n) => known.includes(n.value.id));
}

const MAY_ZH =
  /^(?:请问|那么?|对了|,)*((?:这|那|此|该|它)?(?:一?[个单件笔]|订单|东西|商品)*)(?:我)?(?:现在|还|是不?是)*(?:能不能|可不可以|能否|可以|能)(?:再|直接|给我)?([^,。?!个几多什怎哪]{1,4}?)(?:了?[吗么嘛不])?[?。]*$/u;
const MAY_EN =
  /^(?:so|and|ok|okay|then|, )*(?:can|could|may|am i able to|is it possible to)(?: i)?(?: still| also)? ([a-z' ]{3,30}?)(?: (it|this|that|this one|that one|this order|that order))?(?: back| now| too)?[?. ]*$/u;

/** "能退吗", "can I still return it": the task that is asked about, as if it were wished. */
function mayBeDone(
  reader: Reader,
  { situation: s, decision }: Read,
): { readonly start: Start; readonly points: boolean } | undefined {
  if (!['answer', 'suggest', 'miss'].includes(decision.kind)) return undefined;
  const { text } = s.said;
  if (text.length > 60) return undefined;
  const lang: Lang = readIn(text, s.understood.lang);
  const found = (lang === 'zh' ? MAY_ZH : MAY_EN).exec(fold(text).text.trim());
  if (found === null) return undefined;
  const [, first = '', second = ''] = found;
  const pointer = lang === 'zh' ? first : second;
  const wish = lang === 'zh' ? `我要${second}` : `I want to ${first} ${pointer}`.trim();
  const wished = reader.text(wish);
  if (wished.decision.kind !== 'start') return undefined;
  const { dialog } = wished.decision;
  const { intents } = wished.situation.understood;
  const sure = intents.find((i) => s.dialogOf.get(i.intent) === dialog)?.score ?? 0;
  const short = lang === 'zh' || /^[a-z]+(?: (?:the|my|its) [a-z]+)?$/u.test(first);
  // A question that an entry has word for word is answered by it, unless it points at the order.
  const plain = s.understood.exact === undefined && short;
  if (sure < SURE.change || (pointer === '' && !plain)) return undefined;
  return { start: wished.decision, points: pointer !== '' };
}
