/** What an author should look at in training lines: found by how the lines do when they are held out. */
import { OUT_OF_SCOPE, type TermLine } from './classify.ts';
import { Likeness } from './likeness.ts';

/** What came of one training line while it was held out. */
export interface HeldOutLine {
  /** Index among the lines. */
  readonly line: number;
  /** `undefined` where nothing speaks for any intent. */
  readonly predicted?: string | undefined;
  /** How sure that was; grows with the probability, any scale. */
  readonly confidence: number;
}

/** An intent with too little to learn it from. */
export interface ThinIntent {
  readonly intent: string;
  readonly lines: number;
  /** Of its lines, those that were held out, and those of them that were recognised all the same. */
  readonly tried: number;
  readonly recognised: number;
  /** `few`: fewer than {@link FEW} lines. `unlike`: more, but they do not help to recognise each other. */
  readonly why: 'few' | 'unlike';
}

/** Two intents that are taken for each other. */
export interface Overlap {
  /** The one that is mistaken more often first. */
  readonly intents: readonly [string, string];
  /** Lines of the first taken for the second, and of the second for the first. */
  readonly mistaken: readonly [number, number];
  /** Share of the held-out lines of both. */
  readonly share: number;
  /** Mistaken lines, the surest first, each with the line of the other intent that is most like it. */
  readonly examples: readonly (readonly [number, number])[];
}

/** A line that seems to belong to another intent. */
export interface Suspect {
  readonly line: number;
  readonly intent: string;
  /** Where it seems to belong. */
  readonly fits: string;
  /** A line of that intent that is like it. */
  readonly like: number;
  /** `same`: the very words stand under both. `reads`: it is recognised there, as surely as a typical line. */
  readonly why: 'same' | 'reads';
}

/** All findings, the gravest first in each list. Lists are complete: whoever shows them cuts them. */
export interface Advice {
  readonly thin: readonly ThinIntent[];
  readonly overlapping: readonly Overlap[];
  readonly suspect: readonly Suspect[];
}

/** How much there is of each kind: enough to tell an author that a look is worth it. */
export interface AdviceCounts {
  readonly thin: number;
  readonly overlapping: number;
  readonly suspect: number;
}

/** Lines below which an intent is thin whatever its held-out lines say. */
export const FEW = 5;
/** Share of its held-out lines that an intent must recognise. */
const LEAST_RECALL = 0.5;
/** Held-out lines below which their share says nothing. */
const ENOUGH_TRIED = 3;
/** Share of mistaken lines from which two intents overlap, and how many it takes. */
const OVERLAP = { share: 0.08, lines: 2 };
/** Examples of an overlap. */
const EXAMPLES = 3;
/** Lines of an intent that are compared, so that large intents stay cheap. */
const COMPARED = 200;

/**
 * Finds thin intents, overlapping ones and lines that look mislabelled.
 *
 * A line looks mislabelled where its held-out prediction is another intent, at least as sure as
 * predictions of that intent are when they are right (confident learning, Northcutt et al. 2021), and
 * it is more like a line of that intent than like any other line of its own. With one label in twenty
 * of the demo shop's dialogs and commands exchanged, it names 16 of 27 and 4 others.
 * @param lines the lines that were trained on
 * @param heldOut at most one for each line; lines without one, and those out of scope, are only counted
 */
export function advise(lines: readonly TermLine[], heldOut: readonly HeldOutLine[]): Advice {
  const known = heldOut.filter(({ line }) => scoped(lines[line]?.intent));
  const groups = groupsOf(lines);
  const likeness = new Likeness(lines.map(({ terms }) => terms));
  const same = sameWords(lines);
  const listed = new Set(same.map(({ line }) => line));
  const misread = misreadLines(lines, known, groups, likeness).filter((s) => !listed.has(s.line));
  return {
    thin: thinIntents(lines, known, groups),
    overlapping: overlaps(lines, known, groups, likeness),
    suspect: [...same, ...misread],
  };
}

/** The size of each list of {@link Advice}. */
export function countsOf({ thin, overlapping, suspect }: Advice): AdviceCounts {
  return { thin: thin.length, overlapping: overlapping.length, suspect: suspect.length };
}

type Groups = ReadonlyMap<string, readonly number[]>;

const scoped = (intent: string | undefined): intent is string =>
  intent !== undefined && intent !== OUT_OF_SCOPE;

/** Indexes of the lines in scope by intent. */
function groupsOf(lines: readonly TermLine[]): Groups {
  const groups = new Map<string, number[]>();
  lines.forEach(({ intent }, line) => {
    if (!scoped(intent)) return;
    const group = groups.get(intent);
    if (group === undefined) groups.set(intent, [line]);
    else group.push(line);
  });
  return groups;
}

