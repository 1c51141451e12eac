/** What is indexed and asked: a large made-up base, the demo shop, and labelled files. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readLabelled } from '../../src/cli/eval/labelled-file.ts';
import { loadKnowledge } from '../../src/knowledge/load.ts';
import type { Lang, Utterance } from '../../src/message.ts';
import { corpus, some, type Entry, type Question } from './corpus.ts';

/** One base and the questions asked of it. */
export interface Base {
  readonly entries: readonly Entry[];
  readonly questions: readonly Question[];
}

/** Names a set; `file` is a training file with its validation file beside it. */
export type SetName =
  | { readonly kind: 'large'; readonly lang: Lang; readonly size: number; readonly asked: number }
  | { readonly kind: 'shop'; readonly lang: Lang }
  | { readonly kind: 'labelled'; readonly lang: Lang; readonly file: string };

const FOLDS = 5;
/** Labelled files that have a validation split, by language. */
const FILES: readonly (readonly [string, Lang])[] = [
  ['massive_zh', 'zh'],
  ['clinc150', 'en'],
  ['hwu64', 'en'],
  ['banking77', 'en'],
];

/** The labelled files of a folder. */
export function labelledSets(dir: string): SetName[] {
  return FILES.map(([name, lang]) => ({ file: join(dir, `${name}.train.tsv`), lang }))
    .filter(({ file }) => existsSync(file))
    .map((found) => ({ kind: 'labelled', ...found }));
}

/** Several bases where questions are held out in parts. */
export async function basesOf(set: SetName): Promise<readonly Base[]> {
  switch (set.kind) {
    case 'large': {
      const { entries, questions } = corpus(set.lang, set.size);
      return [{ entries, questions: some(questions, set.asked, 1) }];
    }
    case 'shop': {
      const clock = { now: () => Date.parse('2026-11-22T10:00:00+08:00') };
      const { entries, ...shop } = { ...(await shopEntries(clock, set.lang)) };
      return foldsOf(shop.lines, entries);
    }
    case 'labelled':
      return labelledBases(set.file);
  }
}

async function shopEntries(clock: { now(): number }, lang: Lang) {
  const knowledge = await loadKnowledge({
    dir: join(import.meta.dirname, '../../knowledge'),
    clock,
  });
  const answers = new Map<string, string>();
  const lines: Utterance[] = [];
  for (const { id, utterances } of knowledge.entries.values()) {
    answers.set(id, knowledge.answer(id, lang, 'web', clock.now()) ?? '');
    lines.push(...utterances[lang].map((text) => ({ text, intent: id })));
  }
  return { lines, entries: answers };
}

/** An intent is an entry, its training lines are the questions; it has no answer. */
async function labelledBases(file: string): Promise<readonly Base[]> {
  const train = (await readLabelled(file)).filter(({ intent }) => intent !== 'oos');
  const valid = file.replace('.train.', '.valid.');
  if (!existsSync(valid)) return foldsOf(train, new Map());
  const asked = (await readLabelled(valid)).filter(({ intent }) => intent !== 'oos');
  return [{ entries: entriesOf(train, new Map()), questions: asked.map(questionOf) }];
}

const questionOf = ({ text, intent }: Utterance): Question => ({ text, id: intent });

function foldsOf(lines: readonly Utterance[], answers: ReadonlyMap<string, string>): Base[] {
  return Array.from({ length: FOLDS }, (_, fold) => ({
    entries: entriesOf(
      lines.filter((_line, i) => i % FOLDS !== fold),
      answers,
    ),
    questions: lines.filter((_line, i) => i % FOLDS === fold).map(questionOf),
  }));
}

function entriesOf(lines: readonly Utterance[], answers: ReadonlyMap<string, string>): Entry[] {
  const byIntent = new Map<string, string[]>();
  for (const { text, intent } of lines) {
    const same = byIntent.get(intent);
    if (same === undefined) byIntent.set(intent, [text]);
    else same.push(text);
  }
  return [...byIntent].map(([id, questions]) => ({ id, questions, answer: answers.get(id) ?? '' }));
}
