import type { FileFault } from '../errors.ts';
import type { Knowledge } from '../knowledge/types.ts';

/** Texts of `knowledge/wording.yaml` that the engine says, with the values each is given. */
export const TEXTS: Readonly<Record<string, readonly string[]>> = {
  welcome: [],
  hello: [],
  thanks: [],
  bye: [],
  help: [],
  wait: [],
  yes: [],
  no: [],
  skip: [],
  person: [],
  'leave-message': [],
  'none-of-these': [],
  'slot.again': ['ask'],
  'slot.wait': ['ask'],
  'slot.reason': ['reason', 'ask'],
  'slot.offer-person': ['ask'],
  'slot.refused': ['why', 'ask'],
  'slot.corrected': ['label', 'value'],
  'slot.noted': ['values'],
  'slot.value': ['label', 'value'],
  'slot.correct-which': ['ask'],
  'dialog.cancelled': ['name'],
  'dialog.dropped': ['name'],
  'dialog.nothing-to-cancel': [],
  'dialog.not-cancelled': [],
  'dialog.help': ['name', 'ask'],
  'dialog.why': ['name'],
  'dialog.restarted': ['name'],
  'resume.ask': ['name', 'ask'],
  'resume.offer': ['name'],
  'resume.declined': ['name'],
  'carried.order': ['id'],
  'carried.ticket': ['id'],
  'several.plan': ['first', 'then'],
  'several.later': ['then'],
  'several.full': ['names'],
  'several.next': ['name'],
  'several.orders': ['ids'],
  'several.next-order': ['name', 'id'],
  'several.joint': ['first', 'then'],
  language: [],
  care: [],
  abuse: [],
  negated: ['name'],
  suggest: [],
  again: ['text'],
  'fallback.clarify': [],
  'fallback.offer': [],
  'fallback.media': [],
  'fallback.empty': [],
  'fallback.emoji': [],
  'fallback.long': [],
  'handoff.queued': [],
  'handoff.waiting': [],
  'handoff.withdrawn': [],
  'handoff.back': [],
  'handoff.off-duty': ['number'],
  'handoff.off-duty-already': ['number'],
  'ticket.state.new': [],
  'ticket.state.open': [],
  'ticket.state.pending-customer': [],
  'ticket.state.solved': [],
  'ticket.state.closed': [],
  'orders.unknown': ['id'],
  'orders.unknown-phone': ['phone'],
  'orders.pick': ['count', 'ask'],
  'orders.down': [],
  'sorry.failed': [],
  'repeat.nothing': [],
};

/**
 * What is wrong with the wording the engine needs.
 * @param more keys that channels need, which are given no values
 */
export function textFaults(knowledge: Knowledge, more: readonly string[] = []): FileFault[] {
  const file = 'knowledge/wording.yaml';
  const wanted: [string, readonly string[]][] = [
    ...Object.entries(TEXTS),
    ...more.map((key): [string, readonly string[]] => [key, []]),
  ];
  return wanted.flatMap(([key, given]): FileFault[] => {
    if (!knowledge.hasText(key)) {
      return [{ file, key, fault: 'is missing', mend: 'add it in zh and en' }];
    }
    return knowledge
      .placeholders(key)
      .filter((name) => !given.includes(name))
      .map((name) => ({
        file,
        key,
        fault: `{${name}} is no value of this text`,
        mend: given.length === 0 ? 'use none' : `use ${given.map((g) => `{${g}}`).join(', ')}`,
      }));
  });
}
