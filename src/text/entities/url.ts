import { foundAt, type Found } from './found.ts';
import { readingOf, type Readable } from './reading.ts';

const TOPS =
  'com|cn|net|org|gov|edu|io|me|cc|tv|top|xyz|shop|store|app|dev|info|biz|vip|ltd|site|online|co|hk|tw|jp|kr|uk|us|de|fr|eu|au|ca|sg|ru|link|club';
const HOST = '[a-z0-9](?:[a-z0-9-]{0,62})(?:\\.[a-z0-9][a-z0-9-]{0,62}){0,8}';
const URL_START = new RegExp(
  `(?:https?://(?:[a-z0-9._~%-]{1,64}(?::[^\\s@/]{0,64})?@)?(?:${HOST}|\\[[0-9a-f:.]{2,45}\\])|(?<![0-9@._/-])www\\.${HOST}|(?<![a-z0-9@._/-])(?![a-z]{1,20}www\\.)(?:[a-z0-9][a-z0-9-]{0,62}\\.){1,8}(?:${TOPS})(?![a-z0-9-]|\\.[a-z0-9]|@))(?::\\d{1,5})?`,
  'g',
);
/** What may follow the host; a comma or a full stop only inside. */
const REST = /(?:[/?#][\x21-\x7e]*)?/y;
const LONGEST = 2000;
const CLOSING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/**
 * Web addresses as they were written: with `http`, `https` or `www`, or a bare host with a known end
 * ("taobao.com/item?id=1"). Chinese characters and marks end one, as does a mark at its end. An e-mail
 * address is none.
 */
export function findUrls(source: Readable): readonly Found<string>[] {
  const { text, folded } = readingOf(source);
  const founds: Found<string>[] = [];
  let from = 0;
  for (const match of folded.text.matchAll(URL_START)) {
    if (match.index < from) continue;
    const hostEnd = match.index + match[0].length;
    REST.lastIndex = hostEnd;
    const rest = REST.exec(folded.text.slice(0, match.index + LONGEST))?.[0].length ?? 0;
    from = trimmedEnd(text, folded, hostEnd, hostEnd + rest);
    const found = foundAt(text, folded, match.index, from, '');
    founds.push({ ...found, value: found.quote });
  }
  return founds;
}

/** Without what does not belong to it: Chinese marks (full width becomes half), marks at the end. */
function trimmedEnd(
  text: string,
  folded: { readonly text: string; readonly offsets: Uint32Array },
  hostEnd: number,
  end: number,
): number {
  let stop = hostEnd;
  while (stop < end && text.charCodeAt(folded.offsets[stop] ?? 0) < 0x7f) stop += 1;
  const counts = bracketsOf(folded.text.slice(hostEnd, stop));
  let last = stop;
  while (last > hostEnd) {
    const mark = folded.text.charAt(last - 1);
    const opening = CLOSING[mark];
    const closes = counts.get(mark) ?? 0;
    const unmatched = opening !== undefined && closes > (counts.get(opening) ?? 0);
    if (!unmatched && !/[.,;:!?'"~*_<>|]/.test(mark)) break;
    counts.set(mark, closes - 1);
    last -= 1;
  }
  return last;
}

function bracketsOf(part: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [mark] of part.matchAll(/[()[\]{}]/g)) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  return counts;
}
