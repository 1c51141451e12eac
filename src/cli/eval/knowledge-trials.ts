/** Messages whose right entry is known, read as a turn would read them, without the lines they are. */
import type { Snapshot } from '../../knowledge/load.ts';
import { FAQ_INTENT } from '../../knowledge/types.ts';
import type { Inbound, Lang } from '../../message.ts';
import type { Parts } from '../../turn/parts.ts';
import { readerOf } from '../../turn/read.ts';
import { trainRecognizer } from './contender.ts';

/** Where a message comes from: its entry knows other questions, is left out, or never was. */
export type Kind = 'rewording' | 'unknown' | 'off-topic';

/** What came of a message. */
export interface Outcome {
  readonly kind: Kind;
  readonly text: string;
  /** The entry that answers it, where one is there. */
  readonly wanted?: string;
  readonly did: 'answer' | 'suggest' | 'task' | 'hand-on';
  /** Entries that search found, best first; those of an answer or offer come first. */
  readonly found: readonly string[];
}

/** What {@link knowledgeTrials} works with. */
export interface TrialOptions {
  readonly knowledge: Snapshot;
  /** Everything of a turn but the knowledge and the recognizer. */
  readonly parts: Parts;
  readonly lang: Lang;
  readonly offTopic: readonly string[];
  readonly progress: (what: string) => void;
}

interface Line {
  readonly entry: string;
  readonly text: string;
}

/** Parts that questions, and entries, are held out in. */
const FOLDS = 5;

/**
 * Sends every question of every entry twice, once without the question (and one in five others) and
 * once without its entry, and the off-topic messages to the knowledge as it is. The classifier is
 * trained anew without what is held out.
 */
export async function knowledgeTrials(options: TrialOptions): Promise<readonly Outcome[]> {
  const { knowledge, lang, offTopic, progress } = options;
  const lines = [...knowledge.entries.values()].flatMap(({ id, utterances }) =>
    utterances[lang].map((text): Line => ({ entry: id, text })),
  );
  const entries = [...new Set(lines.map(({ entry }) => entry))];
  const outcomes: Outcome[] = [];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    progress(`holding out questions, part ${fold + 1} of ${FOLDS}`);
    const held = lines.filter((_, i) => i % FOLDS === fold);
    const read = await readerWithout(options, held);
    for (const { entry, text } of held) outcomes.push(read('rewording', text, entry));
  }
  for (let fold = 0; fold < FOLDS; fold += 1) {
    progress(`holding out entries, part ${fold + 1} of ${FOLDS}`);
    const gone = new Set(entries.filter((_, i) => i % FOLDS === fold));
    const held = lines.filter(({ entry }) => gone.has(entry));
    const read = await readerWithout(options, held);
    for (const { text } of held) outcomes.push(read('unknown', text));
  }
  progress(`sending ${offTopic.length} messages that no entry answers`);
  const read = await readerWithout(options, []);
  for (const text of offTopic) outcomes.push(read('off-topic', text));
  return outcomes;
}

type Read = (kind: Kind, text: string, wanted?: string) => Outcome;

async function readerWithout(
  { knowledge, parts, lang }: TrialOptions,
  held: readonly Line[],
): Promise<Read> {
  const keys = new Set(held.map(({ entry, text }) => `${FAQ_INTENT}${entry}\n${text}`));
  const left = knowledge.without(({ intent, text }) => keys.has(`${intent}\n${text}`));
  const { recognizer } = await trainRecognizer(lang, left.utterances(lang));
  const here: Parts = {
    ...parts,
    knowledge: () => left,
    recognize: (text, read) => recognizer.recognize(text, read).ranked,
  };
  const now = parts.clock.now();
  return (kind, text, wanted) => {
    const session = { stack: [], misses: 0, welcomed: true };
    const { situation, decision } = readerOf(
      here,
      left,
      inboundOf(text, lang, now),
      session,
      now,
    ).message();
    const hits = situation.understood.hits.map((hit) => hit.entry);
    const outcome = { kind, text, ...(wanted === undefined ? {} : { wanted }) };
    switch (decision.kind) {
      case 'answer':
        return { ...outcome, did: 'answer', found: [decision.hit.entry, ...hits] };
      case 'suggest':
        return { ...outcome, did: 'suggest', found: decision.hits.map((hit) => hit.entry) };
      case 'miss':
        return { ...outcome, did: 'hand-on', found: hits };
      default:
        return { ...outcome, did: 'task', found: hits };
    }
  };
}

function inboundOf(text: string, lang: Lang, at: number): Inbound {
  return {
    id: 'trial',
    address: { channel: 'web', account: 'default', conversation: 'trial', user: 'trial' },
    content: { kind: 'text', text },
    at,
    lang,
  };
}
