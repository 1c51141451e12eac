import { foundAt, type Found } from './found.ts';
import { readingOf, type Readable } from './reading.ts';

const EMAIL =
  /(?<![a-z0-9._%+@-])[a-z0-9_%+](?:[a-z0-9._%+-]{0,63})@([a-z0-9-]{1,63}(?:[.。][a-z0-9-]{1,63}){1,8})(?![a-z0-9@])/g;
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const MISTYPED_ENDS = new Set(['con', 'cmo', 'ocm', 'comm', 'coom', 'vom', 'xom', 'nte']);

/**
 * E-mail addresses in lower case; a full-width ＠ and a Chinese full stop count as `@` and `.`.
 * What is plainly mistyped ("a@qq,com", "a@gmail.con", "a..b@x.com") is left out, never mended.
 */
export function findEmails(source: Readable): readonly Found<string>[] {
  const { text, folded } = readingOf(source);
  const founds: Found<string>[] = [];
  for (const match of folded.text.matchAll(EMAIL)) {
    const domain = match[1] ?? '';
    const end = match.index + match[0].length;
    const found = foundAt(text, folded, match.index, end, match[0].replaceAll('。', '.'));
    if (holds(domain, match[0]) && !/[.。．]{2}/.test(found.quote.slice(0, -1))) {
      founds.push({ ...found, quote: found.quote.replace(/[.。．]+$/, '') });
    }
  }
  return founds;
}

function holds(domain: string, whole: string): boolean {
  const labels = domain.split(/[.。]/);
  const top = labels.at(-1) ?? '';
  const local = whole.slice(0, whole.indexOf('@'));
  return (
    /^[a-z]{2,}$/.test(top) &&
    !MISTYPED_ENDS.has(top) &&
    !local.endsWith('.') &&
    labels.every((label) => LABEL.test(label))
  );
}
