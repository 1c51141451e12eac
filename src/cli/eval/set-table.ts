import { decimals } from './rates.ts';
import { CONTENDERS, type SetReport, type SetResult } from './sets.ts';

const percent = (share: number | null): string => decimals(share === null ? null : share * 100, 1);

/** Rates in per cent. */
function measuresOf(result: SetResult): Readonly<Record<string, string>> {
  const { oos } = result;
  return {
    accuracy: percent(result.accuracy),
    'macro F1': percent(result.macroF1),
    ECE: percent(result.ece),
    AUROC: oos === undefined ? '' : decimals(oos.auroc),
    'OOS recall': oos === undefined ? '' : percent(oos.recall),
    'in scope rejected': oos === undefined ? '' : percent(oos.inScopeRejected),
    'train s': result.trainSeconds.toFixed(1),
    'CPU s': result.trainCpuSeconds.toFixed(1),
    'p50 ms': decimals(result.predictP50Ms),
    'p99 ms': decimals(result.predictP99Ms),
    'model MB': (result.modelBytes / 1e6).toFixed(2),
    'peak MiB': result.peakRssMib.toFixed(0),
  };
}

/** A row for each set and contender; the keys are the names of the columns, in their order. */
export function setRows(reports: readonly SetReport[]): Readonly<Record<string, string>>[] {
  return reports.flatMap((report) =>
    CONTENDERS.flatMap((contender) => {
      const result = report.results[contender];
      if (result === undefined) return [];
      const tested = report.split === 'validation' ? 'valid' : '5-fold';
      return [{ set: report.name, tested, by: contender, ...measuresOf(result) }];
    }),
  );
}

/** The same as an aligned table for a terminal. */
export function setTable(reports: readonly SetReport[]): string {
  const rows = setRows(reports);
  const names = Object.keys(rows[0] ?? {});
  const cells = [names, ...rows.map((row) => Object.values(row))];
  const widths = names.map((_, i) => Math.max(...cells.map((row) => (row[i] ?? '').length)));
  return cells
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
