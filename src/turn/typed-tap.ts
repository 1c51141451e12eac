import { parseSlot } from '../dialog/read-slot.ts';
import type { Inbound, Lang } from '../message.ts';
import { barePosition } from '../text/entities/position.ts';
import { saidFrom } from './said.ts';
import type { Session } from './session.ts';
import type { Situation } from './situation.ts';

/**
 * A number typed where a dialog asks is the choice with that number under the last bubble, as it is
 * shown where nothing can be tapped ("1. 是 2. 不是", "1. Skip"), unless the open question takes the
 * number itself as its answer.
 */
export function typedTap(
  inbound: Inbound,
  { last, lang }: Session,
  active: Situation['active'],
  now: number,
): Inbound {
  const { content } = inbound;
  const waiting = active?.waiting;
  if (content.kind !== 'text' || waiting === undefined) return inbound;
  const position = barePosition(content.text);
  const choice =
    position === undefined || position < 1 ? undefined : last?.at(-1)?.choices?.[position - 1];
  if (choice === undefined) return inbound;
  const { slot = '' } = waiting.frame;
  const definition = waiting.spec.slots[slot];
  if (definition?.free === false) {
    const asked: Lang = lang ?? inbound.lang ?? 'zh';
    if (parseSlot(waiting, slot, saidFrom(inbound, asked, now)).kind === 'value') return inbound;
  }
  return { ...inbound, content: { kind: 'choice', value: choice.value, text: content.text } };
}
