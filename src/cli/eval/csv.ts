/** A record of a labelled file: its fields and the line it begins on. */
export interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Where a CSV text stops being one. */
export interface CsvFault {
  readonly line: number;
  readonly fault: string;
  readonly mend: string;
}

/**
 * Records of a CSV text as in RFC 4180: fields in quotes may hold commas, line breaks and doubled
 * quotes. Blank lines are left out. Reading ends at the first fault.
 */
export function csvRows(text: string): {
  readonly rows: readonly Row[];
  readonly fault?: CsvFault;
} {
  const rows: Row[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const start = line;
    const fields: string[] = [];
    for (let more = true; more;) {
      const field = text.charAt(at) === '"' ? quoted(text, at) : plain(text, at);
      if (field === undefined) return { rows, fault: { line, ...UNCLOSED } };
      fields.push(field.value);
      line += field.value.split('\n').length - 1;
      at = field.end;
      more = text.charAt(at) === ',';
      if (!more && at < text.length && !/^\r?\n/.test(text.slice(at, at + 2))) {
        return { rows, fault: { line, ...TRAILING } };
      }
      at += text.startsWith('\r\n', at) ? 2 : 1;
    }
    line += 1;
    if (fields.some((field) => field.trim() !== '')) rows.push({ line: start, fields });
  }
  return { rows };
}

const UNCLOSED = { fault: 'a quote is never closed', mend: 'close it with "' };
const TRAILING = { fault: 'text follows a closing quote', mend: 'double quotes inside quotes: ""' };

interface Field {
  readonly value: string;
  readonly end: number;
}

function plain(text: string, start: number): Field {
  let end = start;
  while (end < text.length && text.charAt(end) !== ',' && text.charAt(end) !== '\n') end += 1;
  if (text.charAt(end) === '\n' && end > start && text.charAt(end - 1) === '\r') end -= 1;
  return { value: text.slice(start, end), end };
}

function quoted(text: string, start: number): Field | undefined {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && text.charAt(end + 1) === '"') end = text.indexOf('"', end + 2);
  if (end < 0) return undefined;
  return { value: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
}
