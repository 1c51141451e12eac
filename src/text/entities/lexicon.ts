/** Names from a list, such as products, also where they are misspelt. */
import { fold } from '../fold.ts';
import { syllablesOfHan } from '../pinyin.ts';
import { isHan } from '../script.ts';
import { foundAt, type Found } from './found.ts';
import { readingOf, type Readable } from './reading.ts';

/** A thing with the names that customers use for it. */
export interface LexiconEntry {
  readonly id: string;
  /** What kind of thing it is, such as `product`. Default: `lexicon`. */
  readonly type?: string;
  /** In any language; upper and lower case, traditional and simplified characters are alike. */
  readonly names: readonly string[];
}

/** Which thing was named. */
export interface LexiconValue {
  readonly id: string;
  readonly type: string;
  /** The name that it matches, as the list has it. */
  readonly name: string;
  /** Letters that differ; 0 where it is written right. Homophone characters count as right. */
  readonly distance: number;
}

/** A list made ready for {@link findNames}. */
export interface Lexicon {
  /** Names as they are written, folded. */
  readonly written: ReadonlyMap<string, readonly Name[]>;
  /** Lengths, in characters, of the names that begin with a character. */
  readonly lengths: ReadonlyMap<string, ReadonlySet<number>>;
  /** Names by each of their first characters, with its place: where a misspelt one may begin. */
  readonly starts: ReadonlyMap<string, readonly Start[]>;
}

interface Name {
  /** In the list. */
  readonly index: number;
  readonly entry: LexiconEntry;
  readonly written: string;
  readonly units: readonly string[];
  readonly sounds: readonly string[];
  readonly han: boolean;
  /** So many letters may differ. */
  readonly slack: number;
}

interface Start {
  readonly name: Name;
  readonly at: number;
}

/** Only so much of a text is looked at: more is no message. */
const LONGEST_TEXT = 4000;
/** Misspelt names that are compared letter by letter, in one text. */
const MOST_COMPARED = 1000;
const MOST_FOUND = 50;
const LATIN = /[a-z0-9]/;

/** Makes a list ready: once for many texts. Names of one character are left out. */
export function lexiconOf(entries: readonly LexiconEntry[]): Lexicon {
  const names = entries
    .flatMap((entry) => entry.names.map((written) => ({ entry, written })))
    .map(({ entry, written }, index) => nameOf(index, entry, written))
    .filter(({ units }) => units.length >= 2);
  const written = new Map<string, Name[]>();
  const lengths = new Map<string, Set<number>>();
  const starts = new Map<string, Start[]>();
  for (const name of names) {
    const [first = ''] = name.units;
    pushTo(written, name.units.join(''), name);
    lengths.set(first, (lengths.get(first) ?? new Set<number>()).add(name.units.length));
    const reach = Math.min(name.units.length, name.slack + 2);
    const keys = new Set<string>();
    for (let at = 0; at < reach; at++) {
      for (const key of [name.units[at], name.sounds[at]]) {
        if (key === undefined || key === '' || keys.has(`${key} ${at}`)) continue;
        keys.add(`${key} ${at}`);
        pushTo(starts, key, { name, at });
      }
    }
  }
  return { written, lengths, starts };
}

function pushTo<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function nameOf(index: number, entry: LexiconEntry, written: string): Name {
  const folded = fold(written).text;
  const units = Array.from(folded);
  const length = units.filter((unit) => unit !== ' ').length;
  const han = units.some((unit) => isHan(unit.codePointAt(0) ?? 0));
  const slack = length >= 8 ? 2 : length >= 4 ? 1 : 0;
  return { index, entry, written, units, sounds: soundsOf(units), han, slack };
}

/** A syllable for a Chinese character, the empty text for any other. */
function soundsOf(units: readonly string[]): readonly string[] {
  return syllablesOfHan(units.map((unit) => (isHan(unit.codePointAt(0) ?? 0) ? unit : '')));
}

interface Match {
  readonly start: number;
  readonly end: number;
  readonly distance: number;
  readonly exact: boolean;
  readonly name: Name;
}

/**
 * Names of the list in a text: as they are, with one letter wrong, missing, added or swapped with its
 * neighbour from 4 letters on and two from 8 on, or with Chinese characters that sound alike (无线耳鸡,
 * 咖非机). Those written right are all found; of thousands that begin alike not every misspelt one is. Latin names begin and end with a word. Of matches that overlap the better one is taken, then
 * the longer. The first 4,000 characters of a text are looked at, and at most 50 names found.
 */
export function findNames(source: Readable, lexicon: Lexicon): readonly Found<LexiconValue>[] {
  const { text, folded } = readingOf(source);
  const units = Array.from(folded.text.slice(0, LONGEST_TEXT));
  const places = placesOf(units);
  const sounds = soundsOf(units);
  const exact = writtenRight(units, lexicon);
  return best([...exact, ...misspelt(units, sounds, lexicon, exact)]).map(
    ({ start, end, distance, name }) => {
      const { id, type = 'lexicon' } = name.entry;
      const value = { id, type, name: name.written, distance };
      return foundAt(text, folded, places[start] ?? 0, places[end] ?? folded.text.length, value);
    },
  );
}

/** Names that stand in the text as they are. */
function writtenRight(units: readonly string[], { written, lengths }: Lexicon): readonly Match[] {
  const matches: Match[] = [];
  for (let start = 0; start < units.length; start++) {
    for (const length of lengths.get(units[start] ?? '') ?? []) {
      const end = start + length;
      if (end > units.length) continue;
      for (const name of written.get(units.slice(start, end).join('')) ?? []) {
        if (!beginsWord(units, start, name) || !endsWord(units, end, name)) continue;
        matches.push({ start, end, distance: 0, exact: true, name });
      }
    }
  }
  return matches;
}

