import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Node } from 'yaml';
import { FAQ_INTENT, type Knowledge, type Utterance } from '../../knowledge/types.ts';

/** Where one intent's texts stand in a file: the line of each, from 1. */
type Lines = ReadonlyMap<string, number>;

/**
 * Finds training lines in the files they were written in, for people who have to mend them.
 * @param dir the folder that `knowledge` was loaded from
 * @returns `file:line` of a training line; the file alone where the text is written differently there
 */
export async function placesOf(
  knowledge: Knowledge,
  dir: string,
): Promise<(line: Utterance) => string> {
  const files = new Map<string, Map<string, Lines>>();
  const paths = new Set<string>([
    ...[...knowledge.entries.values()].map((entry) => entry.file),
    ...[...knowledge.dialogs.values()].map((dialog) => dialog.file),
    join(dir, 'commands.yaml'),
  ]);
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch(() => '');
    files.set(path, linesIn(text));
  }
  const fileOf = ({ intent }: Utterance): readonly [string, string] => {
    if (intent.startsWith(FAQ_INTENT)) {
      const id = intent.slice(FAQ_INTENT.length);
      return [knowledge.entries.get(id)?.file ?? dir, id];
    }
    const [kind = '', name = ''] = intent.split(/\.(.*)/su);
    return kind === 'command'
      ? [join(dir, 'commands.yaml'), name]
      : [knowledge.dialogs.get(name)?.file ?? dir, 'utterances'];
  };
  return (line) => {
    const [file, part] = fileOf(line);
    const at = files.get(file)?.get(part)?.get(line.text);
    return at === undefined ? file : `${file}:${at}`;
  };
}

/** Texts and their lines by part: the `id` of a list's entry, or the key of a map. */
function linesIn(text: string): Map<string, Lines> {
  const counter = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: counter });
  const parts = new Map<string, Lines>();
  const add = (name: unknown, node: unknown): void => {
    if (typeof name === 'string') parts.set(name, textsIn(node as Node, counter));
  };
  if (isSeq(contents)) {
    for (const item of contents.items) if (isMap(item)) add(item.get('id'), item);
  }
  if (isMap(contents)) {
    for (const { key, value } of contents.items) add(isScalar(key) ? key.value : key, value);
  }
  return parts;
}

function textsIn(node: Node, counter: LineCounter): Lines {
  const lines = new Map<string, number>();
  visit(node, {
    Scalar(key, { value, range }) {
      const plain = typeof value === 'string' || typeof value === 'number';
      if (key === 'key' || range == null || !plain) return;
      const text = `${value}`.trim();
      if (!lines.has(text)) lines.set(text, counter.linePos(range[0]).line);
    },
  });
  return lines;
}
