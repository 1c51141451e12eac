/** Figures that may not be measurable: `null` in JSON, "-" in tables. */

/** The share of the items that pass; `null` without any. */
export function share<T>(items: readonly T[], test: (item: T) => boolean): number | null {
  return items.length === 0 ? null : items.filter(test).length / items.length;
}

/** `null` without values. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
}

export function percent(rate: number | null): string {
  return rate === null ? '-' : `${(rate * 100).toFixed(1)} %`;
}

export function decimals(value: number | null, digits = 3): string {
  return value === null ? '-' : value.toFixed(digits);
}
