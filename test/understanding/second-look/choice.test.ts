import { expect } from 'chai';
import { fitChoices, lossOf, type Choice } from '../../../src/understanding/second-look/choice.ts';

describe('choices', () => {
  it('finds the share of logistic regression: 3 of 4 right is log 3', () => {
    const options = [[1], [0]];
    const choices = Array.from({ length: 4000 }, (_, i): Choice => ({
      options,
      right: i % 4 === 0 ? 1 : 0,
    }));
    expect(fitChoices(choices, 1)[0]).to.be.closeTo(Math.log(3), 0.01);
  });

  it('weighs the feature that tells, not the one that does not', () => {
    const choices = Array.from({ length: 300 }, (_, i): Choice => {
      const right = i % 3;
      // Wrong in one of ten: else the weight has no bound.
      const told = i % 10 === 0 ? (right + 1) % 3 : right;
      return { options: [0, 1, 2].map((o) => [o === told ? 1 : 0, (i * 7 + o * 5) % 4]), right };
    });
    const [tells, noise] = fitChoices(choices, 2);
    expect(tells).to.be.greaterThan(2);
    expect(Math.abs(noise!)).to.be.lessThan(0.3);
  });

  it('can not be bettered by a step to any side', () => {
    const choices = Array.from({ length: 60 }, (_, i): Choice => ({
      options: [0, 1, 2].map((o) => [Math.sin(i * 3 + o), Math.cos(i + o * 2)]),
      right: (i * i) % 3,
    }));
    const best = fitChoices(choices, 2);
    for (const step of [-0.01, 0.01]) {
      expect(lossOf(choices, [best[0]! + step, best[1]!])).to.be.greaterThan(lossOf(choices, best));
      expect(lossOf(choices, [best[0]!, best[1]! + step])).to.be.greaterThan(lossOf(choices, best));
    }
  });

  it('weighs nothing where there is nothing to learn from', () => {
    expect(fitChoices([], 2)).to.deep.equal([0, 0]);
  });
});
