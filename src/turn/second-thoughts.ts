/** What a message wants instead of what it takes back: "算了不退了，帮我查快递", "我要退货，不对，换货". */
import type { Lang } from '../message.ts';
import { clausesOf } from '../understanding/clauses.ts';
import { asksFor, holdsBack } from '../understanding/wish.ts';
import { isBareNumber } from './bare-value.ts';
import type { Decision } from './decision.ts';
import type { Read, Reader } from './read.ts';
import { readIn } from './understand.ts';
import { SURE } from './weigh.ts';

type Wish = Decision & { readonly kind: 'start' | 'answer' };

/** Longest message in which a slip of the tongue is looked for, in UTF-16 units. */
const LONGEST = 200;
const SLIP_ZH =
  /[，,。.、;；!！ ](?:哦|噢|啊|呃|等等|等一下)?[，, ]?(?:不对|不是不是|不不不?|说错了?|打错了?|我说错了?|口误)[了啦]?[，,。.!！、 ]+(?:我?(?:是说|的意思是|应该是))?(?=\P{P}{2})/u;
const SLIP_EN =
  /[,.;!-] ?(?:(?:oh |oops,? |sorry,? )?(?:no,? wait|wait,? no|no,? sorry|sorry,? no|scratch that|oops)(?:,? i (?:mean|meant))?|sorry,? i (?:mean|meant)|no,? i (?:mean|meant)|i (?:mean|meant) to say)[,.!:]? +(?=\w)/iu;

/**
 * The same with what the message says instead; `undefined` where it takes nothing back or names
 * nothing else.
 */
export function secondThought(reader: Reader, read: Read): Read | undefined {
  const { content } = reader.inbound;
  if (content.kind !== 'text') return undefined;
  if (read.decision.kind === 'cancel') return calledOff(reader, read, read.decision, content.text);
  if (read.situation.active !== undefined || content.text.length > LONGEST) return undefined;
  const slip = SLIP_ZH.exec(content.text) ?? SLIP_EN.exec(content.text);
  if (slip === null || slip.index < 2) return undefined;
  const tail = content.text.slice(slip.index + slip[0].length);
  if (isBareNumber(tail)) return undefined;
  const meant = reader.text(tail);
  return wishIn(meant, SURE.start) === undefined ? undefined : meant;
}

/** The task at hand is called off; the rest of the message may want another. */
function calledOff(
  reader: Reader,
  { situation }: Read,
  decision: Decision & { kind: 'cancel' },
  text: string,
): Read | undefined {
  const script = readIn(text, situation.understood.lang);
  for (const clause of clausesOf(text)) {
    const lang: Lang = readIn(clause.text, script);
    const alone = reader.text(clause.text);
    const wish = wishIn(alone, SURE.change);
    if (wish === undefined || holdsBack(clause.text, lang)) continue;
    if (wish.kind === 'start' && wish.dialog === situation.active?.id) continue;
    const { exact, question } = alone.situation.understood;
    if (exact === undefined && !question && !asksFor(clause.text, lang)) continue;
    const rest = reader.text(text.slice(clause.start));
    const then = wishIn(rest, SURE.start) ?? wish;
    return { situation, decision: { ...decision, then } };
  }
  return undefined;
}

function wishIn({ situation: s, decision }: Read, sure: number): Wish | undefined {
  if (decision.kind === 'answer') return decision;
  if (decision.kind !== 'start') return undefined;
  const own = s.understood.intents.find((i) => s.dialogOf.get(i.intent) === decision.dialog);
  return (own?.score ?? 0) >= sure ? decision : undefined;
}
