/** What is served from `knowledge/`, after the files were read and checked. */
import type { Hit, Lang, Utterance } from '../message.ts';
import type { Lexicon } from '../text/entities/lexicon.ts';

export type { Utterance } from '../message.ts';

/** A live FAQ entry as answers use it. */
export interface Entry {
  readonly id: string;
  /** Changes whenever the entry's content changes. */
  readonly revision: string;
  readonly file: string;
  readonly tags: readonly string[];
  /** Main question for each language that has one. */
  readonly question: Readonly<Partial<Record<Lang, string>>>;
  /** Every way to ask it, the main question first, by the language of its script. */
  readonly utterances: Readonly<Record<Lang, readonly string[]>>;
}

/** Prefix of the intent that an FAQ entry trains: `faq.` + id. */
export const FAQ_INTENT = 'faq.';

/** A choice of a slot in one language. */
export interface ChoiceWording {
  readonly title: string;
  readonly alike: readonly string[];
}

/** Wording and utterances of one dialog, from `knowledge/dialogs/<id>.yaml`. */
export interface DialogKnowledge {
  readonly file: string;
  readonly utterances: Readonly<Record<Lang, readonly string[]>>;
  /** Choices by slot, value and language. */
  readonly choices: Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<Lang, ChoiceWording>>>>>
  >;
  /** `slots.<slot>.label` by slot and language, all of them. */
  readonly labels: Readonly<Record<string, Readonly<Record<Lang, readonly string[]>>>>;
  /** Line of a key path in the file, for faults found by others. */
  line(key: string): number | undefined;
}

/** One consistent version of everything under `knowledge/`. A reload makes a new one and swaps it in. */
export interface Knowledge {
  /** Hash over all files; names the version in transcripts and model caches. */
  readonly version: string;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly dialogs: ReadonlyMap<string, DialogKnowledge>;
  /** Products and other things of `lexicon.yaml`, for `findEntities`. */
  readonly named: Lexicon;
  /** Training lines of entries, dialogs (`dialog.<id>`) and commands (`command.<name>`), by language. */
  utterances(lang: Lang): readonly Utterance[];
  /**
   * Entries that fit, best first, at most `limit` (default 6).
   * @param classified activation by entry id from the recognizer, where there is one
   */
  search(
    text: string,
    lang: Lang,
    classified?: ReadonlyMap<string, number>,
    limit?: number,
  ): readonly Hit[];
  /** The two thresholds: at or above `answer` it is the answer; at or above `suggest` it is offered. */
  thresholds(lang: Lang): { readonly answer: number; readonly suggest: number };
  /** The answer for a language and channel; `undefined` where the entry is not live (any more). */
  answer(entry: string, lang: Lang, channel: string, now: number): string | undefined;
  /** Text by key; see `Wording` in `src/dialog/ports.ts`. Throws Defect for an unknown key. */
  text(key: string, lang: Lang, vars?: Readonly<Record<string, string>>, vary?: number): string;
  hasText(key: string): boolean;
  /** Names of the placeholders in a text; empty for an unknown key. */
  placeholders(key: string): readonly string[];
}