function thinIntents(
  lines: readonly TermLine[],
  heldOut: readonly HeldOutLine[],
  groups: Groups,
): ThinIntent[] {
  const tried = new Map<string, { tried: number; recognised: number }>();
  for (const { line, predicted } of heldOut) {
    const intent = lines[line]?.intent ?? '';
    const count = tried.get(intent) ?? { tried: 0, recognised: 0 };
    tried.set(intent, count);
    count.tried += 1;
    if (predicted === intent) count.recognised += 1;
  }
  const thin = [...groups].flatMap(([intent, { length }]): ThinIntent[] => {
    const count = tried.get(intent) ?? { tried: 0, recognised: 0 };
    if (length < FEW) return [{ intent, lines: length, ...count, why: 'few' }];
    const weak = count.tried >= ENOUGH_TRIED && count.recognised < LEAST_RECALL * count.tried;
    return weak ? [{ intent, lines: length, ...count, why: 'unlike' }] : [];
  });
  const share = (t: ThinIntent): number => (t.tried === 0 ? 0 : t.recognised / t.tried);
  return thin.sort((a, b) => share(a) - share(b) || a.lines - b.lines);
}

function overlaps(
  lines: readonly TermLine[],
  heldOut: readonly HeldOutLine[],
  groups: Groups,
  likeness: Likeness,
): Overlap[] {
  const tried = new Map<string, number>();
  const pairs = new Map<string, HeldOutLine[]>();
  for (const each of heldOut) {
    const { line, predicted } = each;
    const intent = lines[line]?.intent ?? '';
    tried.set(intent, (tried.get(intent) ?? 0) + 1);
    if (predicted === undefined || predicted === intent || !groups.has(predicted)) continue;
    const pair = JSON.stringify([intent, predicted].sort());
    const mistaken = pairs.get(pair);
    if (mistaken === undefined) pairs.set(pair, [each]);
    else mistaken.push(each);
  }
  const found = [...pairs].flatMap(([pair, mistaken]): Overlap[] => {
    const [a, b] = JSON.parse(pair) as [string, string];
    const share = mistaken.length / ((tried.get(a) ?? 0) + (tried.get(b) ?? 0));
    if (mistaken.length < OVERLAP.lines || share < OVERLAP.share) return [];
    const ofA = mistaken.filter(({ line }) => lines[line]?.intent === a).length;
    const ofB = mistaken.length - ofA;
    const intents = ofA >= ofB ? ([a, b] as const) : ([b, a] as const);
    const examples = mistaken
      .sort((m, n) => n.confidence - m.confidence)
      .slice(0, EXAMPLES)
      .map(({ line, predicted = '' }) => {
        const like = likeness.nearest(line, sample(groups, predicted))?.line ?? line;
        return [line, like] as const;
      });
    return [{ intents, mistaken: [Math.max(ofA, ofB), Math.min(ofA, ofB)], share, examples }];
  });
  return found.sort((x, y) => y.share - x.share);
}

/** Lines that stand under two intents, as far as a classifier can see: all but the first of each. */
function sameWords(lines: readonly TermLine[]): Suspect[] {
  const first = new Map<string, number>();
  const out: Suspect[] = [];
  lines.forEach(({ terms, intent }, line) => {
    if (!scoped(intent)) return;
    const key = terms.join('\u0001');
    const like = first.get(key);
    const fits = lines[like ?? -1]?.intent;
    if (like === undefined) first.set(key, line);
    else if (fits !== undefined && fits !== intent) {
      out.push({ line, intent, fits, like, why: 'same' });
    }
  });
  return out;
}

function misreadLines(
  lines: readonly TermLine[],
  heldOut: readonly HeldOutLine[],
  groups: Groups,
  likeness: Likeness,
): Suspect[] {
  const typical = typicalConfidence(lines, heldOut);
  const sure = heldOut
    .filter(({ line, predicted, confidence }) => {
      const differs = predicted !== undefined && predicted !== lines[line]?.intent;
      return differs && confidence >= typical(predicted);
    })
    .sort((a, b) => b.confidence - a.confidence);
  return sure.flatMap(({ line, predicted }): Suspect[] => {
    const intent = lines[line]?.intent;
    if (intent === undefined || predicted === undefined) return [];
    const there = likeness.nearest(line, sample(groups, predicted));
    const here = likeness.nearest(line, sample(groups, intent));
    if (there === undefined || there.likeness <= (here?.likeness ?? 0)) return [];
    return [{ line, intent, fits: predicted, like: there.line, why: 'reads' }];
  });
}

/** How sure right predictions of an intent are on average; of all intents where it has too few. */
function typicalConfidence(
  lines: readonly TermLine[],
  heldOut: readonly HeldOutLine[],
): (intent: string) => number {
  const sums = new Map<string, { sum: number; count: number }>();
  const all = { sum: 0, count: 0 };
  for (const { line, predicted, confidence } of heldOut) {
    if (predicted === undefined || predicted !== lines[line]?.intent) continue;
    const own = sums.get(predicted) ?? { sum: 0, count: 0 };
    sums.set(predicted, own);
    for (const each of [own, all]) {
      each.sum += confidence;
      each.count += 1;
    }
  }
  const overall = all.count === 0 ? Infinity : all.sum / all.count;
  return (intent) => {
    const own = sums.get(intent);
    return own === undefined || own.count < ENOUGH_TRIED ? overall : own.sum / own.count;
  };
}

function sample(groups: Groups, intent: string): readonly number[] {
  return (groups.get(intent) ?? []).slice(0, COMPARED);
}
