import { expect } from 'chai';
import fc from 'fast-check';
import { FALLBACK, calibrate, probability } from '../../src/understanding/calibrate.ts';
import type { HeldOut } from '../../src/understanding/classify.ts';
import { seeded } from '../../src/understanding/engine/shuffle.ts';

/** Lines that are right with a known probability. */
function drawn(count: number): HeldOut[] {
  const random = seeded(5);
  return Array.from({ length: count }, (_, line) => {
    const confidence = random();
    const logit = Math.log(confidence / (1 - confidence));
    return { line, confidence, correct: random() < 1 / (1 + Math.exp(-1 - 2 * logit)) };
  });
}

describe('calibrate', () => {
  it('finds the line that the lines were drawn from', () => {
    const { slope, offset } = calibrate(drawn(20_000));
    expect(slope).to.be.closeTo(2, 0.15);
    expect(offset).to.be.closeTo(1, 0.1);
  });

  it('rejects 5 % of the lines it was made from, less two standard errors', () => {
    const heldOut = drawn(2000);
    const calibration = calibrate(heldOut);
    const rejected = heldOut.filter(
      (h) => probability(calibration, h.confidence) < calibration.threshold,
    );
    expect(rejected.length).to.equal(80);
  });

  it('falls back where there are too few lines, or confidence means nothing', () => {
    expect(calibrate([])).to.equal(FALLBACK);
    expect(calibrate(drawn(9))).to.equal(FALLBACK);
    const inverted = drawn(500).map((h) => ({ ...h, correct: !h.correct }));
    expect(calibrate(inverted)).to.include({ slope: FALLBACK.slope, offset: FALLBACK.offset });
  });

  it('gives finite numbers and grows with confidence for any lines', () => {
    const line = fc.record({
      line: fc.nat(),
      confidence: fc.double({ min: 0, max: 3, noNaN: true }),
      correct: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (heldOut) => {
        const calibration = calibrate(heldOut);
        const at = [0, 0.1, 0.5, 1, 2].map((c) => probability(calibration, c));
        expect(calibration.threshold).to.be.within(0, 1);
        expect(at).to.deep.equal([...at].sort((a, b) => a - b));
        for (const p of at) expect(p).to.be.within(0, 1);
      }),
    );
  });

  it('does not diverge where every line is right', () => {
    const { slope, offset } = calibrate(drawn(200).map((h) => ({ ...h, correct: true })));
    expect(Number.isFinite(slope) && Number.isFinite(offset)).to.equal(true);
  });
});
