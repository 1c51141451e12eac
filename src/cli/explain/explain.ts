import { FAQ_INTENT, type Knowledge } from '../../knowledge/types.ts';
import type { Hit, Lang, ScoredIntent, Utterance } from '../../message.ts';
import { analyze, cap, detectLang } from '../../text/analyzer.ts';
import { findEntities, type Entity } from '../../text/entities/entities.ts';
import { segment } from '../../text/segment.ts';
import { clausesOf } from '../../understanding/clauses.ts';
import { negatedScope } from '../../understanding/negation.ts';
import type { Recognizer } from '../../understanding/recognizer.ts';
import type { Decision } from '../../turn/decision.ts';
import type { Parts } from '../../turn/parts.ts';
import { consider } from '../../turn/pipeline.ts';
import { readIn } from '../../turn/understand.ts';
import { reasonOf } from './reason.ts';

/** An intent with the features that weighed most for it. */
export interface Features {
  readonly intent: string;
  readonly score: number;
  readonly terms: readonly { readonly term: string; readonly weight: number }[];
}

/** A knowledge entry that was found, with where it stands. */
export interface SourcedHit extends Hit {
  /** `file:line` of its question. */
  readonly source: string;
}

/** Everything that is made of a message, in the order in which it is made. */
export interface Explanation {
  readonly text: string;
  /** The language it is answered in. */
  readonly lang: Lang;
  /** The language whose model and index read it. */
  readonly readIn: Lang;
  readonly normalised: string;
  /** With `<order>`, `<phone>` and their like in place of what differs in every message. */
  readonly masked: string;
  readonly segments: readonly string[];
  /** Pairs of syllables, by which homophones are alike. */
  readonly sounds: readonly string[];
  readonly question: boolean;
  readonly entities: readonly Entity[];
  /** Parts that may each wish something. */
  readonly clauses: readonly string[];
  /** What the recognizer makes of the whole text, best first. */
  readonly intents: readonly ScoredIntent[];
  /** Below it the best intent is taken as out of scope. */
  readonly threshold: number;
  readonly rejected: boolean;
  /** Of the best two intents. */
  readonly features: readonly Features[];
  readonly negation: {
    /** What the message says it does not want, and the rest of it. */
    readonly negated?: string;
    readonly rest: string;
    /** The intent that is refused with it. */
    readonly refused?: string;
  };
  /** What counted in the decision where it differs from `intents`: a training line word for word, the rest of a refusal. */
  readonly decisive: readonly ScoredIntent[];
  readonly hits: readonly SourcedHit[];
  /** False where the decision did without them. */
  readonly searched: boolean;
  readonly thresholds: { readonly answer: number; readonly suggest: number };
  readonly decision: Decision;
  readonly reason: string;
}

/** What a message is explained with. */
export interface ExplainWith {
  readonly parts: Parts;
  readonly recognizer: Recognizer;
  /** `file:line` of a training line. */
  readonly place: (line: Utterance) => string;
}

/** Intents and features shown. */
const SHOWN = { intents: 5, features: 12 };

/**
 * Runs the stages of a turn up to the decision and keeps what they saw. Changes nothing.
 * @param text only the first 2,000 characters count
 * @param lang of the conversation so far; default: by the text's script
 */
export function explain(
  whole: string,
  { parts, recognizer, place }: ExplainWith,
  lang: Lang | undefined,
): Explanation {
  const text = cap(whole);
  const spoken = lang ?? detectLang(text) ?? 'zh';
  const { knowledge, situation, decision } = consider(parts, {
    inbound: {
      id: 'explain',
      address: { channel: 'web', account: 'default', conversation: 'explain', user: 'explain' },
      content: { kind: 'text', text },
      at: parts.clock.now(),
      lang: spoken,
    },
    session: undefined,
  });
  const { understood } = situation;
  const script = readIn(text, detectLang(text) ?? spoken);
  const { normalised, masked, sounds } = analyze(text, script);
  const { ranked, rejected } = recognizer.recognize(text, script);
  const searched = understood.hits.length > 0;
  const found = searched ? understood.hits : searchAnyway(knowledge, text, script, ranked);
  return {
    text,
    lang: understood.lang,
    readIn: script,
    normalised,
    masked,
    segments: segment(text, script).map((s) => s.text),
    sounds,
    question: understood.question,
    entities: findEntities(text, {
      lang: script,
      now: parts.clock.now(),
      lexicon: knowledge.named,
    }),
    clauses: clausesOf(text).map((clause) => clause.text),
    intents: ranked.slice(0, SHOWN.intents),
    threshold: recognizer.threshold(script),
    rejected,
    features: ranked.slice(0, 2).map(({ intent, score }) => ({
      intent,
      score,
      terms: recognizer.contributions(text, script, intent).slice(0, SHOWN.features),
    })),
    negation: {
      ...negatedScope(text, script),
      ...(understood.negated === undefined ? {} : { refused: understood.negated }),
    },
    decisive: understood.intents.slice(0, SHOWN.intents),
    hits: found.map((hit) => ({
      ...hit,
      source: place({ text: hit.question, intent: `${FAQ_INTENT}${hit.entry}` }),
    })),
    searched,
    thresholds: situation.thresholds,
    decision,
    reason: reasonOf(situation, decision),
  };
}

/** What would be found: the turn does not search where the words alone decide. */
function searchAnyway(
  knowledge: Knowledge,
  text: string,
  lang: Lang,
  ranked: readonly ScoredIntent[],
): readonly Hit[] {
  const classified = ranked
    .filter(({ intent }) => intent.startsWith(FAQ_INTENT))
    .map(({ intent, score }) => [intent.slice(FAQ_INTENT.length), score] as const);
  return knowledge.search(text, lang, new Map(classified));
}
