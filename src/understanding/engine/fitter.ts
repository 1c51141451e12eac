/** Trains linear classifiers: what a support vector machine and a logistic regression agree on. */
import { OUT_OF_SCOPE, bestIntent, confidences, type HeldOut, type TermLine } from '../classify.ts';
import { LANES, Lanes, ROW } from './lanes/lanes.ts';
import { pack } from './linear-classifier.ts';
import type { Recipe } from './recipe.ts';
import {
  countFeatures,
  cutLines,
  groupsOf,
  weighLines,
  type Cut,
  type Samples,
} from './samples.ts';
import { seeded } from './shuffle.ts';
import { trainSoftmax } from './softmax.ts';
import { roomOfSvm, trainSvm } from './svm.ts';
import type { Scales } from './vocabulary.ts';

const TOLERANCE = 0.1;
const PASSES = 40;
const RATE = 1;
const FEWEST_EPOCHS = 2;
/** Features of all lines that the logistic regression may visit; bounds its time. */
const VISITS = 9e6;
/** Up to this many lines this many passes do: more of them cost time and give little. */
const SMALL = { lines: 5000, epochs: 6 };

/** Above this many features by intents, features that a single line has are left out. */
const WIDE = 2e7;

/** What a {@link Fitter} trains with. */
export interface FitOptions {
  readonly recipe: Recipe;
  readonly seed: number;
  /** Lines that teach, too, but are never held out. */
  readonly names: readonly TermLine[];
}

/** What a classifier is before it is packed. */
interface Fitted {
  readonly lanes: Lanes;
  readonly samples: Samples;
  readonly scales: Scales;
  /** A row of weights for each feature, the bias last, group of intents by group. */
  readonly rows: Float32Array;
}

/**
 * Trains classifiers on lines: the one of all of them, and those that leave some out to see how it
 * would do on new ones. The same lines and seed give the same, in any order of the calls.
 */
export class Fitter {
  readonly #options: FitOptions;
  readonly #lines: readonly TermLine[];
  readonly #cut: Cut;
  readonly #labels: Int32Array;
  readonly #intents: readonly string[];
  #lanes: Lanes | undefined;

