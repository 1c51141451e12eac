import { fitChoices, surprise, type Choice } from '../../learning/choices.ts';
import { cutOf } from '../calibrate.ts';
import { SmallVectors, type PackedVector } from '../embedding/small-vectors.ts';
import {
  confidenceFeatures,
  Neighbours,
  optionsOf,
  probabilityOf,
  weigh,
  type LookWeights,
  type Option,
} from './look.ts';
import { Ridge } from './ridge.ts';

/** What a second look is learned from; plain data, so that it can be sent to a thread. */
export interface FitTask {
  readonly dims: number;
  /** Number of intents in scope. */
  readonly intents: number;
  /** Intent of every line; -1 for a line out of scope. */
  readonly labels: readonly number[];
  readonly vectors: readonly PackedVector[];
  /** Lines that the plain model behind `plain` was not trained on. */
  readonly heldOut: readonly number[];
  /** Its scores for each of them, intent by intent, 0 to 1. */
  readonly plain: readonly Float32Array[];
}

/** Strengths of regularisation to choose from. */
const STRENGTHS = [0.3, 1, 3, 10];
/** Pull of weights to 0, in choices. */
const PULL = 0.01;
/** How often the plain model must be right where it gets no second look. */
const SURE_RIGHT = 0.99;

/** A held-out line with its options. */
interface Case {
  readonly label: number;
  readonly options: readonly Option[];
}

/** Learns to combine the plain model with vectors, measured on lines that neither has seen. */
export function fitLook(task: FitTask): LookWeights {
  const { dims, intents, labels, heldOut } = task;
  const vectors = new SmallVectors(dims, task.vectors);
  const out = new Set(heldOut);
  const ridge = new Ridge(dims, intents);
  for (let i = 0; i < vectors.size; i += 1) {
    if (!out.has(i)) ridge.add(vectors.row(i), labels[i] ?? -1);
  }
  const neighbours = new Neighbours(vectors, labels, intents, out);
  const lines = heldOut.map((line, i) => ({
    label: labels[line] ?? -1,
    vector: vectors.row(line),
    plain: task.plain[i] ?? new Float32Array(intents),
  }));
  const tries = STRENGTHS.map((strength) => {
    const head = ridge.solve(strength);
    const cases = lines.map(({ label, vector, plain }): Case => {
      return { label, options: optionsOf(plain, vector, head, neighbours) };
    });
    const choices = cases.flatMap(choiceOf);
    const fusion = fitted(choices, 3);
    return { strength, cases, fusion, loss: surprise(choices, Float64Array.from(fusion)) };
  });
  const best = tries.reduce((a, b) => (b.loss < a.loss ? b : a));
  for (const line of out) ridge.add(vectors.row(line), labels[line] ?? -1);
  return {
    head: ridge.solve(best.strength),
    fusion: best.fusion,
    ...bounds(best.cases, best.fusion, lines),
  };
}

function choiceOf({ label, options }: Case): Choice[] {
  const right = options.findIndex((o) => o.intent === label);
  if (right < 0) return [];
  return [{ options: Float64Array.from(options.flatMap((o) => o.features)), right }];
}

function fitted(choices: readonly Choice[], size: number): number[] {
  return [...fitChoices(choices, { prior: new Float64Array(size), pull: PULL })];
}

/** How scores read as probabilities, who needs a second look, and where to stop believing. */
function bounds(
  cases: readonly Case[],
  fusion: readonly number[],
  lines: readonly { readonly label: number; readonly plain: Float32Array }[],
): Pick<LookWeights, 'confidence' | 'sure' | 'threshold'> {
  const seen = cases.flatMap(({ label, options }, i) => {
    const [best] = weigh(options, fusion);
    if (best === undefined) return [];
    const plain = lines[i]?.plain ?? new Float32Array();
    const top = plain.reduce((at, score, c) => (score > (plain[at] ?? 0) ? c : at), 0);
    const features = confidenceFeatures(best);
    const right = best.intent === label;
    return [{ label, features, right, score: plain[top] ?? 0, plainRight: top === label }];
  });
  const confidence = fitted(
    seen.map(({ features, right }) => ({
      options: Float64Array.from([...features, ...features.map(() => 0)]),
      right: right ? 0 : 1,
    })),
    3,
  );
  const sure = sureFrom(seen.map(({ score, plainRight }) => ({ score, right: plainRight })));
  const inScope = seen
    .filter(({ label }) => label >= 0)
    .map(({ score, features }) => (score >= sure ? score : probabilityOf(features, confidence)))
    .sort((a, b) => a - b);
  return {
    confidence,
    sure,
    threshold: cutOf(inScope),
  };
}

/** The lowest score from which on the plain model is right in 99 % of the lines; at least 0.5. */
function sureFrom(lines: readonly { readonly score: number; readonly right: boolean }[]): number {
  const sorted = [...lines].sort((a, b) => b.score - a.score);
  let wrong = 0;
  let sure = 1;
  for (const [i, { score, right }] of sorted.entries()) {
    if (!right) wrong += 1;
    if (score < 0.5) break;
    if (wrong <= (1 - SURE_RIGHT) * (i + 1)) sure = score;
  }
  return sure;
}
