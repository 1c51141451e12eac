import type { Lang } from '../message.ts';
import { lexiconOf, type Lexicon } from '../text/entities/lexicon.ts';
import type { FaultCollector, Source } from './faults.ts';
import { lexiconFile } from './schema.ts';
import { Synonyms } from './search/synonyms.ts';

/** What `lexicon.yaml` tells. */
export interface Words {
  readonly synonyms: Readonly<Record<Lang, Synonyms>>;
  /** Products and other things with names, to be found in messages. */
  readonly entities: Lexicon;
}

/** Reads `lexicon.yaml`; without the file nothing is a synonym and nothing has a name. */
export function readLexicon(source: Source | undefined, faults: FaultCollector): Words {
  const file = source === undefined ? undefined : faults.check(source, lexiconFile, source.value);
  const groups = file?.synonyms ?? { zh: [], en: [] };
  for (const lang of ['zh', 'en'] as const) {
    const seen = new Map<string, number>();
    for (const [i, group] of groups[lang].entries()) {
      for (const [k, word] of group.entries()) {
        const other = seen.get(word);
        seen.set(word, i);
        if (other === undefined || source === undefined) continue;
        const fault = `"${word}" stands twice`;
        faults.add(source, ['synonyms', lang, i, k], fault, 'keep a word in one group only');
      }
    }
  }
  const things = file?.entities ?? [];
  const ids = new Set<string>();
  for (const [i, { id }] of things.entries()) {
    if (ids.has(id) && source !== undefined) {
      faults.add(
        source,
        ['entities', i, 'id'],
        `"${id}" stands twice`,
        'write all names in one place',
      );
    }
    ids.add(id);
  }
  return {
    synonyms: { zh: new Synonyms('zh', groups.zh), en: new Synonyms('en', groups.en) },
    entities: lexiconOf(
      things.map(({ id, type, zh, en }) => ({ id, type, names: [...zh, ...en] })),
    ),
  };
}