/** Names that stand nearly in the text, away from those that are written right. */
function misspelt(
  units: readonly string[],
  sounds: readonly string[],
  { starts }: Lexicon,
  exact: readonly Match[],
): readonly Match[] {
  const taken = new Uint8Array(units.length);
  for (const { start, end } of exact) taken.fill(1, start, end);
  const matches: Match[] = [];
  const tried = new Set<string>();
  for (let i = 0; i < units.length; i++) {
    if (taken[i] === 1) continue;
    const keys = sounds[i] === '' ? [units[i]] : [units[i], sounds[i]];
    for (const { name, at } of keys.flatMap((key) => starts.get(key ?? '') ?? [])) {
      const from = i - at;
      if (from < 0 || !beginsWord(units, from, name)) continue;
      const key = `${name.index} ${from}`;
      if (tried.has(key)) continue;
      if (tried.size === MOST_COMPARED) return matches;
      tried.add(key);
      const match = matchAt(units, sounds, from, name);
      if (match !== undefined) matches.push(match);
    }
  }
  return matches;
}

/** Where each unit begins in UTF-16, and where the last one ends. */
function placesOf(units: readonly string[]): readonly number[] {
  const places: number[] = [];
  let at = 0;
  for (const unit of units) {
    places.push(at);
    at += unit.length;
  }
  return [...places, at];
}

function beginsWord(units: readonly string[], from: number, name: Name): boolean {
  if (name.han) return true;
  return LATIN.test(units[from] ?? '') && !LATIN.test(units[from - 1] ?? '');
}

function endsWord(units: readonly string[], end: number, name: Name): boolean {
  return name.han || !LATIN.test(units[end - 1] ?? '') || !LATIN.test(units[end] ?? '');
}

/** The best end of a match that begins at `from`. */
function matchAt(
  units: readonly string[],
  sounds: readonly string[],
  from: number,
  name: Name,
): Match | undefined {
  const size = name.units.length;
  let found: Match | undefined;
  const rows = distances(units, sounds, from, name);
  for (let length = Math.max(1, size - name.slack); length <= size + name.slack; length++) {
    const distance = rows[length] ?? Infinity;
    const end = from + length;
    if (distance > name.slack || end > units.length) continue;
    if (!endsWord(units, end, name)) continue;
    if (!name.han && units[end - 1] === ' ') continue;
    const exact = distance === 0 && name.units.every((unit, i) => unit === units[from + i]);
    const nearer = length === size && distance === found?.distance;
    if (found === undefined || distance < found.distance || nearer) {
      found = { start: from, end, distance, exact, name };
    }
  }
  if (found === undefined || found.exact) return found;
  return isLikely(units, found) ? found : undefined;
}

/** A misspelt name shares enough with the right one: half of its characters, in Chinese one at least. */
function isLikely(units: readonly string[], { start, end, name }: Match): boolean {
  const written = new Set(units.slice(start, end));
  const shared = name.units.filter((unit) => written.has(unit)).length;
  if (name.han) return shared * 2 >= name.units.length;
  return units[start] === name.units[0] || shared * 4 >= name.units.length * 3;
}

/**
 * Distances (Damerau's, restricted: wrong, missing, added, swapped letters) of the name to what begins
 * at `from`, by length. Characters that sound alike do not differ.
 */
function distances(
  units: readonly string[],
  sounds: readonly string[],
  from: number,
  name: Name,
): readonly number[] {
  const width = name.units.length;
  let last: number[] = [];
  let row = Array.from({ length: width + 1 }, (_, i) => i);
  const result = [row[width] ?? Infinity];
  for (let i = 1; i <= width + name.slack && from + i <= units.length; i++) {
    const next = [i];
    for (let k = 1; k <= width; k++) {
      const same = alike(units, sounds, from + i - 1, name, k - 1);
      let cost = Math.min(
        (row[k - 1] ?? Infinity) + (same ? 0 : 1),
        (row[k] ?? Infinity) + 1,
        (next[k - 1] ?? Infinity) + 1,
      );
      const swapped =
        i > 1 &&
        k > 1 &&
        units[from + i - 1] === name.units[k - 2] &&
        units[from + i - 2] === name.units[k - 1];
      if (swapped) cost = Math.min(cost, (last[k - 2] ?? Infinity) + 1);
      next.push(cost);
    }
    last = row;
    row = next;
    result.push(row[width] ?? Infinity);
  }
  return result;
}

function alike(
  units: readonly string[],
  sounds: readonly string[],
  at: number,
  name: Name,
  k: number,
): boolean {
  if (units[at] === name.units[k]) return true;
  return sounds[at] !== '' && sounds[at] === name.sounds[k];
}

function best(matches: readonly Match[]): readonly Match[] {
  const sorted = [...matches].sort(
    (a, b) =>
      Number(b.exact) - Number(a.exact) ||
      a.distance - b.distance ||
      b.end - b.start - (a.end - a.start) ||
      a.start - b.start,
  );
  const taken: Match[] = [];
  for (const match of sorted) {
    if (taken.length >= MOST_FOUND) break;
    if (taken.every((other) => match.start >= other.end || match.end <= other.start)) {
      taken.push(match);
    }
  }
  return taken.sort((a, b) => a.start - b.start);
}
