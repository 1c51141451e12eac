import { expect } from 'chai';
import { FALLBACK, thresholdsFor } from '../../../src/knowledge/search/thresholds.ts';
import type { Outcome } from '../../../src/knowledge/search/thresholds.ts';

/** Trials with scores from 1 down, of which the first `sure` are right. */
function trials(sure: number, all: number): Outcome[] {
  return Array.from({ length: all }, (_, i) => ({
    score: 1 - i / all,
    right: i < sure,
    offered: i < sure + all / 10,
    weight: 1,
  }));
}

describe('thresholdsFor', () => {
  it('answers down to where 87 % of the answers are right', () => {
    // Of 115 trials 100 are right: 0.87. The step from right to wrong is at 0.5.
    expect(thresholdsFor(trials(100, 200)).answer).to.be.within(1 - 118 / 200, 0.5);
    expect(thresholdsFor(trials(60, 200)).answer).to.be.within(1 - 72 / 200, 0.71);
  });

  it('is hardly moved by one unlucky trial', () => {
    const wrong = { score: 0.95, right: false, offered: false, weight: 1 };
    const { answer } = thresholdsFor(trials(60, 200));
    expect(thresholdsFor([...trials(60, 200), wrong]).answer).to.be.within(answer, answer + 0.04);
  });

  it('offers down to where 80 % of what is shown holds the right entry', () => {
    // (120 + 3) / (n + 3) ≥ 0.8 holds up to n = 150.
    const { suggest } = thresholdsFor(trials(100, 200));
    expect(suggest).to.be.closeTo(1 - 149 / 200, 1e-9);
  });

  it('does not count what comes seldom as much', () => {
    const seldom = trials(100, 200).map((t) => ({ ...t, weight: t.right ? 1 : 0.1 }));
    expect(thresholdsFor(seldom).answer).to.be.below(thresholdsFor(trials(100, 200)).answer);
  });

  it('never answers anything, nor hardly anything', () => {
    expect(thresholdsFor(trials(200, 200))).to.deep.equal({ answer: 0.4, suggest: 0.08 });
    expect(thresholdsFor(trials(0, 200)).answer).to.equal(0.8);
    expect(thresholdsFor([]).suggest).to.equal(FALLBACK.suggest);
  });
});
