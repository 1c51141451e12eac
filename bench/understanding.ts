import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import { setRows } from '../src/cli/eval/set-table.ts';
import { CONTENDERS, findSets, measureSets, type SetReport } from '../src/cli/eval/sets.ts';
import { ConfigError } from '../src/errors.ts';
import { reliabilityChart } from './charts.ts';
import { readOptions } from './options.ts';
import { describeMachine, printTable, writeResult } from './result.ts';

const DOCS = join(import.meta.dirname, '../docs');
const RESULTS = join(import.meta.dirname, 'results');
const BEGIN = '<!-- figures: npm run bench -- understanding -->';
const END = '<!-- end of figures -->';

/**
 * Recognition on labelled sets beside node-nlp, on the validation file of each set or by
 * cross-validation: figures, the tables of `docs/understanding*.md`, and a calibration plot a set.
 * With `--only A,B` the other sets keep what was measured before, and so does node-nlp with
 * `--baseline 0`.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const settings = readOptions(args, { data: '', only: '', baseline: 1 });
  if (settings.data === '') {
    const fault = 'is missing: a folder with labelled sets, X.train.tsv and X.valid.tsv';
    throw new ConfigError([{ name: '--data', fault }]);
  }
  const machine = await describeMachine();
  const only = settings.only === '' ? undefined : settings.only.split(',');
  const sets = await findSets(settings.data, only);
  const contenders = settings.baseline === 0 ? (['ours'] as const) : CONTENDERS;
  const measured = await measureSets(sets, contenders, (set, contender) =>
    console.error(`${set}: ${contender} …`),
  );
  const reports = only === undefined ? measured : await withEarlier(measured);
  printTable(setRows(reports));
  const command = ['npm run bench -- understanding', ...args].join(' ');
  const file = await writeResult('understanding', { command, machine, settings, sets: reports });
  await drawCharts(reports);
  for (const name of ['understanding.md', 'understanding.zh-CN.md']) {
    await replaceTable(join(DOCS, name), markdown(reports));
  }
  console.log(file);
}

/** With what was measured before: of other sets, and of contenders that did not run this time. */
async function withEarlier(measured: readonly SetReport[]): Promise<readonly SetReport[]> {
  const text = await readFile(join(RESULTS, 'understanding.json'), 'utf8').catch(
    () => '{"sets":[]}',
  );
  const { sets } = JSON.parse(text) as { readonly sets: readonly SetReport[] };
  const both = measured.map((report): SetReport => {
    const before = sets.find(({ name }) => name === report.name);
    return { ...report, results: { ...before?.results, ...report.results } };
  });
  const others = sets.filter(({ name }) => measured.every((m) => m.name !== name));
  return [...others, ...both].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function markdown(reports: readonly SetReport[]): string {
  const rows = setRows(reports);
  const names = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(names),
    line(names.map((_, i) => (i < 3 ? '---' : '--:'))),
    ...rows.map((row) => line(Object.values(row))),
  ].join('\n');
}

async function drawCharts(reports: readonly SetReport[]): Promise<void> {
  const dir = join(DOCS, 'calibration');
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  for (const { name, results } of reports) {
    const all = CONTENDERS.flatMap((contender) => {
      const bins = results[contender]?.reliability;
      return bins === undefined ? [] : [{ name: contender, bins }];
    });
    await writeFile(join(dir, `${name}.svg`), reliabilityChart(name, all));
  }
}

/** Puts the table between its two marks; a file without them stays as it is. */
async function replaceTable(path: string, table: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) return;
  const next = `${text.slice(0, from + BEGIN.length)}\n\n${table}\n\n${text.slice(to)}`;
  await writeFile(path, await format(next, { parser: 'markdown', printWidth: 100 }));
}
