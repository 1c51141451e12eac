import { createHash } from 'node:crypto';
import type { Lang } from '../message.ts';
import { pickAnswer } from './answer.ts';
import type { FaultCollector, Source } from './faults.ts';
import { faqEntry } from './schema.ts';
import type { FaqEntry } from './schema.ts';
import type { Entry } from './types.ts';

/** An entry of status `live`, with what decides whether and what it answers now. */
export interface LiveEntry extends Entry {
  readonly answers: FaqEntry['answer'];
  /** Milliseconds since 1970; inclusive. */
  readonly validFrom: number;
  readonly validUntil: number;
}

/** Does the entry answer at this time? */
export function isLive(entry: LiveEntry, now: number): boolean {
  return entry.validFrom <= now && now <= entry.validUntil;
}

/** What the entry says by default in a language, for search. */
export function defaultAnswer(entry: LiveEntry, lang: Lang): string {
  return pickAnswer(entry.answers, lang, 'default') ?? '';
}

function utterancesIn(entry: FaqEntry, lang: Lang): readonly string[] {
  const main = entry.question[lang];
  return [...new Set([...(main === undefined ? [] : [main]), ...entry.alike[lang]])];
}

function toLive(entry: FaqEntry, raw: unknown, file: string): LiveEntry {
  const { zh, en } = entry.question;
  return {
    id: entry.id,
    revision: createHash('sha256').update(JSON.stringify(raw)).digest('hex').slice(0, 12),
    file,
    tags: entry.tags,
    question: { ...(zh === undefined ? {} : { zh }), ...(en === undefined ? {} : { en }) },
    utterances: { zh: utterancesIn(entry, 'zh'), en: utterancesIn(entry, 'en') },
    answers: entry.answer,
    validFrom: entry.validFrom ?? -Infinity,
    validUntil: entry.validUntil ?? Infinity,
  };
}

function idOf(raw: unknown): unknown {
  return raw !== null && typeof raw === 'object' && 'id' in raw ? raw.id : undefined;
}

/**
 * Reads the files of `faq/`.
 * @returns entries of status `live`, whatever the date, in the order of the files
 */
export function readEntries(
  sources: readonly Source[],
  faults: FaultCollector,
): readonly LiveEntry[] {
  const live: LiveEntry[] = [];
  const seen = new Map<string, string>();
  for (const source of sources) {
    if (!Array.isArray(source.value)) {
      const mend = 'begin each entry with "- id:"';
      faults.add(source, [], 'not a list of entries', mend);
      continue;
    }
    for (const [i, raw] of (source.value as unknown[]).entries()) {
      const id = idOf(raw);
      if (typeof id === 'string') {
        const other = seen.get(id);
        if (other !== undefined) {
          faults.add(
            source,
            [i, 'id'],
            `"${id}" is also in ${other}`,
            'give one of them another id',
          );
        }
        seen.set(id, source.file);
      }
      const entry = faults.check(source, faqEntry, raw, [i]);
      if (entry === undefined) continue;
      if ((entry.validFrom ?? -Infinity) > (entry.validUntil ?? Infinity)) {
        faults.add(
          source,
          [i, 'validUntil'],
          'is before validFrom',
          'correct one of the two dates',
        );
      }
      if (entry.status === 'live') live.push(toLive(entry, raw, source.file));
    }
  }
  return live;
}
