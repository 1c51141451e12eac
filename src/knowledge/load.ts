import { FileError } from '../errors.ts';
import type { Hit, Lang } from '../message.ts';
import type { Clock } from '../store/store.ts';
import type { Lexicon } from '../text/entities/lexicon.ts';
import { pickAnswer } from './answer.ts';
import { readCommands, readDialogs } from './dialogs.ts';
import { defaultAnswer, isLive, readEntries } from './entries.ts';
import type { LiveEntry } from './entries.ts';
import { FaultCollector } from './faults.ts';
import { KnowledgeFiles } from './files.ts';
import type { Sources } from './files.ts';
import { readLexicon, type Words } from './lexicon.ts';
import { Library } from './search/library.ts';
import type { Volume } from './search/library.ts';
import type { Thresholds } from './search/thresholds.ts';
import { addWording, Texts } from './texts.ts';
import { FAQ_INTENT } from './types.ts';
import type { DialogKnowledge, Knowledge, Utterance } from './types.ts';

const DEFAULT_LIMIT = 6;

interface Parts {
  readonly version: string;
  readonly live: readonly LiveEntry[];
  readonly dialogs: ReadonlyMap<string, DialogKnowledge>;
  readonly commands: ReadonlyMap<string, DialogKnowledge['utterances']>;
  readonly texts: Texts;
  readonly words: Words;
  /** Names the synonyms. */
  readonly lexicon: string;
  readonly clock: Clock;
}

/** A version of the knowledge as it was made of the files. */
export class Snapshot implements Knowledge {
  readonly version: string;
  readonly entries: ReadonlyMap<string, LiveEntry>;
  readonly dialogs: ReadonlyMap<string, DialogKnowledge>;
  readonly named: Lexicon;
  readonly #parts: Parts;
  #library: Library | undefined;
  readonly #utterances: Readonly<Record<Lang, readonly Utterance[]>>;

  constructor(parts: Parts) {
    this.version = parts.version;
    this.entries = new Map(parts.live.map((entry) => [entry.id, entry]));
    this.dialogs = parts.dialogs;
    this.named = parts.words.entities;
    this.#parts = parts;
    this.#utterances = { zh: this.#training('zh'), en: this.#training('en') };
  }

  utterances(lang: Lang): readonly Utterance[] {
    return this.#utterances[lang];
  }

  search(
    text: string,
    lang: Lang,
    classified?: ReadonlyMap<string, number>,
    limit = DEFAULT_LIMIT,
  ): readonly Hit[] {
    const now = this.#parts.clock.now();
    const found = this.#index().search(text, lang, {
      allow: (id) => isLive(this.entries.get(id) ?? NEVER, now),
      ...(classified === undefined ? {} : { classified }),
    });
    return found.slice(0, Math.max(0, limit)).flatMap(({ id, score, by }): Hit[] => {
      const entry = this.entries.get(id);
      if (entry === undefined) return [];
      const question = entry.question[lang] ?? entry.utterances[lang][0] ?? '';
      return [{ entry: entry.id, revision: entry.revision, score, by, question }];
    });
  }

  thresholds(lang: Lang): Thresholds {
    return this.#index().thresholds(lang);
  }

  answer(id: string, lang: Lang, channel: string, now: number): string | undefined {
    const entry = this.entries.get(id);
    if (entry === undefined || !isLive(entry, now)) return undefined;
    return pickAnswer(entry.answers, lang, channel);
  }

  text(key: string, lang: Lang, vars: Readonly<Record<string, string>> = {}, vary = 0): string {
    return this.#parts.texts.get(key, lang, vars, vary);
  }

  hasText(key: string): boolean {
    return this.#parts.texts.has(key);
  }

  placeholders(key: string): readonly string[] {
    return this.#parts.texts.placeholders(key);
  }

  /**
   * Makes this version ready to be searched, before the first turn needs it.
   * @param before the version served until now: what both have in common is not indexed again. It shares
   *   the index from then on, and finds only those of its entries that this version has too.
   * @returns the index
   */
  open(before?: Snapshot): Library {
    const { live, lexicon, words } = this.#parts;
    const shared =
      before !== undefined && before.#parts.lexicon === lexicon ? before.#library : undefined;
    const library = shared ?? new Library(words.synonyms);
    library.hold(live.map(volumeOf));
    this.#library = library;
    return library;
  }

  /** This version as if some lines of its entries were not there: for measuring what unseen ones get. */
  without(left: (line: Utterance) => boolean): Snapshot {
    const kept = (entry: LiveEntry, lang: Lang) =>
      entry.utterances[lang].filter((text) => !left({ text, intent: `${FAQ_INTENT}${entry.id}` }));
    const live = this.#parts.live.map((entry) => ({
      ...entry,
      utterances: { zh: kept(entry, 'zh'), en: kept(entry, 'en') },
    }));
    return new Snapshot({ ...this.#parts, live });
  }

  #index(): Library {
    return this.#library ?? this.open();
  }

  #training(lang: Lang): readonly Utterance[] {
    const { live, dialogs, commands } = this.#parts;
    const lines = (texts: readonly string[], intent: string) =>
      texts.map((text): Utterance => ({ text, intent }));
    return [
      ...live.flatMap((e) => lines(e.utterances[lang], `${FAQ_INTENT}${e.id}`)),
      ...[...dialogs].flatMap(([id, d]) => lines(d.utterances[lang], `dialog.${id}`)),
      ...[...commands].flatMap(([name, c]) => lines(c[lang], `command.${name}`)),
    ];
  }
}

function volumeOf(entry: LiveEntry): Volume {
  const searchable = (lang: Lang) => ({
    utterances: entry.utterances[lang],
    answer: defaultAnswer(entry, lang),
  });
  return {
    id: entry.id,
    revision: entry.revision,
    in: { zh: searchable('zh'), en: searchable('en') },
  };
}

const NEVER = { validFrom: Infinity, validUntil: -Infinity } as LiveEntry;

/**
 * Makes knowledge of the files that were read. Call {@link Snapshot.open} before it is served.
 * @throws FileError with the faults of all files at once, those of reading among them
 */
export function knowledgeOf(sources: Sources, clock: Clock, faults: FaultCollector): Snapshot {
  const texts = new Texts();
  const read = readEntries(sources.faq, faults);
  const dialogs = readDialogs(sources.dialogs, texts, faults);
  const words = readLexicon(sources.lexicon, faults);
  const commands =
    sources.commands === undefined ? new Map() : readCommands(sources.commands, faults);
  if (sources.wording !== undefined) addWording(texts, sources.wording, faults);
  if (faults.faults.length > 0) throw new FileError(faults.faults);
  const now = clock.now();
  const live = read.filter((entry) => now <= entry.validUntil);
  const { version } = sources;
  const lexicon = sources.lexicon?.text ?? '';
  return new Snapshot({ version, live, dialogs, commands, texts, words, lexicon, clock });
}

/**
 * Reads everything under a knowledge folder once.
 * Use it in tests and commands; a server that should see later edits uses `watchKnowledge`.
 * @param options.clock decides which entries are live, at each search anew; an entry that has expired
 *   by now is left out for good
 * @throws FileError with every fault of every file
 */
export async function loadKnowledge(options: {
  readonly dir: string;
  readonly clock: Clock;
}): Promise<Snapshot> {
  const faults = new FaultCollector();
  const sources = await new KnowledgeFiles(options.dir).read(faults);
  const knowledge = knowledgeOf(sources, options.clock, faults);
  knowledge.open();
  return knowledge;
}
