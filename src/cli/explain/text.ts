import type { BeginOptions } from '../../dialog/compile.ts';
import type { Decision } from '../../turn/decision.ts';
import type { Explanation } from './explain.ts';

const WIDTH = 12;
const two = (value: number): string => value.toFixed(2);

/** An explanation for people, one part a paragraph, aligned. */
export function explanationText(e: Explanation): string {
  const also = sameIntents(e) ? [] : e.decisive;
  return [
    row('text', [e.text]),
    row('language', [e.lang === e.readIn ? e.lang : `${e.lang}, read as ${e.readIn}`]),
    row('normalised', [e.normalised]),
    row('masked', [e.masked]),
    row('segments', [e.segments.join(' | ')]),
    ...(e.sounds.length === 0 ? [] : [row('sounds', [e.sounds.join(' | ')])]),
    row('question', [e.question ? 'yes' : 'no']),
    row(
      'entities',
      e.entities.map(
        ({ type, text, start, end, value }) =>
          `${type}  "${text}" (${start}–${end})  ${typeof value === 'string' ? value : JSON.stringify(value)}`,
      ),
    ),
    row('negation', negation(e)),
    ...(e.clauses.length < 2 ? [] : [row('clauses', [e.clauses.join(' | ')])]),
    row('intents', [
      `out of scope below ${two(e.threshold)}${e.rejected ? ': out of scope' : ''}`,
      ...e.intents.map(scored),
    ]),
    ...(also.length === 0 ? [] : [row('decisive', also.map(scored))]),
    row(
      'features',
      e.features.flatMap(({ intent, terms }) => [
        `${intent}:`,
        `  ${terms.map(({ term, weight }) => `${term} ${weight < 0 ? '' : '+'}${two(weight)}`).join('   ') || 'none known'}`,
      ]),
    ),
    row('knowledge', [
      `answers from ${two(e.thresholds.answer)}, offers from ${two(e.thresholds.suggest)}${e.searched ? '' : '; not needed for this message'}`,
      ...e.hits.map(
        (hit) =>
          `${two(hit.score)}  ${hit.entry}  by ${hit.by}  ${hit.source}  revision ${hit.revision}  "${hit.question}"`,
      ),
    ]),
    row('decision', [decided(e.decision), `because ${e.reason}`]),
  ].join('\n');
}

function row(name: string, lines: readonly string[]): string {
  const [first = 'none', ...rest] = lines;
  return [`${name.padEnd(WIDTH)}${first}`, ...rest.map((l) => ' '.repeat(WIDTH) + l)].join('\n');
}

function scored({ intent, score }: { readonly intent: string; readonly score: number }): string {
  return `${two(score)}  ${intent}`;
}

function sameIntents({ intents, decisive }: Explanation): boolean {
  return intents.every(({ intent, score }, i) => {
    const other = decisive[i];
    return other?.intent === intent && other.score === score;
  });
}

function negation({ negation: { negated, rest, refused } }: Explanation): string[] {
  if (negated === undefined) return [];
  return [`"${negated}" is not wanted: ${refused ?? 'no task'}; the rest is "${rest}"`];
}

function withValues(dialog: string, { values = {} }: BeginOptions): string {
  const given = Object.entries(values).map(([slot, v]) => `${slot} = ${JSON.stringify(v)}`);
  return given.length === 0 ? dialog : `${dialog} with ${given.join(', ')}`;
}

/** The decision with what it is about. */
function decided(decision: Decision): string {
  switch (decision.kind) {
    case 'start':
      return `start ${withValues(decision.dialog, decision.options)}`;
    case 'several':
      return [
        ...decision.answers.map(decided),
        ...(decision.first === undefined ? [] : [decided(decision.first)]),
        ...decision.later.map((task) => `then ${withValues(task.dialog, task.options)}`),
      ].join('; ');
    case 'language':
      return `answer in ${decision.lang}`;
    case 'care':
      return 'a careful word, and the offer of a person';
    case 'abuse':
      return 'a calm word, and the offer of a person';
    case 'answer':
      return `answer ${decision.hit.entry}`;
    case 'suggest':
      return `suggest ${decision.hits.map((hit) => hit.entry).join(', ')}`;
    case 'say':
      return `say ${decision.key}`;
    case 'refused-task':
      return `acknowledge that ${decision.dialog} is not wanted`;
    case 'miss':
      return 'not understood: ask again, then offer a person';
    default:
      return decision.kind;
  }
}
