import { expect } from 'chai';
import fc from 'fast-check';
import { Lanes, LANES, ROW } from '../../src/understanding/engine/lanes/lanes.ts';

const FEATURES = 5;
const number = fc.double({ min: -2, max: 2, noNaN: true }).map(Math.fround);
const numbers = (length: number) => fc.array(number, { minLength: length, maxLength: length });
const line = fc.array(fc.tuple(fc.nat(FEATURES - 1), number), { maxLength: 8 });

/** Memory with one line and rows of weights. */
function laid(features: readonly (readonly [number, number])[], weights: readonly number[]) {
  const lanes = new Lanes(1000);
  const ids = lanes.ints(8);
  const values = lanes.floats(8);
  const rows = lanes.floats(FEATURES * LANES);
  ids.set(features.map(([id]) => id * ROW));
  values.set(features.map(([, value]) => value));
  rows.set(weights);
  const at = [
    ids.byteOffset,
    ids.byteOffset + 4 * features.length,
    values.byteOffset,
    rows.byteOffset,
  ] as const;
  return { lanes, rows, at };
}

function sumsOf(features: readonly (readonly [number, number])[], rows: ArrayLike<number>) {
  return Array.from({ length: LANES }, (_, k) =>
    features.reduce((sum, [id, value]) => sum + value * (rows[id * LANES + k] ?? 0), 0),
  );
}

const near = (got: ArrayLike<number>, wanted: readonly number[]): void =>
  wanted.forEach((w, i) => expect(got[i], `number ${i}`).to.be.closeTo(w, 1e-4));

describe('lanes', () => {
  it('sum and add what plain loops do', () => {
    fc.assert(
      fc.property(line, numbers(FEATURES * LANES), numbers(LANES), (features, weights, steps) => {
        const { lanes, rows, at } = laid(features, weights);
        const out = lanes.floats(LANES);
        lanes.kernel.sum(...at, out.byteOffset);
        near(out, sumsOf(features, weights));
        out.set(steps);
        lanes.kernel.add(...at, out.byteOffset);
        const wanted = [...weights];
        for (const [id, value] of features) {
          steps.forEach((step, k) => (wanted[id * LANES + k]! += step * value));
        }
        near(rows, wanted);
      }),
    );
  });

  it('descend as one step of dual coordinate descent for each intent', () => {
    const alpha = fc.double({ min: 0, max: 1, noNaN: true }).map(Math.fround);
    const alphas = fc.array(alpha, { minLength: LANES, maxLength: LANES });
    fc.assert(
      fc.property(
        line,
        numbers(FEATURES * LANES),
        alphas,
        fc.nat(LANES),
        (features, weights, before, own) => {
          const { lanes, rows, at } = laid(features, weights);
          const [alphas, signs] = [lanes.floats(LANES), lanes.floats(LANES)];
          const [squares, settings] = [lanes.floats(2), lanes.floats(20)];
          const diagonal = 0.5;
          const square = features.reduce((sum, [, v]) => sum + v * v, 1);
          const least = 0.05;
          alphas.set(before);
          for (let k = 0; k < LANES; k += 1) signs[k] = k === own ? 1 : -1;
          squares.set([square, 1 / square]);
          [1, diagonal, 0, least].forEach((x, i) => settings.fill(x, 4 * i, 4 * i + 4));
          const moved = lanes.kernel.descend(
            ...at,
            signs.byteOffset,
            alphas.byteOffset,
            squares.byteOffset,
            settings.byteOffset,
          );
          const wanted = [...weights];
          let worst = 0;
          const after = sumsOf(features, weights).map((sum, k) => {
            const sign = signs[k] ?? 0;
            const old = before[k] ?? 0;
            const next = Math.max(old - (sum * sign - 1 + diagonal * old) / square, 0);
            const off = Math.abs(next - old) * square;
            worst = Math.max(worst, off);
            // Too near to call in numbers of 4 bytes.
            fc.pre(Math.abs(off - least) > 1e-4);
            if (off <= least) return old;
            for (const [id, value] of features) {
              wanted[id * LANES + k]! += (next - old) * sign * value;
            }
            return next;
          });
          near(alphas, after);
          near(rows, wanted);
          expect(moved).to.equal(after.some((a, k) => a !== before[k]) ? 1 : 0);
          expect(Math.max(...settings.subarray(16))).to.be.closeTo(worst, 1e-3);
        },
      ),
    );
  });

  it('gives the same memory again after it was cleared, all zeros', () => {
    const lanes = new Lanes(100);
    const first = lanes.floats(20).fill(7);
    const second = lanes.floats(3);
    expect(second.byteOffset).to.equal(first.byteOffset + 2 * ROW);
    lanes.clear();
    const again = lanes.floats(20);
    expect(again.byteOffset).to.equal(first.byteOffset);
    expect([...again]).to.deep.equal(Array.from({ length: 20 }, () => 0));
  });
});
