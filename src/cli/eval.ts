/**
 * `npm run eval -- --train FILE --test FILE`: trains on one labelled file, tests on another.
 * `npm run eval -- --train FILE`: cross-validates one file, with advice to its author.
 * `npm run eval -- --own`: the same for the training lines of `KNOWLEDGE_DIR`, each language.
 * `npm run eval -- --knowledge [--dir DIR]`: how well the knowledge base answers, each language.
 * `npm run eval -- --all DIR [--out FILE] [--baseline]`: every `X.train.tsv` of a folder.
 */
import { parseArgs } from 'node:util';
import { evaluateAll } from './eval/all.ts';
import { exitCodeOf } from './eval/exit-code.ts';
import { evaluateFiles } from './eval/files.ts';
import { evaluateKnowledge } from './eval/knowledge.ts';
import { evaluateOwn } from './eval/own.ts';

const USAGE = `usage: npm run eval -- --train FILE [--test FILE] [--lang zh|en] [--json]
       npm run eval -- --own [--lang zh|en] [--json]
       npm run eval -- --knowledge [--dir DIR] [--lang zh|en] [--json]
       npm run eval -- --all DIR [--only NAME,…] [--baseline] [--out FILE] [--json]`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      train: { type: 'string' },
      test: { type: 'string' },
      lang: { type: 'string' },
      json: { type: 'boolean', default: false },
      own: { type: 'boolean', default: false },
      knowledge: { type: 'boolean', default: false },
      dir: { type: 'string' },
      all: { type: 'string' },
      only: { type: 'string' },
      out: { type: 'string' },
      baseline: { type: 'boolean', default: false },
    },
  });
  const { train, test, json, all, only, out, baseline } = values;
  const lang = (['zh', 'en'] as const).find((known) => known === values.lang);
  if (values.lang !== undefined && lang === undefined) {
    console.error(`--lang: "${values.lang}" is not zh or en`);
    return usage();
  }
  const how = { json, ...(lang === undefined ? {} : { lang }) };
  if (train !== undefined) {
    await evaluateFiles(train, test, how);
  } else if (values.own) {
    await evaluateOwn(how);
  } else if (values.knowledge) {
    await evaluateKnowledge({ ...how, ...(values.dir === undefined ? {} : { dir: values.dir }) });
  } else if (all !== undefined) {
    const wanted = only?.split(',');
    await evaluateAll(all, {
      json,
      baseline,
      ...(wanted === undefined ? {} : { only: wanted }),
      ...(out === undefined ? {} : { out }),
    });
  } else return usage();
  return 0;
}

function usage(): number {
  console.error(USAGE);
  return 2;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = exitCodeOf(error, USAGE);
}
