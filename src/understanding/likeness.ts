/** A line and how like it is, 0 (nothing in common) to 1 (the same terms). */
export interface Near {
  readonly line: number;
  readonly likeness: number;
}

/** Lines whose terms are counted, so that large sets cost no more. */
const COUNTED = 5000;

/** Compares lines by the terms they share, rare terms counting more (weighted Jaccard). */
export class Likeness {
  readonly #lines: readonly (readonly string[])[];
  readonly #sets = new Map<number, ReadonlySet<string>>();
  readonly #counts = new Map<string, number>();
  #counted = 0;

  /** @param lines terms of each; of more than 5,000 lines, evenly spread ones tell which are rare */
  constructor(lines: readonly (readonly string[])[]) {
    this.#lines = lines;
    const step = Math.max(1, lines.length / COUNTED);
    for (let at = 0; at < lines.length; at += step) {
      this.#counted += 1;
      for (const term of new Set(lines[Math.floor(at)])) {
        this.#counts.set(term, (this.#counts.get(term) ?? 0) + 1);
      }
    }
  }

  /** The line of `among` that is most like `line`, other than itself; the first of equals. */
  nearest(line: number, among: readonly number[]): Near | undefined {
    let best: Near | undefined;
    for (const other of among) {
      if (other === line) continue;
      const likeness = this.of(line, other);
      if (best === undefined || likeness > best.likeness) best = { line: other, likeness };
    }
    return best;
  }

  of(a: number, b: number): number {
    const left = this.#termsOf(a);
    const right = this.#termsOf(b);
    let shared = 0;
    let all = 0;
    for (const term of left) {
      const weight = this.#weight(term);
      all += weight;
      if (right.has(term)) shared += weight;
    }
    for (const term of right) if (!left.has(term)) all += this.#weight(term);
    return all === 0 ? 0 : shared / all;
  }

  #weight(term: string): number {
    return Math.log(1 + this.#counted / (this.#counts.get(term) ?? 1));
  }

  #termsOf(line: number): ReadonlySet<string> {
    let terms = this.#sets.get(line);
    if (terms === undefined) this.#sets.set(line, (terms = new Set(this.#lines[line])));
    return terms;
  }
}
