import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { ZodType } from 'zod';
import type { FileFault } from '../errors.ts';
import { mendingOf } from './mending.ts';

/** One YAML file as it was read. */
export interface Source {
  /** Path to show in faults. */
  readonly file: string;
  readonly text: string;
  /** What the text holds, as plain JavaScript values. */
  readonly value: unknown;
}

/** Keys and positions that lead to a place in a file. */
export type KeyPath = readonly PropertyKey[];

/** `slots.reason.ask.zh[1]` */
function showPath(path: KeyPath): string {
  return path.reduce<string>((shown, key) => {
    if (typeof key === 'number') return `${shown}[${key}]`;
    return shown === '' ? String(key) : `${shown}.${String(key)}`;
  }, '');
}

/** Finds lines in one file; parses it again, so it is made only when there is a fault to place. */
class Lines {
  readonly #counter = new LineCounter();
  readonly #document: Document;

  constructor(text: string) {
    this.#document = parseDocument(text, { lineCounter: this.#counter });
  }

  /** The line of the deepest part of `path` that is there. */
  at(path: KeyPath): number {
    let node: unknown = this.#document.contents;
    let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
    for (const key of path) {
      if (isAlias(node)) node = node.resolve(this.#document);
      let at: unknown;
      if (isMap(node)) {
        const pair = node.items.find((p) => isScalar(p.key) && p.key.value === key);
        at = pair?.key;
        node = pair?.value;
      } else if (isSeq(node) && typeof key === 'number') {
        at = node.items[key];
        node = at;
      }
      if (!isNode(at)) break;
      offset = at.range?.[0] ?? offset;
    }
    return this.#counter.linePos(offset).line;
  }
}

/**
 * Line of a key path in a YAML text.
 * Use it for a fault that another part found; it parses the text, so not on a hot path.
 * @returns from 1; of the nearest part above where the path itself is not there
 */
export function lineOf(text: string, path: KeyPath): number {
  return new Lines(text).at(path);
}

function valueAt(value: unknown, path: KeyPath): { path: KeyPath; value: unknown } {
  let at = value;
  for (const [i, key] of path.entries()) {
    if (at === null || typeof at !== 'object') return { path: path.slice(0, i), value: at };
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return { path, value: at };
}

/** Gathers the faults of many files, so that all are reported at once. */
export class FaultCollector {
  readonly #faults: FileFault[] = [];
  readonly #lines = new Map<Source, Lines>();

  get faults(): readonly FileFault[] {
    return this.#faults;
  }

  push(...faults: readonly FileFault[]): void {
    this.#faults.push(...faults);
  }

  /** A fault at a place in a file. */
  add(source: Source, path: KeyPath, fault: string, mend: string): void {
    let lines = this.#lines.get(source);
    if (lines === undefined) this.#lines.set(source, (lines = new Lines(source.text)));
    const key = showPath(path);
    const place = { file: source.file, line: lines.at(path) };
    this.push({ ...place, ...(key === '' ? {} : { key }), fault, mend });
  }

  /**
   * Checks a part of a file against a schema.
   * @param path where `value` stands in the file
   * @returns what the schema makes of it, or `undefined` after its faults were added
   */
  check<T>(source: Source, schema: ZodType<T>, value: unknown, path: KeyPath = []): T | undefined {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys.map((k) => [k]) : [[]];
      for (const key of keys) {
        const found = valueAt(value, [...issue.path, ...key]);
        const { fault, mend } = mendingOf(issue, found.value);
        this.add(source, [...path, ...found.path], fault, mend);
      }
    }
    return undefined;
  }
}
