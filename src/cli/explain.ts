/**
 * `npm run explain -- "text" [--lang zh|en] [--json]`: how the first message of a conversation is read,
 * and what is decided about it. Nothing is done, sent or stored; models are cached as `npm start` does.
 */
import { parseArgs } from 'node:util';
import { modelsDir } from '../app.ts';
import { processEnv, readConfig } from '../config.ts';
import { createLogger } from '../log.ts';
import type { Lang } from '../message.ts';
import { exitCodeOf } from './eval/exit-code.ts';
import { placesOf } from './eval/places.ts';
import { explain } from './explain/explain.ts';
import { explanationText } from './explain/text.ts';
import { withThrowaway } from './throwaway.ts';

const USAGE = 'usage: npm run explain -- "text" [--lang zh|en] [--json]';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { lang: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const text = positionals.join(' ');
  const lang = (['zh', 'en'] as const).find((known) => known === values.lang);
  const unknown = values.lang !== undefined && lang === undefined;
  if (unknown) console.error(`--lang: "${values.lang}" is not zh or en`);
  if (text === '' || unknown) {
    console.error(USAGE);
    return 2;
  }
  const explanation = await explained(text, lang);
  console.log(values.json ? JSON.stringify(explanation) : explanationText(explanation));
  return 0;
}

/** Explains with the shop's own content, on a store that is thrown away. */
async function explained(text: string, lang: Lang | undefined) {
  const { dialogsDir, knowledgeDir, dataDir, logLevel } = readConfig(processEnv());
  const logger = createLogger(logLevel === 'info' ? 'silent' : logLevel, {
    write: (line) => process.stderr.write(line),
  });
  const places = { dialogsDir, knowledgeDir, modelsDir: modelsDir(dataDir), logger };
  return withThrowaway(places, async ({ content, engine }) => {
    const place = await placesOf(content.knowledge.current(), knowledgeDir);
    const recognizer = content.understanding.current;
    return explain(text, { parts: engine.parts, recognizer, place }, lang);
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = exitCodeOf(error, USAGE);
}
