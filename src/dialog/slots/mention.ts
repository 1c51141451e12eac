/** Where a sentence mentions a choice, and whether it denies it. */
import { fold } from '../../text/fold.ts';
import { foundAt, type Found } from '../../text/entities/found.ts';
import type { OfferedChoice } from './slot.ts';

/** A choice that the text mentions. */
export interface Mention extends Found<string> {
  /** "不是X", "不要X", "not X": the customer does not mean it. */
  readonly denied: boolean;
}

interface Name {
  readonly name: string;
  readonly value: string;
}

const MOST_MENTIONS = 30;
const DENIED_BEFORE =
  /(?:不是(?:因为|说)?|不要|不想要?|不选|不算|没有|没|并非|而非|非|别|不属于|\b(?:not|isn't|isnt|wasn't|no|never|don't want|dont want|rather than|instead of)(?: (?:because(?: of)?|due to|that|the|a|an|my|about|really))*)[ "']*$/u;
const WORD = /[a-z0-9]/;

/**
 * Mentions by title or other words, longest first where they overlap. A name counts from two Chinese
 * characters, or as whole English words of three letters.
 */
export function mentionsOf(text: string, offered: readonly OfferedChoice[]): readonly Mention[] {
  const folded = fold(text.slice(0, 2000));
  const mentions: Mention[] = [];
  const taken: (readonly [number, number])[] = [];
  for (const { name, value } of namesOf(offered)) {
    let from = folded.text.indexOf(name);
    while (from >= 0 && mentions.length < MOST_MENTIONS) {
      const start = from;
      const end = start + name.length;
      from = folded.text.indexOf(name, end);
      if (!isWholeWord(folded.text, start, end)) continue;
      if (taken.some(([a, b]) => start < b && end > a)) continue;
      taken.push([start, end]);
      const before = folded.text.slice(Math.max(0, start - 24), start);
      mentions.push({
        ...foundAt(text, folded, start, end, value),
        denied: DENIED_BEFORE.test(before),
      });
    }
  }
  return mentions.sort((a, b) => a.start - b.start);
}

function namesOf(offered: readonly OfferedChoice[]): readonly Name[] {
  return offered
    .flatMap((o) =>
      [o.title, ...o.alike].map((name) => ({ name: fold(name).text, value: o.value })),
    )
    .filter(({ name }) => (/\p{Script=Han}/u.test(name) ? name.length >= 2 : name.length >= 3))
    .sort((a, b) => b.name.length - a.name.length);
}

function isWholeWord(text: string, start: number, end: number): boolean {
  const cuts = (a: string, b: string): boolean => WORD.test(a) && WORD.test(b);
  return (
    !cuts(text.charAt(start - 1), text.charAt(start)) &&
    !cuts(text.charAt(end - 1), text.charAt(end))
  );
}
