import { processEnv, readConfig } from '../../config.ts';
import { loadKnowledge } from '../../knowledge/load.ts';
import type { Lang } from '../../message.ts';
import type { Advice } from '../../understanding/advice.ts';
import { adviceOf, adviceText } from './advice-text.ts';
import { oursAsConfigured } from './embeddings.ts';
import { crossValidate, FOLDS, type Report } from './evaluate.ts';
import type { Shown } from './files.ts';
import { placesOf } from './places.ts';
import { tableOf } from './table.ts';

/**
 * Cross-validates the training lines of `KNOWLEDGE_DIR`, each language by itself, and advises their
 * authors with file and line. Nothing is cached or written.
 * @throws FileError with every fault of the knowledge files
 */
export async function evaluateOwn({ json, lang: only }: Shown): Promise<void> {
  const { knowledgeDir } = readConfig(processEnv());
  const ours = await oursAsConfigured();
  const knowledge = await loadKnowledge({ dir: knowledgeDir, clock: { now: () => Date.now() } });
  const placeOf = await placesOf(knowledge, knowledgeDir);
  const results: Partial<Record<Lang, Report & { folds: number; advice: Advice }>> = {};
  for (const lang of only === undefined ? (['zh', 'en'] as const) : [only]) {
    const lines = knowledge.utterances(lang);
    if (lines.length === 0) continue;
    const measured = await crossValidate(
      ours,
      lang,
      lines,
      () => performance.now(),
      (fold) => console.error(`${lang}: cross-validating ${lines.length} lines, part ${fold} …`),
    );
    const advice = adviceOf(lines, lang, measured.tested);
    results[lang] = { ...measured.report, folds: FOLDS, advice };
    if (json) continue;
    const place = (i: number): string => {
      const line = lines[i];
      return line === undefined ? knowledgeDir : placeOf(line);
    };
    console.log(`${lang}\n${tableOf(measured.report)}\n\n${adviceText(advice, lines, place)}\n`);
  }
  if (json) console.log(JSON.stringify(results));
}
