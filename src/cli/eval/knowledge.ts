/** `npm run eval -- --knowledge`: how well a knowledge base answers, by cross-validation of itself. */
import { readFile } from 'node:fs/promises';
import { processEnv, readConfig } from '../../config.ts';
import { loadKnowledge } from '../../knowledge/load.ts';
import { createLogger } from '../../log.ts';
import type { Lang } from '../../message.ts';
import { withThrowaway } from '../throwaway.ts';
import type { Shown } from './files.ts';
import { knowledgeTrials } from './knowledge-trials.ts';
import { knowledgeReport, knowledgeText, type KnowledgeReport } from './knowledge-report.ts';

/** What is measured. */
export interface KnowledgeOptions extends Shown {
  /** Folder of the knowledge; default `KNOWLEDGE_DIR`. */
  readonly dir?: string;
}

const LANGS = ['zh', 'en'] as const;

/**
 * Holds each question of each entry out in turn (of search and of the classifier, in five parts), each
 * entry as a whole, and sends messages that no shop answers; prints what the bot would have said.
 * Nothing is cached or written. Some two minutes for the demo shop.
 * @throws FileError with every fault of the knowledge files
 */
export async function evaluateKnowledge({
  dir,
  json,
  lang: only,
}: KnowledgeOptions): Promise<void> {
  const config = readConfig(processEnv());
  const knowledgeDir = dir ?? config.knowledgeDir;
  const reports: Partial<Record<Lang, KnowledgeReport>> = {};
  const knowledge = await loadKnowledge({ dir: knowledgeDir, clock: { now: () => Date.now() } });
  const places = { dialogsDir: config.dialogsDir, knowledgeDir, logger: createLogger('silent') };
  await withThrowaway(places, async ({ engine: { parts } }) => {
    for (const lang of only === undefined ? LANGS : [only]) {
      const trials = await knowledgeTrials({
        knowledge,
        parts,
        lang,
        offTopic: await offTopic(lang),
        progress: (what) => console.error(`${lang}: ${what} …`),
      });
      const report = knowledgeReport(trials, knowledge.thresholds(lang));
      reports[lang] = report;
      if (!json) console.log(`${lang}\n${knowledgeText(report)}\n`);
    }
  });
  if (json) console.log(JSON.stringify(reports));
}

/** Messages that no entry of a shop answers: small talk, the weather, abuse, goods it does not have. */
async function offTopic(lang: Lang): Promise<readonly string[]> {
  const file = new URL(`off-topic.${lang}.txt`, import.meta.url);
  return (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
}
