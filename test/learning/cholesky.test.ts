import { expect } from 'chai';
import fc from 'fast-check';
import { factor, substitute } from '../../src/learning/cholesky.ts';

const numbers = (length: number) =>
  fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: length, maxLength: length });

describe('cholesky', () => {
  it('solves symmetric equations for several right sides at once', () => {
    fc.assert(
      fc.property(numbers(16), numbers(8), (raw, wanted) => {
        const n = 4;
        const a = new Float64Array(n * n);
        for (let i = 0; i < n; i += 1)
          for (let j = 0; j < n; j += 1) {
            for (let k = 0; k < n; k += 1) a[i * n + j]! += raw[i * n + k]! * raw[j * n + k]!;
            if (i === j) a[i * n + j]! += 1;
          }
        const b = new Float64Array(n * 2);
        for (let i = 0; i < n; i += 1)
          for (let c = 0; c < 2; c += 1)
            for (let k = 0; k < n; k += 1) b[i * 2 + c]! += a[i * n + k]! * wanted[k * 2 + c]!;
        factor(a, n);
        substitute(a, n, b, 2);
        wanted.forEach((w, i) => expect(b[i]).to.be.closeTo(w, 1e-6));
      }),
    );
  });
});
