/** Pairs of a customer's words and the entry they picked: labelled data for the classifier. */
import { mask } from '../log.ts';
import type { Lang } from '../message.ts';
import type { LabelWrite } from '../store/store.ts';
import { cap } from '../text/analyzer.ts';

/** The similar questions that were offered, and for which words. */
export interface Suggested {
  /** As the customer wrote it, with private numbers masked as logs are; at most 500 characters. */
  readonly text: string;
  readonly lang: Lang;
  /** Entries in the order they were shown. */
  readonly offered: readonly string[];
  readonly at: number;
}

/** Longest text kept, in UTF-16 units. */
const LONGEST = 500;
/** Masked with so much more behind it: half of a number at the cut would not look like one. */
const MARGIN = 100;
/** A pick later than this, in ms, says little about those words: 30 minutes. */
const LIFETIME_MS = 30 * 60_000;

/** What is kept of an offer. */
export function suggested(
  text: string,
  lang: Lang,
  offered: readonly string[],
  at: number,
): Suggested {
  const masked = mask(text.slice(0, LONGEST + MARGIN));
  return { text: cap(masked, LONGEST), lang, offered, at };
}

/** The pair that a pick makes; none where it was not among what was offered last, or came late. */
export function labelOf(
  offer: Suggested | undefined,
  entry: string,
  now: number,
): LabelWrite | undefined {
  if (!offer?.offered.includes(entry)) return undefined;
  if (now - offer.at > LIFETIME_MS || offer.text.trim() === '') return undefined;
  const { text, lang, offered } = offer;
  return { text, lang, entry, offered, at: now };
}
