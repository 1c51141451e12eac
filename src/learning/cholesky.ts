/** Symmetric positive definite equations, n × n, row by row in one array. */

/** Splits `a` into L·Lᵀ, in place: the lower half becomes L. Only the lower half is read. */
export function factor(a: Float64Array, n: number): void {
  for (let j = 0; j < n; j += 1) {
    for (let i = j; i < n; i += 1) {
      let sum = a[i * n + j] ?? 0;
      for (let k = 0; k < j; k += 1) sum -= (a[i * n + k] ?? 0) * (a[j * n + k] ?? 0);
      // Rounding can push the pivot of a nearly singular matrix below 0.
      a[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (a[j * n + j] ?? 1);
    }
  }
}

/** Solves L·Lᵀ·x = b for `columns` right sides at once, in place. */
export function substitute(l: Float64Array, n: number, b: Float64Array, columns: number): void {
  const eliminate = (row: number, other: number, weight: number): void => {
    if (weight === 0) return;
    for (let c = 0; c < columns; c += 1) {
      b[row * columns + c] = (b[row * columns + c] ?? 0) - weight * (b[other * columns + c] ?? 0);
    }
  };
  const divide = (row: number): void => {
    const pivot = l[row * n + row] ?? 1;
    for (let c = 0; c < columns; c += 1) {
      b[row * columns + c] = (b[row * columns + c] ?? 0) / pivot;
    }
  };
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < i; k += 1) eliminate(i, k, l[i * n + k] ?? 0);
    divide(i);
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < n; k += 1) eliminate(i, k, l[k * n + i] ?? 0);
    divide(i);
  }
}
