/**
 * `npm run -s labels [-- --lang zh|en] > picks.jsonl`: the similar questions that customers picked, as
 * a labelled file for `npm run eval`: `text`, `intent` (`faq.<id>`), and what else is known.
 */
import { parseArgs } from 'node:util';
import { processEnv, readConfig } from '../config.ts';
import { messageOf } from '../errors.ts';
import { readLabelFile } from '../store/label-file.ts';

const USAGE = 'usage: npm run -s labels [-- --lang zh|en]';

function main(): number {
  const { values } = parseArgs({ options: { lang: { type: 'string' } } });
  const { lang: wanted } = values;
  if (wanted !== undefined && wanted !== 'zh' && wanted !== 'en') {
    console.error(`--lang: "${wanted}" is not zh or en\n${USAGE}`);
    return 2;
  }
  let count = 0;
  for (const { text, entry, lang, at, offered } of readLabelFile(
    readConfig(processEnv()).dataDir,
  )) {
    if (wanted !== undefined && lang !== wanted) continue;
    const picked = new Date(at).toISOString();
    console.log(JSON.stringify({ text, intent: `faq.${entry}`, lang, at: picked, offered }));
    count += 1;
  }
  console.error(`${count} labelled pairs`);
  return 0;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
