/** A character as people see it, with its size in bytes of UTF-8. */
interface Piece {
  readonly text: string;
  readonly bytes: number;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const CLOSER = /^[”’」』）)\]】》"']$/u;
const FULL_STOP = /^[。！？…]+$/u;
const STOP = /^[.!?。！？…]+$/u;
const SPACE = /^\s+$/u;

/** Places to split at, best first. */
const BREAKS = ['paragraph', 'line', 'sentence', 'space'] as const;
type Break = (typeof BREAKS)[number];

/**
 * Splits text into parts of at most `maxBytes` bytes of UTF-8: at the last end of a paragraph, line,
 * sentence or word, in this order, that leaves the part at least half full, else between characters
 * as people see them. Only a character larger than `maxBytes` is split itself, between code points.
 * The parts joined are the text. Empty text gives no parts.
 * Trap: a part may be white space only.
 * @param maxBytes at least 4, the size of the largest code point
 */
export function splitBytes(text: string, maxBytes: number): string[] {
  if (text === '') return [];
  if (Buffer.byteLength(text) <= maxBytes) return [text];
  const pieces = piecesOf(text, maxBytes);
  const parts: string[] = [];
  let start = 0;
  while (start < pieces.length) {
    const end = endOfPart(pieces, start, maxBytes);
    let part = '';
    for (let i = start; i < end; i += 1) part += pieces[i]?.text ?? '';
    parts.push(part);
    start = end;
  }
  return parts;
}

/** Code units that are looked at together: the segmenter takes quadratic time in the length of its text. */
const WINDOW = 2048;

/** The characters of a text as people see them. */
function* charactersOf(text: string): Generator<string> {
  let start = 0;
  let window = WINDOW;
  while (start < text.length) {
    const found = [...segmenter.segment(text.slice(start, start + window))];
    const atEnd = start + window >= text.length;
    // The last one may go on behind the window.
    if (!atEnd) found.pop();
    for (const { segment } of found) {
      yield segment;
      start += segment.length;
    }
    window = found.length === 0 ? window * 2 : WINDOW;
    if (atEnd) return;
  }
}

function piecesOf(text: string, maxBytes: number): Piece[] {
  const pieces: Piece[] = [];
  for (const segment of charactersOf(text)) {
    const bytes = Buffer.byteLength(segment);
    if (bytes <= maxBytes) pieces.push({ text: segment, bytes });
    else {
      for (const point of segment) pieces.push({ text: point, bytes: Buffer.byteLength(point) });
    }
  }
  return pieces;
}

/** Index behind the last piece of the part that begins at `start`. */
function endOfPart(pieces: readonly Piece[], start: number, maxBytes: number): number {
  const last = new Map<Break, number>();
  let bytes = 0;
  let i = start;
  for (; i < pieces.length; i += 1) {
    const next = pieces[i];
    if (next === undefined || (bytes + next.bytes > maxBytes && i > start)) break;
    bytes += next.bytes;
    const kind = bytes * 2 >= maxBytes ? breakAfter(pieces, i) : undefined;
    if (kind !== undefined) last.set(kind, i + 1);
  }
  if (i === pieces.length) return i;
  for (const kind of BREAKS) {
    const at = last.get(kind);
    if (at !== undefined) return at;
  }
  return i;
}

function breakAfter(pieces: readonly Piece[], at: number): Break | undefined {
  const here = pieces[at]?.text ?? '';
  const next = pieces[at + 1]?.text ?? '';
  if (SPACE.test(next)) return undefined;
  if (here.endsWith('\n')) {
    return pieces[at - 1]?.text.endsWith('\n') === true ? 'paragraph' : 'line';
  }
  if (SPACE.test(here)) return stopsAt(pieces, at - 1, STOP) ? 'sentence' : 'space';
  if (CLOSER.test(next) || STOP.test(next)) return undefined;
  return stopsAt(pieces, at, FULL_STOP) ? 'sentence' : undefined;
}

/** A sentence ends here, with quotes or brackets behind its mark. */
function stopsAt(pieces: readonly Piece[], at: number, mark: RegExp): boolean {
  let i = at;
  while (i > at - 3 && CLOSER.test(pieces[i]?.text ?? '')) i -= 1;
  return mark.test(pieces[i]?.text ?? '');
}
