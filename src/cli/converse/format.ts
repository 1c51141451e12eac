/** Conversation files: the format is a fixed contract, described in `test/conversations/README.md`. */
import { readFile } from 'node:fs/promises';
import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Node } from 'yaml';
import { FileError, messageOf, type FileFault } from '../../errors.ts';
import type { Lang } from '../../message.ts';
import { compilePattern, type Pattern } from './pattern.ts';

/** What one line of `turns` does or expects. */
export type Turn = { readonly line: number } & (
  | { readonly kind: 'user'; readonly text: string }
  | { readonly kind: 'image'; readonly image: string; readonly text: string }
  | { readonly kind: 'choose'; readonly title: string }
  | { readonly kind: 'event'; readonly name: string }
  | { readonly kind: 'agent'; readonly text: string }
  | { readonly kind: 'agent-close' }
  | { readonly kind: 'bot' | 'not'; readonly patterns: readonly Pattern[] }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'expect'; readonly expect: Expectation }
);

/** What `expect` compares. */
export interface Expectation {
  readonly dialog?: string | null;
  readonly slots?: Readonly<Record<string, string>>;
  readonly tickets?: number;
  readonly handoff?: boolean;
  readonly bubbles?: number;
}

/** One conversation. */
export interface Script {
  readonly file: string;
  readonly name: string;
  readonly channel: string;
  readonly lang: Lang;
  /** Milliseconds since 1970 at its start. */
  readonly clock: number;
  readonly onDuty: boolean;
  readonly turns: readonly Turn[];
}

const START = '2026-11-22T10:00:00+08:00';
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const CHANNELS = ['web', 'wechat', 'wecom', 'wechaty', 'sms', 'all'];

/** Reads a file. @throws FileError naming line and key of everything that does not fit */
export async function readScripts(file: string): Promise<readonly Script[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new FileError([{ file, fault: messageOf(error), mend: 'name a file that can be read' }]);
  }
  return parseScripts(file, text);
}

/** Parses the text of a file. @throws FileError */
export function parseScripts(file: string, text: string): readonly Script[] {
  const counter = new LineCounter();
  const reader = new Reader(file, counter);
  const documents = parseAllDocuments(text, { schema: 'failsafe', lineCounter: counter });
  const scripts: Script[] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    for (const error of document.errors) {
      reader.fault(
        counter.linePos(error.pos[0]).line,
        undefined,
        error.message.split('\n')[0] ?? '',
        'mend the YAML',
      );
    }
    if (document.errors.length > 0 || document.contents === null) continue;
    scripts.push(reader.script(document.contents));
  }
  if (scripts.length === 0 && reader.faults.length === 0) {
    reader.fault(1, undefined, 'holds no conversation', 'add name, channel, lang and turns');
  }
  if (reader.faults.length > 0) throw new FileError(reader.faults);
  return scripts;
}

class Reader {
  readonly faults: FileFault[] = [];
  readonly #file: string;
  readonly #counter: LineCounter;

  constructor(file: string, counter: LineCounter) {
    this.#file = file;
    this.#counter = counter;
  }

  fault(line: number, key: string | undefined, fault: string, mend: string): void {
    this.faults.push({
      file: this.#file,
      line,
      ...(key === undefined ? {} : { key }),
      fault,
      mend,
    });
  }