  constructor(lines: readonly TermLine[], options: FitOptions) {
    const all = [...lines, ...options.names];
    this.#options = options;
    this.#lines = lines;
    this.#cut = cutLines(all);
    this.#intents = [...new Set(all.map((line) => line.intent))];
    const numbers = new Map(this.#intents.map((intent, i) => [intent, i]));
    this.#labels = Int32Array.from(all, ({ intent }) => numbers.get(intent) ?? 0);
  }

  /** The classifier of all lines, as bytes. */
  whole(): Uint8Array {
    const { samples, rows, scales } = this.#train(new Set());
    const { temperature, doubt } = this.#options.recipe;
    const { intents } = samples;
    const weights = new Float32Array(intents);
    const weightsOf = (feature: number): Float32Array => {
      for (let k = 0; k < intents; k += 1) weights[k] = rows[placeOf(samples, feature, k)] ?? 0;
      return weights;
    };
    const { features, idf } = samples;
    return pack({ temperature, doubt, scales, intents: this.#intents, features, idf, weightsOf });
  }

  /** How the classifier without these lines does on them; lines out of scope are left out. */
  without(hold: readonly number[]): HeldOut[] {
    const fitted = this.#train(new Set(hold));
    const { temperature, doubt } = this.#options.recipe;
    const how = { intents: this.#intents, temperature, doubt };
    const out = fitted.lanes.floats(groupsOf(fitted.samples) * LANES);
    return hold.flatMap((line): HeldOut[] => {
      const intent = this.#lines[line]?.intent;
      if (intent === undefined || intent === OUT_OF_SCOPE) return [];
      const values = sumsOf(fitted, line, out);
      const all = confidences(how, { values, known: fitted.samples.known[line] ?? 0 });
      const best = bestIntent(all);
      const predicted = this.#intents[best];
      const told = predicted === undefined ? {} : { predicted };
      return [{ line, ...told, confidence: all[best] ?? 0, correct: predicted === intent }];
    });
  }

  #train(hold: ReadonlySet<number>): Fitted {
    const { recipe, seed } = this.#options;
    const { softmaxShare, svmShare, cost, dropout, kinds, unknown } = recipe;
    const learned = Int32Array.from(this.#labels.keys()).filter((line) => !hold.has(line));
    const scales = { kinds, unknown, lines: learned.length };
    const having = countFeatures(this.#cut, learned);
    const intents = this.#intents.length;
    const wide = having.reduce((sum, count) => sum + Math.min(count, 1), 0) * intents > WIDE;
    const least = wide ? 2 : 1;
    const known = having.reduce((sum, count) => sum + (count >= least ? 1 : 0), 0);
    const lanes = this.#room(known + 1);
    const [cut, labels] = [this.#cut, this.#labels];
    const samples = weighLines(lanes, { cut, labels, intents, learned, having, least, scales });
    const size = (known + 1) * LANES;
    const rows = lanes.floats(groupsOf(samples) * size);
    if (softmaxShare !== 0) {
      const epochs = this.#epochs(samples);
      trainSoftmax(lanes, samples, rows, { epochs, rate: RATE, dropout }, seeded(seed));
    }
    const machine = { cost, tolerance: TOLERANCE, passes: svmShare === 0 ? 0 : PASSES };
    trainSvm(lanes, samples, machine, seeded(seed + 1), (group, part) => {
      for (let i = 0, at = group * size; i < size; i += 1, at += 1) {
        rows[at] = softmaxShare * (rows[at] ?? 0) + svmShare * (part[i] ?? 0);
      }
    });
    return { lanes, samples, scales, rows };
  }

  #epochs({ learned, starts, ends }: Samples): number {
    const { epochs } = this.#options.recipe;
    const most = learned.length <= SMALL.lines ? Math.min(epochs, SMALL.epochs) : epochs;
    const visited = learned.reduce((sum, i) => sum + (ends[i] ?? 0) - (starts[i] ?? 0), 0);
    return Math.min(most, Math.max(FEWEST_EPOCHS, Math.round(VISITS / visited)));
  }

  /** Memory for one training, the same for each where it is large enough. */
  #room(rows: number): Lanes {
    const lines = this.#labels.length;
    const groups = Math.ceil(this.#intents.length / LANES);
    const entries = this.#cut.ids.length + lines;
    const sums = 2 * groups * LANES;
    // A line's features, kept and scaled, are at most those of all lines.
    const room = 4 * entries + groups * rows * LANES + sums + roomOfSvm(lines, rows);
    if (this.#lanes === undefined || this.#lanes.room < room) this.#lanes = new Lanes(room);
    this.#lanes.clear();
    return this.#lanes;
  }
}

/** Where the weight of a feature for an intent stands. */
function placeOf({ features }: Samples, feature: number, intent: number): number {
  const group = Math.floor(intent / LANES);
  return (group * (features.length + 1) + feature) * LANES + (intent % LANES);
}

/** Activations of one line, intent by intent. */
function sumsOf({ lanes, samples, rows }: Fitted, line: number, out: Float32Array): Float64Array {
  const { ids, values, starts, ends, features, intents } = samples;
  const start = 4 * (starts[line] ?? 0);
  const end = ids.byteOffset + 4 * (ends[line] ?? 0);
  for (let g = 0; g < groupsOf(samples); g += 1) {
    lanes.kernel.sum(
      ids.byteOffset + start,
      end,
      values.byteOffset + start,
      rows.byteOffset + g * (features.length + 1) * ROW,
      out.byteOffset + g * ROW,
    );
  }
  return Float64Array.from(out.subarray(0, intents));
}
