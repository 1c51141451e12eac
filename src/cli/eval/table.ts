import type { Report } from './evaluate.ts';
import { decimals, percent } from './rates.ts';

/** Confusions and intents shown; `--json` has all of them. */
const SHOWN = 20;

/** A report for people. */
export function tableOf(report: Report): string {
  const { oos } = report;
  const rows: [string, string][] = [
    ['accuracy (argmax, in scope)', percent(report.accuracy)],
    ['macro F1', percent(report.macroF1)],
    ['calibration error', percent(report.ece)],
    ...(oos === undefined
      ? []
      : ([
          ['out of scope: AUROC', decimals(oos.auroc)],
          ['out of scope: recall', percent(oos.recall)],
          ['out of scope: precision', percent(oos.precision)],
          ['in scope rejected', percent(oos.inScopeRejected)],
          ['in scope right at threshold', percent(oos.inScopeAccuracyAtThreshold)],
        ] satisfies [string, string][])),
    ['training', `${report.trainSeconds.toFixed(1)} s`],
    [
      'prediction p50 / p99',
      `${decimals(report.predictP50Ms)} / ${decimals(report.predictP99Ms)} ms`,
    ],
    ['model', `${(report.modelBytes / 1e6).toFixed(2)} MB`],
    ['test lines', String(report.samples)],
  ];
  const weakest = Object.entries(report.perIntent)
    .sort(([, a], [, b]) => a.f1 - b.f1)
    .slice(0, SHOWN)
    .map(([intent, m]): [string, string] => [
      intent,
      `F1 ${percent(m.f1)}  precision ${percent(m.precision)}  recall ${percent(m.recall)}  lines ${m.support}`,
    ]);
  const mistaken = report.confusions
    .slice(0, SHOWN)
    .map((c): [string, string] => [`${c.intent} → ${c.predicted}`, String(c.count)]);
  return [
    columns(rows),
    `\nWeakest intents\n${columns(weakest)}`,
    mistaken.length === 0 ? '' : `\nTaken for another\n${columns(mistaken)}`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
}
