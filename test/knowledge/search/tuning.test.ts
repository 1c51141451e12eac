import { expect } from 'chai';
import { ENTRY_FEATURES } from '../../../src/knowledge/search/evidence.ts';
import { PRIOR, probabilities, utilities } from '../../../src/knowledge/search/fusion.ts';
import { tune } from '../../../src/knowledge/search/tuning.ts';
import type { Trial } from '../../../src/knowledge/search/tuning.ts';

/** Two candidates; feature 0 is high for the one given. */
function trial(high: number, right: number): Trial {
  const entries = new Float64Array(2 * ENTRY_FEATURES);
  entries[high * ENTRY_FEATURES] = 1;
  return { entries, none: Float64Array.of(1, 0, 0), count: 2, right, weight: 1 };
}

const sure = (trials: readonly Trial[], of: Trial): number =>
  probabilities(utilities(tune(trials), of))[of.right] ?? 0;

describe('tune', () => {
  it('stays at the prior without trials', () => {
    expect(tune([])).to.deep.equal(PRIOR);
  });

  it('learns that a feature tells the right entry', () => {
    const trials = Array.from({ length: 2000 }, (_, i) => trial(i % 2, i % 2));
    expect(sure(trials, trial(0, 0))).to.be.above(0.95);
    expect(sure(trials.slice(0, 4), trial(0, 0))).to.be.below(sure(trials, trial(0, 0)));
  });

  it('learns how often none is right', () => {
    const trials = Array.from({ length: 4000 }, (_, i) => trial(0, i % 4 === 0 ? 0 : 2));
    expect(sure(trials, trial(0, 2))).to.be.closeTo(0.75, 0.04);
  });

  it('ends on trials that contradict each other', () => {
    const weights = tune([trial(0, 1), trial(0, 0), trial(1, 0), trial(1, 1)]);
    expect([...weights.entry, ...weights.none].every(Number.isFinite)).to.equal(true);
  });
});
