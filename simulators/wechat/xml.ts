import { RequestError } from '../../src/errors.ts';

/** Elements by name. Numbers go out bare, texts as CDATA; a list repeats its element. */
export interface Element {
  readonly [name: string]: string | number | bigint | Element | readonly Element[] | undefined;
}

/** The document that the platform pushes. */
export function writeXml(fields: Element): string {
  return `<xml>${inside(fields)}</xml>`;
}

function inside(fields: Element): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      if (value === undefined) return '';
      const list = Array.isArray(value)
        ? (value as readonly Element[])
        : [value as Element | string];
      return list.map((v) => `<${name}>${worded(v)}</${name}>`).join('');
    })
    .join('');
}

function worded(value: string | number | bigint | Element): string {
  if (typeof value === 'object') return inside(value);
  if (typeof value !== 'string') return String(value);
  return `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

/** An element that was read: its own text, and its children in order. */
export interface Node {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Node[];
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: Node[];
}

const DEEPEST = 8;
const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

/**
 * Reads an answer: elements without attributes, text, CDATA and the five named entities, which is all
 * that the documents show. Comments, declarations and anything unclosed are refused.
 * @throws RequestError for anything else
 */
export function readXml(source: string): Node {
  const open: Open[] = [{ name: '', text: '', children: [] }];
  let at = 0;
  const fail = (why: string): RequestError =>
    new RequestError(400, 'BadXml', `${why} at character ${at}`);
  while (at < source.length) {
    const top = open.at(-1);
    if (top === undefined) throw fail('nothing is open');
    if (source.startsWith('<![CDATA[', at)) {
      const end = source.indexOf(']]>', at);
      if (end < 0) throw fail('CDATA that does not end');
      top.text += source.slice(at + 9, end);
      at = end + 3;
      continue;
    }
    if (source[at] !== '<') {
      const end = source.indexOf('<', at);
      const text = source.slice(at, end < 0 ? source.length : end);
      if (open.length === 1 && text.trim() !== '') throw fail('text outside of the document');
      top.text += text.replaceAll(/&(\w*);?/gu, (found, name: string) => {
        const known = found.endsWith(';') ? ENTITIES[name] : undefined;
        if (known === undefined) throw fail('an unknown entity');
        return known;
      });
      at = end < 0 ? source.length : end;
      continue;
    }
    const end = source.indexOf('>', at);
    const tag = /^<(\/?)([A-Za-z_][\w.-]{0,63})$/u.exec(end < 0 ? '' : source.slice(at, end));
    if (!tag) throw fail('no plain tag');
    const name = tag[2] ?? '';
    at = end + 1;
    if (tag[1] === '') {
      if (open.length > DEEPEST) throw fail('nested too deep');
      open.push({ name, text: '', children: [] });
    } else {
      if (top.name !== name || open.length === 1) throw fail(`</${name}> closes nothing`);
      open.pop();
      open.at(-1)?.children.push(top);
    }
  }
  const [root, ...more] = open[0]?.children ?? [];
  if (open.length !== 1 || root?.name !== 'xml' || more.length > 0) {
    throw fail('not one whole <xml>');
  }
  return root;
}

/** The one child with this name; `undefined` where there is none or more than one. */
export function childOf(node: Node, name: string): Node | undefined {
  const [found, ...more] = node.children.filter((c) => c.name === name);
  return more.length > 0 ? undefined : found;
}

/** The text of the one child with this name; `undefined` where it has children of its own. */
export function textOf(node: Node | undefined, name: string): string | undefined {
  const found = node && childOf(node, name);
  return found?.children.length === 0 ? found.text : undefined;
}