  script(node: Node): Script {
    const map = this.#map(node, 'a conversation');
    this.#only(map, ['name', 'channel', 'lang', 'clock', 'onDuty', 'turns']);
    const text = (key: string, fallback?: string): string => {
      const value = map.get(key);
      if (value === undefined) {
        if (fallback === undefined) this.fault(this.#line(node), key, 'is missing', `add ${key}`);
        return fallback ?? '';
      }
      return this.#text(value, key);
    };
    const lang = this.#one(map, 'lang', text('lang'), ['zh', 'en']);
    const clock = Date.parse(text('clock', START));
    if (Number.isNaN(clock)) {
      this.fault(this.#lineOf(map, 'clock'), 'clock', 'is not a time', `write one like ${START}`);
    }
    const turns = map.get('turns');
    if (turns !== undefined && (!isSeq(turns) || turns.items.length === 0)) {
      this.fault(
        this.#line(turns),
        'turns',
        'is not a list of turns',
        'write lines like `- user: …`',
      );
    }
    if (turns === undefined) this.fault(this.#line(node), 'turns', 'is missing', 'add turns');
    return {
      file: this.#file,
      name: text('name'),
      channel: this.#one(map, 'channel', text('channel', 'web'), CHANNELS),
      lang: lang === 'en' ? 'en' : 'zh',
      clock,
      onDuty: this.#one(map, 'onDuty', text('onDuty', 'true'), ['true', 'false']) === 'true',
      turns: isSeq(turns) ? turns.items.flatMap((item) => this.#turn(item as Node)) : [],
    };
  }

  #turn(node: Node): Turn[] {
    const line = this.#line(node);
    const map = this.#map(node, 'a turn');
    const [entry, ...more] = [...map];
    if (entry === undefined) return [];
    if (more.length > 0) {
      this.fault(line, more[0]?.[0], 'stands beside another key', 'give each turn one key');
      return [];
    }
    const [key, value] = entry;
    switch (key) {
      case 'user':
        return this.#user(value, line);
      case 'bot':
      case 'not':
        return [{ kind: key, line, patterns: this.#patterns(value, key) }];
      case 'agent':
        return [this.#agent(value, line)];
      case 'wait':
        return [{ kind: 'wait', line, ms: this.#duration(value) }];
      case 'expect':
        return [{ kind: 'expect', line, expect: this.#expect(value) }];
      default:
        this.fault(line, key, 'is not a kind of turn', 'use user, bot, not, agent, wait or expect');
        return [];
    }
  }

  #user(value: Node, line: number): Turn[] {
    if (!isMap(value)) return [{ kind: 'user', line, text: this.#text(value, 'user') }];
    const map = this.#map(value, 'user');
    this.#only(map, ['image', 'text', 'choose', 'event']);
    const get = (key: string): string | undefined => {
      const found = map.get(key);
      return found === undefined ? undefined : this.#text(found, key);
    };
    const [image, choose, event] = [get('image'), get('choose'), get('event')];
    if (image !== undefined) return [{ kind: 'image', line, image, text: get('text') ?? '' }];
    if (choose !== undefined) return [{ kind: 'choose', line, title: choose }];
    if (event !== undefined) return [{ kind: 'event', line, name: event }];
    this.fault(line, 'user', 'says nothing', 'write a text, or image, choose or event');
    return [];
  }

  #agent(value: Node, line: number): Turn {
    const text = this.#text(value, 'agent');
    return text === 'close' ? { kind: 'agent-close', line } : { kind: 'agent', line, text };
  }

  #patterns(value: Node, key: string): Pattern[] {
    const nodes = isSeq(value) ? (value.items as Node[]) : [value];
    return nodes.flatMap((node) => {
      const source = this.#text(node, key);
      const pattern = compilePattern(source);
      if (typeof pattern !== 'string') return [pattern];
      this.fault(this.#line(node), key, pattern, 'write /regex/flags or the exact text');
      return [];
    });
  }

  #duration(value: Node): number {
    const text = this.#text(value, 'wait');
    const found = /^(\d{1,6})([smhd])$/u.exec(text);
    const unit = UNITS[found?.[2] ?? ''];
    if (found !== null && unit !== undefined) return Number(found[1]) * unit;
    this.fault(
      this.#line(value),
      'wait',
      `"${text}" is not a time span`,
      'write 30s, 31m, 2h or 1d',
    );
    return 0;
  }

  #expect(value: Node): Expectation {
    const map = this.#map(value, 'expect');
    this.#only(map, ['dialog', 'slots', 'tickets', 'handoff', 'bubbles']);
    const count = (key: string): number | undefined => {
      const node = map.get(key);
      if (node === undefined) return undefined;
      const text = this.#text(node, key);
      if (/^\d{1,4}$/u.test(text)) return Number(text);
      this.fault(this.#line(node), key, `"${text}" is not a count`, 'write a whole number');
      return undefined;
    };
    const [tickets, bubbles] = [count('tickets'), count('bubbles')];
    const dialog = map.get('dialog');
    const handoff = map.get('handoff');
    const slots = map.get('slots');
    const named = dialog === undefined ? undefined : this.#text(dialog, 'dialog');
    const owned =
      handoff === undefined
        ? undefined
        : this.#one(map, 'handoff', this.#text(handoff, 'handoff'), ['true', 'false']) === 'true';
    return {
      ...(named === undefined ? {} : { dialog: named === 'null' || named === '' ? null : named }),
      ...(slots === undefined
        ? {}
        : {
            slots: Object.fromEntries(
              [...this.#map(slots, 'slots')].map(([k, v]) => [k, this.#text(v, `slots.${k}`)]),
            ),
          }),
      ...(tickets === undefined ? {} : { tickets }),
      ...(owned === undefined ? {} : { handoff: owned }),
      ...(bubbles === undefined ? {} : { bubbles }),
    };
  }

  #map(node: Node, what: string): Map<string, Node> {
    const map = new Map<string, Node>();
    if (!isMap(node)) {
      this.fault(this.#line(node), undefined, `${what} is not a map`, 'write `key: value`');
      return map;
    }
    for (const { key, value } of node.items) {
      map.set(isScalar(key) ? String(key.value) : '', value as Node);
    }
    return map;
  }

  #only(map: ReadonlyMap<string, Node>, keys: readonly string[]): void {
    for (const [key, node] of map) {
      if (!keys.includes(key)) {
        this.fault(this.#line(node), key, 'is not a key of this format', `use ${keys.join(', ')}`);
      }
    }
  }

  #one(map: ReadonlyMap<string, Node>, key: string, value: string, of: readonly string[]): string {
    if (!of.includes(value)) {
      this.fault(
        this.#lineOf(map, key),
        key,
        `"${value}" is not one of ${of.join(', ')}`,
        'use one of them',
      );
    }
    return value;
  }

  #text(node: Node | null, key: string): string {
    if (node !== null && isScalar(node)) return typeof node.value === 'string' ? node.value : '';
    this.fault(this.#line(node), key, 'is not a text', 'write one line of text');
    return '';
  }

  #line(node: Node | null | undefined): number {
    const start = node?.range?.[0];
    return start === undefined ? 1 : this.#counter.linePos(start).line;
  }

  #lineOf(map: ReadonlyMap<string, Node>, key: string): number {
    return this.#line(map.get(key));
  }
}
