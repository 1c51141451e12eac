import { expect } from 'chai';
import fc from 'fast-check';
import { dot, toUnit } from '../../../src/understanding/embedding/embedder.ts';
import { packVector, SmallVectors } from '../../../src/understanding/embedding/small-vectors.ts';

const unit = fc
  .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 })
  .map((numbers) => toUnit(Float32Array.from(numbers)));

describe('small vectors', () => {
  it('compare as the vectors they were made of, within 0.01', () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 5 }), unit, (rows, vector) => {
        const small = new SmallVectors(8, rows.map(packVector));
        rows.forEach((row, i) => {
          expect(small.dot(i, vector)).to.be.closeTo(dot(row, vector), 0.015);
          expect(dot(small.row(i), vector)).to.be.closeTo(small.dot(i, vector), 1e-5);
        });
      }),
    );
  });

  it('hold a vector of zeros', () => {
    const small = new SmallVectors(2, [packVector(new Float32Array(2))]);
    expect([...small.row(0)]).to.deep.equal([0, 0]);
  });

  it('refuse vectors of another length', () => {
    expect(() => new SmallVectors(3, [packVector(new Float32Array(2))])).to.throw('not 3');
  });
});
