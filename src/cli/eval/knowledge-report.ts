import { decimals, mean, percent, share } from './rates.ts';
import type { Kind, Outcome } from './knowledge-trials.ts';

/** What was done with the messages of one kind; fractions of `messages`, `null` without any. */
interface Share {
  readonly messages: number;
  readonly answered: number | null;
  /** Answered from an entry that is not the right one. */
  readonly falseAnswers: number | null;
  readonly suggested: number | null;
  /** Suggested, the right entry among the suggestions. */
  readonly suggestedRight: number | null;
  /** Taken for a task or a command. */
  readonly tasks: number | null;
  /** Not understood: the customer is offered a person. */
  readonly handedOn: number | null;
}

/** What `npm run eval -- --knowledge` reports of a language. All rates are fractions, `null` where nothing was sent. */
export interface KnowledgeReport {
  readonly thresholds: { readonly answer: number; readonly suggest: number };
  /** Of the rewordings, those whose entry search found first. */
  readonly top1: number | null;
  /** Mean of 1 / rank of the right entry among the first five, 0 where it is not there. */
  readonly mrr5: number | null;
  /** Of all messages, those answered wrongly. */
  readonly falseAnswerRate: number | null;
  readonly rewordings: Share;
  readonly unknown: Share;
  readonly offTopic: Share;
  /** Wrong answers to look at, 20 of each kind at most. */
  readonly examples: readonly {
    readonly kind: Kind;
    readonly text: string;
    readonly entry: string;
  }[];
}

const EXAMPLES = 20;

const isRight = ({ wanted, found: [first] }: Outcome): boolean =>
  wanted !== undefined && first === wanted;
const isFalse = (o: Outcome): boolean => o.did === 'answer' && !isRight(o);

/** @param thresholds of the whole knowledge base */
export function knowledgeReport(
  outcomes: readonly Outcome[],
  thresholds: KnowledgeReport['thresholds'],
): KnowledgeReport {
  const of = (kind: Kind): readonly Outcome[] => outcomes.filter((o) => o.kind === kind);
  const rewordings = of('rewording');
  const ranks = rewordings.map(
    ({ wanted, found }) => [...new Set(found)].indexOf(wanted ?? '') + 1,
  );
  const kinds = ['rewording', 'unknown', 'off-topic'] as const;
  return {
    thresholds,
    top1: mean(ranks.map((rank) => (rank === 1 ? 1 : 0))),
    mrr5: mean(ranks.map((rank) => (rank >= 1 && rank <= 5 ? 1 / rank : 0))),
    falseAnswerRate: share(outcomes, isFalse),
    rewordings: shareOf(rewordings),
    unknown: shareOf(of('unknown')),
    offTopic: shareOf(of('off-topic')),
    examples: kinds.flatMap((kind) =>
      of(kind)
        .filter(isFalse)
        .slice(0, EXAMPLES)
        .map(({ text, found }) => ({ kind, text, entry: found[0] ?? '' })),
    ),
  };
}

function shareOf(outcomes: readonly Outcome[]): Share {
  return {
    messages: outcomes.length,
    answered: share(outcomes, (o) => o.did === 'answer'),
    falseAnswers: share(outcomes, isFalse),
    suggested: share(outcomes, (o) => o.did === 'suggest'),
    suggestedRight: share(
      outcomes,
      ({ did, wanted, found }) => did === 'suggest' && found.some((entry) => entry === wanted),
    ),
    tasks: share(outcomes, (o) => o.did === 'task'),
    handedOn: share(outcomes, (o) => o.did === 'hand-on'),
  };
}

/** A report for people. */
export function knowledgeText(report: KnowledgeReport): string {
  const { thresholds, rewordings, unknown, offTopic } = report;
  const head: [string, string][] = [
    ['top-1', percent(report.top1)],
    ['MRR@5', decimals(report.mrr5)],
    ['false answers, of all messages', percent(report.falseAnswerRate)],
    ['threshold to answer', thresholds.answer.toFixed(3)],
    ['threshold to suggest', thresholds.suggest.toFixed(3)],
  ];
  const columns = [
    'messages',
    'answered',
    'falsely',
    'suggested',
    'holds right',
    'task',
    'handed on',
  ];
  const row = (name: string, s: Share): string[] => [
    name,
    String(s.messages),
    ...[s.answered, s.falseAnswers, s.suggested, s.suggestedRight, s.tasks, s.handedOn].map(
      percent,
    ),
  ];
  const table = [
    ['', ...columns],
    row('questions held out', rewordings),
    row('entries held out', unknown),
    row('off topic', offTopic),
  ];
  const wrong = report.examples.map(({ text, entry }) => `  ${text} → ${entry}`);
  return [
    head.map(([name, value]) => `  ${name.padEnd(31)} ${value}`).join('\n'),
    table
      .map((cells) => `  ${cells.map((c, i) => c.padEnd(i === 0 ? 19 : 11)).join(' ')}`)
      .join('\n'),
    ...(wrong.length === 0 ? [] : [`Answered falsely\n${wrong.join('\n')}`]),
  ].join('\n\n');
}
