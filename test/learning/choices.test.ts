import { expect } from 'chai';
import { fitChoices, surprise, type Choice } from '../../src/learning/choices.ts';

const fit = (choices: readonly Choice[], size: number): Float64Array =>
  fitChoices(choices, { prior: new Float64Array(size), pull: 0.01 });

describe('choices', () => {
  it('finds the share of logistic regression: 3 of 4 right is log 3', () => {
    const options = Float64Array.from([1, 0]);
    const choices = Array.from({ length: 4000 }, (_, i): Choice => ({
      options,
      right: i % 4 === 0 ? 1 : 0,
    }));
    expect(fit(choices, 1)[0]).to.be.closeTo(Math.log(3), 0.01);
  });

  it('weighs the feature that tells, not the one that does not', () => {
    const choices = Array.from({ length: 300 }, (_, i): Choice => {
      const right = i % 3;
      // Wrong in one of ten: else the weight has no bound.
      const told = i % 10 === 0 ? (right + 1) % 3 : right;
      const rows = [0, 1, 2].flatMap((o) => [o === told ? 1 : 0, (i * 7 + o * 5) % 4]);
      return { options: Float64Array.from(rows), right };
    });
    const [tells, noise] = fit(choices, 2);
    expect(tells).to.be.greaterThan(2);
    expect(Math.abs(noise!)).to.be.lessThan(0.3);
  });

  it('can not be bettered by a step to any side', () => {
    const choices = Array.from({ length: 60 }, (_, i): Choice => ({
      options: Float64Array.from(
        [0, 1, 2].flatMap((o) => [Math.sin(i * 3 + o), Math.cos(i + o * 2)]),
      ),
      right: (i * i) % 3,
    }));
    const best = fit(choices, 2);
    const least = surprise(choices, best);
    for (const step of [-0.01, 0.01]) {
      const [a = 0, b = 0] = best;
      expect(surprise(choices, Float64Array.from([a + step, b]))).to.be.greaterThan(least);
      expect(surprise(choices, Float64Array.from([a, b + step]))).to.be.greaterThan(least);
    }
  });

  it('stays at the prior where there is nothing to learn from, and near it where there is little', () => {
    const prior = Float64Array.from([2, -1]);
    expect(fitChoices([], { prior, pull: 1 })).to.deep.equal(prior);
    const one = [{ options: Float64Array.from([0, 1, 0, 0]), right: 0 }];
    const [same, moved] = fitChoices(one, { prior, pull: 10 });
    expect(same).to.be.closeTo(2, 1e-6);
    expect(moved).to.be.within(-0.99, -0.8);
    const [, far] = fitChoices(
      one.map((c) => ({ ...c, weight: 100 })),
      { prior, pull: 10 },
    );
    expect(far).to.be.greaterThan(0);
  });

  it('weighs nothing where there is nothing to learn from', () => {
    expect([...fit([], 2)]).to.deep.equal([0, 0]);
  });
});
