/** The form of each kind of file under `knowledge/`; `knowledge/README.md` describes it for authors. */
import { z } from 'zod';
import { detectLang } from '../text/analyzer.ts';
import type { Lang } from '../message.ts';
import { answer } from './answer.ts';
import { date } from './dates.ts';
import { keyed, leaf, textKey, word, words } from './text-leaf.ts';

/** Longest way to ask something, in UTF-16 units. */
const utterance = z.string().trim().min(1).max(500);
const utteranceList = z.array(utterance).max(1000);

type ByLang<T> = Readonly<Record<Lang, T>>;

/** The language an unmarked utterance is searched in: any Han character makes it Chinese. */
function scriptOf(text: string): Lang {
  return detectLang(text) ?? 'en';
}

const question = z.preprocess(
  (value) => (typeof value === 'string' ? { [scriptOf(value)]: value } : value),
  keyed({ zh: utterance.optional(), en: utterance.optional() }).refine(
    (q) => q.zh !== undefined || q.en !== undefined,
    { message: 'no question', params: { mend: 'write it in zh or en, best in both' } },
  ),
);

const alikeByLang = keyed({ zh: utteranceList.default([]), en: utteranceList.default([]) });

/** A flat list, sorted by script, or a list for each language. */
const alike = z.unknown().transform((value, ctx): ByLang<string[]> => {
  const result = (Array.isArray(value) ? utteranceList : alikeByLang).safeParse(value);
  if (!result.success) {
    for (const issue of result.error.issues) ctx.addIssue({ ...issue });
    return z.NEVER;
  }
  if (!Array.isArray(result.data)) return result.data;
  const sorted: Record<Lang, string[]> = { zh: [], en: [] };
  for (const text of result.data) sorted[scriptOf(text)].push(text);
  return sorted;
});

const id = z
  .string()
  .max(80)
  .regex(/^[a-z0-9][a-z0-9.-]*$/, 'use small letters, digits, dots and dashes: refund-time');

/** One entry of `faq/*.yaml`. */
export const faqEntry = keyed({
  id,
  question,
  alike: alike.default({ zh: [], en: [] }),
  answer,
  tags: words.default([]),
  owner: word.optional(),
  validFrom: date('first').optional(),
  validUntil: date('last').optional(),
  reviewBy: date('last').optional(),
  status: z.enum(['draft', 'review', 'live']).default('draft'),
  audience: words.optional(),
});

export type FaqEntry = z.infer<typeof faqEntry>;

const utterances = keyed({ zh: utteranceList.min(1), en: utteranceList.min(1) });

const label = words.pipe(z.array(word.regex(/^[^{}]*$/, 'labels have no braces')).min(1));
const labels = keyed({ zh: label, en: label });

const choice = keyed({
  title: word,
  alike: words.default([]),
});

/** One file `dialogs/<id>.yaml`. */
export const dialogFile = keyed({
  name: leaf,
  utterances: utterances.default({ zh: [], en: [] }),
  slots: z
    .record(
      textKey,
      keyed({
        label: labels,
        ask: leaf,
        why: leaf.optional(),
        reasons: z.record(textKey, leaf).default({}),
        choices: z.record(textKey, keyed({ zh: choice, en: choice })).default({}),
      }),
    )
    .default({}),
  say: z.record(textKey, leaf).default({}),
});

export type DialogFile = z.infer<typeof dialogFile>;

/** What customers can say at any time, by the name the conversation knows it under. */
const command = keyed({ utterances }).optional();

/** `commands.yaml` */
export const commandsFile = keyed({
  cancel: command,
  help: command,
  repeat: command,
  why: command,
  refuse: command,
  unknown: command,
  correct: command,
  wait: command,
  greeting: command,
  thanks: command,
  bye: command,
  abuse: command,
});

const synonymGroups = z.array(z.array(word).min(2).max(100)).max(2000).default([]);

const names = z.array(word).max(100).default([]);

/** A thing that customers call by its names. */
const thing = keyed({ id, type: id.default('product'), zh: names, en: names }).refine(
  ({ zh, en }) => zh.length + en.length > 0,
  { message: 'no name', params: { mend: 'write its names in zh, en or both' } },
);

/** `lexicon.yaml` */
export const lexiconFile = keyed({
  synonyms: keyed({ zh: synonymGroups, en: synonymGroups }).default({ zh: [], en: [] }),
  entities: z.array(thing).max(5000).default([]),
});
