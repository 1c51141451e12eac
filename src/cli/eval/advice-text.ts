import type { Lang, Utterance } from '../../message.ts';
import { advise, type Advice } from '../../understanding/advice.ts';
import { termsOf } from '../../understanding/terms.ts';
import type { Tested } from './evaluate.ts';

/** Findings shown of each kind; `--json` has all of them. */
const SHOWN = 20;

/** Advice from the outcome of a cross-validation over `lines`. */
export function adviceOf(
  lines: readonly Utterance[],
  lang: Lang,
  tested: readonly Tested[],
): Advice {
  return advise(
    lines.map(({ text, intent }) => ({ terms: termsOf(text, lang), intent })),
    tested.map(({ line, predicted, score }) => ({ line, predicted, confidence: score })),
  );
}

/**
 * Advice for people: what was found, examples, and how to mend it.
 * @param place where a line stands, e.g. `faq.tsv:12`
 */
export function adviceText(
  { thin, overlapping, suspect }: Advice,
  lines: readonly Utterance[],
  place: (line: number) => string,
): string {
  const quote = (line: number): string => `"${lines[line]?.text ?? ''}" (${place(line)})`;
  const parts = [
    section(
      'Lines that look mislabelled',
      'move the line to the other intent, or word it so that only one of the two fits',
      suspect.map((s) => [
        quote(s.line),
        s.why === 'same'
          ? `  is under ${s.intent} and under ${s.fits}: ${quote(s.like)}`
          : `  is under ${s.intent}, reads like ${s.fits}: ${quote(s.like)}`,
      ]),
    ),
    section(
      'Intents that overlap',
      'give each lines that only fit it, move those that fit both, or make one intent of the two',
      overlapping.map(({ intents: [a, b], mistaken, share, examples }) => [
        `${a} ↔ ${b}: ${mistaken[0]} + ${mistaken[1]} lines taken for the other, ${Math.round(share * 100)} %`,
        ...examples.map(([x, y]) => `  ${quote(x)} is like ${quote(y)}`),
      ]),
    ),
    section(
      'Thin intents',
      'add ways that customers ask it, in words of their own',
      thin.map((t) => [
        `${t.intent}: ${t.lines} ${t.lines === 1 ? 'line' : 'lines'}` +
          (t.tried === 0 ? '' : `, ${t.recognised} of ${t.tried} recognised when left out`),
      ]),
    ),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'Nothing to mend was found.' : parts.join('\n\n');
}

function section(title: string, mend: string, found: readonly (readonly string[])[]): string {
  if (found.length === 0) return '';
  const rest = found.length - SHOWN;
  const more = rest > 0 ? [`  … and ${rest} more (--json shows all)`] : [];
  const body = found.slice(0, SHOWN).flatMap((lines) => lines.map((line) => `  ${line}`));
  return [`${title} (${found.length}) — ${mend}:`, ...body, ...more].join('\n');
}
