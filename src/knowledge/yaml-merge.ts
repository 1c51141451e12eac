import { isDeepStrictEqual } from 'node:util';
import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, YAMLMap, YAMLSeq } from 'yaml';

function isPlainMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** What stays the same about a list item when others are added, moved or taken out. */
function identityOf(value: unknown): unknown {
  return isPlainMap(value) && 'id' in value ? value.id : value;
}

class Merge {
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
  }

  /** The node for `value`: `node` itself, with its comments, wherever it can stay. */
  node(node: unknown, value: unknown): unknown {
    if (isMap(node) && isPlainMap(value)) return this.#map(node, value);
    if (isSeq(node) && Array.isArray(value)) return this.#list(node, value);
    if (isScalar(node) && (value === null || typeof value !== 'object')) {
      if (node.value !== value) node.value = value;
      return node;
    }
    if (isAlias(node) && isDeepStrictEqual(node.toJS(this.#document), value)) return node;
    return this.#document.createNode(value);
  }

  #map(node: YAMLMap, value: Record<string, unknown>): YAMLMap {
    for (const pair of [...node.items]) {
      if (isScalar(pair.key) && !Object.hasOwn(value, String(pair.key.value))) {
        node.delete(pair.key);
      }
    }
    for (const [key, each] of Object.entries(value)) {
      const pair = node.items.find((p) => isScalar(p.key) && p.key.value === key);
      if (pair === undefined) node.set(key, this.#document.createNode(each));
      else pair.value = this.node(pair.value, each);
    }
    return node;
  }

  #list(node: YAMLSeq, value: readonly unknown[]): YAMLSeq {
    const before = new Map<unknown, unknown>();
    for (const item of node.items) {
      const js: unknown = isMap(item) || isScalar(item) ? item.toJS(this.#document) : item;
      before.set(identityOf(js), item);
    }
    const kept = new Set(value.map(identityOf));
    node.items = value.map((each, i) => {
      const same = before.get(identityOf(each));
      if (same !== undefined) {
        before.delete(identityOf(each));
        return this.node(same, each);
      }
      const inPlace: unknown = node.items[i];
      const js: unknown = isMap(inPlace) || isScalar(inPlace) ? inPlace.toJS(this.#document) : null;
      return kept.has(identityOf(js)) ? this.#document.createNode(each) : this.node(inPlace, each);
    });
    return node;
  }
}

/**
 * Writes a value into a YAML text and keeps its comments, order and quoting where the value is the
 * same as before. List items are told apart by their `id`.
 * @returns `undefined` where the text can't hold the value, which aliases can be the reason for
 */
export function mergeYaml(text: string, value: unknown): string | undefined {
  const document = parseDocument(text);
  try {
    const root = new Merge(document).node(document.contents, value);
    document.contents = root as typeof document.contents;
    const merged = document.toString({ lineWidth: 0 });
    return isDeepStrictEqual(parseDocument(merged).toJS(), value) ? merged : undefined;
  } catch {
    return undefined;
  }
}
