/** Weights that fit a knowledge base best, by trying out its own questions. */
import { fitChoices, type Choice } from '../../learning/choices.ts';
import { ENTRY_FEATURES, NONE_FEATURES } from './evidence.ts';
import { PRIOR } from './fusion.ts';
import type { Found, Weights } from './fusion.ts';

/** What was found for a question whose entry is known. */
export interface Trial extends Found {
  /** Place of the right entry among the candidates; `count` where none of them is right. */
  readonly right: number;
  readonly weight: number;
}

const SIZE = ENTRY_FEATURES + NONE_FEATURES;
/** How much a weight must help before it moves 1 away from {@link PRIOR}. */
const RIDGE = 10;
/** Candidates below this probability do not move the weights. */
const NEGLIGIBLE = 1e-3;
/** A round that gains less than this share of the loss is the last. */
const ENOUGH_GAINED = 1e-4;

function joined({ entry, none }: Weights): Float64Array {
  return Float64Array.from([...entry, ...none]);
}

/** The candidates and, last, "none of them", each over all weights. */
function choiceOf({ entries, none, count, right, weight }: Trial): Choice {
  const options = new Float64Array((count + 1) * SIZE);
  for (let c = 0; c < count; c++) {
    options.set(entries.subarray(c * ENTRY_FEATURES, (c + 1) * ENTRY_FEATURES), c * SIZE);
  }
  options.set(none, count * SIZE + ENTRY_FEATURES);
  return { options, right, weight };
}

/**
 * The most probable weights given the trials, drawn towards {@link PRIOR}. Some 20 ms for 400 trials.
 * @param start weights that are near the result, where some are known
 */
export function tune(trials: readonly Trial[], start: Weights = PRIOR): Weights {
  const all = fitChoices(trials.map(choiceOf), {
    prior: joined(PRIOR),
    pull: RIDGE,
    start: joined(start),
    negligible: NEGLIGIBLE,
    enough: ENOUGH_GAINED,
  });
  return { entry: all.subarray(0, ENTRY_FEATURES), none: all.subarray(ENTRY_FEATURES) };
}
