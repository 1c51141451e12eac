import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { FileError, messageOf, type FileFault } from '../../errors.ts';
import type { Utterance } from '../../knowledge/types.ts';
import { csvRows, type Row } from './csv.ts';

type Fault = Omit<FileFault, 'file'>;

/** A labelled line and where it begins in its file, from 1. */
export interface Labelled extends Utterance {
  readonly line: number;
}

/** Faults told of one file; a wrong file would otherwise have one in every line. */
const MOST_FAULTS = 20;

/**
 * Reads a labelled file: `.tsv` (no quoting), `.csv` (quotes as in RFC 4180) with a header that names
 * `text` and `intent`, or `.jsonl` with these keys. Other columns and keys are ignored, so are blank
 * lines, a byte order mark and CRLF. A text may be empty: published sets have such lines.
 * @throws FileError with the lines at fault, 20 at most
 */
export async function readLabelled(file: string): Promise<readonly Labelled[]> {
  const faults: Fault[] = [];
  const lines = parse(extname(file).toLowerCase(), await content(file), faults);
  if (faults.length === 0 && lines.length === 0) {
    faults.push({ fault: 'has no labelled lines', mend: 'add lines with a text and an intent' });
  }
  if (faults.length > 0) {
    throw new FileError(faults.slice(0, MOST_FAULTS).map((fault) => ({ file, ...fault })));
  }
  return lines;
}

async function content(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const mend = 'give the path of a readable file in UTF-8';
    throw new FileError([{ file, fault: messageOf(error), mend }]);
  }
}

function parse(kind: string, text: string, faults: Fault[]): Labelled[] {
  switch (kind) {
    case '.tsv':
      return fromTable(
        linesOf(text).map(({ line, text: raw }) => ({ line, fields: raw.split('\t') })),
        faults,
      );
    case '.csv': {
      const { rows, fault } = csvRows(text);
      if (fault !== undefined) faults.push(fault);
      return fromTable(rows, faults);
    }
    case '.jsonl':
      return fromJsonLines(text, faults);
    default:
      faults.push({ fault: `ends in "${kind}"`, mend: 'use .tsv, .csv or .jsonl' });
      return [];
  }
}

function linesOf(text: string): { readonly line: number; readonly text: string }[] {
  return text
    .split('\n')
    .map((raw, i) => ({ line: i + 1, text: raw.endsWith('\r') ? raw.slice(0, -1) : raw }))
    .filter((line) => line.text.trim() !== '');
}

function fromTable([header, ...rows]: readonly Row[], faults: Fault[]): Labelled[] {
  if (header === undefined) return [];
  const names = header.fields.map((name) => name.trim().toLowerCase());
  const text = names.indexOf('text');
  const intent = names.indexOf('intent');
  if (text < 0 || intent < 0) {
    const mend = 'make the first line a header with the columns text and intent';
    faults.push({ line: header.line, fault: `columns are ${names.join(', ')}`, mend });
    return [];
  }
  const out: Labelled[] = [];
  for (const { line, fields } of rows) {
    if (fields.length === names.length) {
      label(line, fields[text], fields[intent], out, faults);
    } else {
      const fault = `has ${fields.length} columns, the header ${names.length}`;
      faults.push({ line, fault, mend: 'give every line the columns of the header' });
    }
  }
  return out;
}

function fromJsonLines(text: string, faults: Fault[]): Labelled[] {
  const out: Labelled[] = [];
  for (const { line, text: raw } of linesOf(text)) {
    let value: unknown;
    try {
      value = JSON.parse(raw);
    } catch (error) {
      faults.push({ line, fault: messageOf(error), mend: 'write one JSON object a line' });
      continue;
    }
    const object = (typeof value === 'object' ? value : null) ?? {};
    label(
      line,
      'text' in object ? object.text : undefined,
      'intent' in object ? object.intent : undefined,
      out,
      faults,
    );
  }
  return out;
}

function label(
  line: number,
  text: unknown,
  intent: unknown,
  out: Labelled[],
  faults: Fault[],
): void {
  if (typeof text !== 'string') {
    faults.push({ line, key: 'text', fault: 'is missing', mend: 'give every line a text' });
  } else if (typeof intent !== 'string' || intent.trim() === '') {
    faults.push({ line, key: 'intent', fault: 'is missing', mend: 'give every line an intent' });
  } else {
    out.push({ text, intent: intent.trim(), line });
  }
}
