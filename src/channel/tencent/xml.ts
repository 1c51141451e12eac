import { XMLParser } from 'fast-xml-parser';
import { RequestError } from '../../errors.ts';

/** The elements inside `<xml>`, by name. */
export interface Fields {
  readonly [name: string]: FieldValue;
}

/** A text, an element with elements inside, or a list of either for names that may stand repeatedly. */
export type FieldValue = string | Fields | readonly (string | Fields)[];

/** Names that may stand repeatedly; their value is always a list. Any other may stand once. */
const LISTS = new Set(['item', 'List']);
const MAX_DEPTH = 8;
const NAME = /^[A-Za-z_][\w.:-]{0,63}$/;
const UNSAFE = new Set(['__proto__', 'constructor', 'prototype']);
/** Not allowed in XML, not even escaped. */
// eslint-disable-next-line no-control-regex
const ILLEGAL = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

const parser = new XMLParser({
  preserveOrder: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: '#cdata',
  maxNestedTags: MAX_DEPTH + 2,
});

/**
 * Parses a callback's `<xml>…</xml>` into what is inside. Values stay text, as they were written:
 * ids beyond 2^53 and leading zeros are kept.
 * @throws RequestError 400 for anything else: malformed, another root, a DOCTYPE or entities of its
 *   own, a name twice (except lists), text beside elements, more than 8 levels
 */
export function parseXml(text: string): Fields {
  if (hasDeclarations(text)) throw malformed();
  let nodes: unknown;
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- it takes open tags without
    nodes = parser.parse(text, true);
  } catch {
    throw malformed();
  }
  const roots = (Array.isArray(nodes) ? (nodes as Node[]) : []).filter((n) => !isBlank(n));
  const [root] = roots;
  const inside = root?.xml;
  if (roots.length !== 1 || !Array.isArray(inside)) throw malformed();
  const fields = valueOf(inside, 1);
  if (typeof fields === 'string') throw malformed();
  return fields;
}

/** The text of an element; `undefined` where it is absent or holds elements. */
export function leaf(fields: Fields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The elements inside an element; `undefined` where it is absent or a text. */
export function inner(fields: Fields, name: string): Fields | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (value === undefined || typeof value === 'string' || Array.isArray(value)) return undefined;
  return value as Fields;
}

/** What {@link buildXml} takes: texts become CDATA, numbers stand bare, lists repeat their name. */
export interface XmlSource {
  readonly [name: string]: string | number | XmlSource | readonly XmlSource[] | undefined;
}

/** Builds `<xml>…</xml>`. `undefined` is left out; characters that XML can't hold are dropped. */
export function buildXml(source: XmlSource): string {
  return `<xml>${elements(source)}</xml>`;
}

type Node = Readonly<Record<string, unknown>>;

function elements(source: XmlSource): string {
  let out = '';
  for (const [name, value] of Object.entries(source)) {
    if (value === undefined) continue;
    for (const each of Array.isArray(value) ? (value as readonly XmlSource[]) : [value]) {
      out += `<${name}>${content(each as string | number | XmlSource)}</${name}>`;
    }
  }
  return out;
}

function content(value: string | number | XmlSource): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object') return elements(value);
  // Through UTF-8 and back: a lone surrogate becomes U+FFFD.
  const legal = Buffer.from(value).toString().replaceAll(ILLEGAL, '');
  return `<![CDATA[${legal.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

function valueOf(nodes: readonly unknown[], depth: number): string | Fields {
  if (depth > MAX_DEPTH) throw malformed();
  let text = '';
  let blankOnly = true;
  const fields: Record<string, FieldValue> = {};
  for (const node of nodes as readonly Node[]) {
    const [name = ''] = Object.keys(node).filter((key) => key !== ':@');
    const inside = node[name];
    if (name === '#text') {
      text += decoded(String(inside));
      blankOnly &&= isBlank(node);
    } else if (name === '#cdata') {
      text += cdataText(inside);
      blankOnly = false;
    } else if (Array.isArray(inside)) {
      put(fields, name, valueOf(inside, depth + 1));
    } else throw malformed();
  }
  if (Object.keys(fields).length === 0) return text.replaceAll('\0', '');
  if (!blankOnly) throw malformed();
  return fields;
}

function put(fields: Record<string, FieldValue>, name: string, value: string | Fields): void {
  if (!NAME.test(name) || UNSAFE.has(name)) throw malformed();
  const before = fields[name];
  if (LISTS.has(name)) {
    const list = Array.isArray(before) ? (before as readonly (string | Fields)[]) : [];
    fields[name] = [...list, value];
  } else if (before === undefined) fields[name] = value;
  else throw malformed();
}

function cdataText(inside: unknown): string {
  if (!Array.isArray(inside)) return '';
  return (inside as readonly Node[]).map((n) => ('#text' in n ? String(n['#text']) : '')).join('');
}

function isBlank(node: Node): boolean {
  return '#text' in node && /^\s*$/.test(String(node['#text']));
}

/** Text outside CDATA: the five entities of XML itself, and characters by number. */
function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|([a-z]{1,8}));/g,
    (_, dec, hex, name) => {
      const named = ENTITIES.get(String(name));
      if (named !== undefined) return named;
      const point = dec === undefined ? Number.parseInt(String(hex), 16) : Number(dec);
      if (!(point > 0 && point <= 0x10ffff) || (point >= 0xd800 && point <= 0xdfff))
        throw malformed();
      return String.fromCodePoint(point);
    },
  );
}

const ENTITIES = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Whether `<!` stands anywhere but in front of a comment or CDATA, which may hold it as text. */
function hasDeclarations(text: string): boolean {
  for (let at = text.indexOf('<!'); at !== -1; at = text.indexOf('<!', at)) {
    const end = text.startsWith('<![CDATA[', at)
      ? text.indexOf(']]>', at)
      : text.startsWith('<!--', at)
        ? text.indexOf('-->', at)
        : -1;
    if (end === -1) return true;
    at = end;
  }
  return false;
}

function malformed(): RequestError {
  return new RequestError(400, 'BadArgument', 'The body is not the XML of a callback');
}
