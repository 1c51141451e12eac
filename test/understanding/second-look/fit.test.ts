import { expect } from 'chai';
import { seeded } from '../../../src/understanding/engine/shuffle.ts';
import { toUnit } from '../../../src/understanding/embedding/embedder.ts';
import { packVector, SmallVectors } from '../../../src/understanding/embedding/small-vectors.ts';
import { fitLook, type FitTask } from '../../../src/understanding/second-look/fit.ts';
import { Look, Neighbours } from '../../../src/understanding/second-look/look.ts';

const INTENTS = ['a', 'b', 'c'];
const DIMS = 6;
const random = seeded(5);

/** A vector near its intent's own axis; with -1 near none. */
const vectorOf = (intent: number): Float32Array =>
  toUnit(Float32Array.from({ length: DIMS }, (_, i) => (i === intent ? 0.6 : 0) + random() * 0.9));

/** A plain model that is right in 7 of 10 lines, and surer then. */
const plainOf = (intent: number): Float32Array => {
  const right = random() < 0.7;
  const top = right ? intent : (intent + 1) % 3;
  return Float32Array.from(INTENTS, (_, i) =>
    i === top ? 0.3 + random() * (right ? 0.65 : 0.3) : 0.1,
  );
};

const labels = Array.from({ length: 600 }, (_, i) => i % 3);
const vectors = labels.map(vectorOf);
const heldOut = labels.flatMap((_, i) => (i >= 400 ? [i] : []));
const task: FitTask = {
  dims: DIMS,
  intents: 3,
  labels,
  vectors: vectors.map(packVector),
  heldOut,
  plain: heldOut.map((line) => plainOf(labels[line]!)),
};

describe('fitting a second look', () => {
  const weights = fitLook(task);
  const small = new SmallVectors(DIMS, task.vectors);
  const look = new Look(INTENTS, weights, new Neighbours(small, labels, 3));
  const rankedOf = (plain: Float32Array) =>
    INTENTS.map((intent, i) => ({ intent, score: plain[i]! })).sort((a, b) => b.score - a.score);
  const fresh = Array.from({ length: 900 }, (_, i) => {
    const ranked = rankedOf(plainOf(i % 3));
    const again = look.again(ranked, vectorOf(i % 3));
    return { intent: INTENTS[i % 3], plain: ranked[0]!, best: again[0]! };
  });
  const share = (of: (line: (typeof fresh)[number]) => boolean) =>
    fresh.filter(of).length / fresh.length;

  it('is right more often than the plain model', () => {
    const before = share((l) => l.plain.intent === l.intent);
    expect(share((l) => l.best.intent === l.intent)).to.be.greaterThan(before + 0.1);
  });

  it('gives probabilities that hold on new lines', () => {
    const mean = fresh.reduce((sum, l) => sum + l.best.score, 0) / fresh.length;
    expect(mean).to.be.closeTo(
      share((l) => l.best.intent === l.intent),
      0.05,
    );
  });

  it('rejects at most some 5 % of new messages that are in scope', () => {
    expect(rejected()).to.be.within(0.005, 0.08);
  });

  const rejected = (): number =>
    share((l) => l.plain.score < weights.sure && l.best.score < weights.threshold);

  it('rejects three times as many of those near no intent', () => {
    const stray = Array.from({ length: 300 }, () => {
      const vague = INTENTS.map((intent) => ({ intent, score: 0.1 }));
      return look.again(vague, vectorOf(-1))[0]!.score;
    });
    const caught = stray.filter((score) => score < weights.threshold).length / 300;
    expect(caught).to.be.greaterThan(3 * rejected());
  });

  it('leaves alone what the plain model is right about in 99 of 100', () => {
    const sure = fresh.filter((l) => l.plain.score >= weights.sure);
    expect(sure.length).to.be.greaterThan(50);
    expect(sure.filter((l) => l.plain.intent === l.intent).length / sure.length).to.be.greaterThan(
      0.96,
    );
  });

  it('learns the same from the same lines', () => {
    expect(fitLook(task)).to.deep.equal(weights);
  });
});
