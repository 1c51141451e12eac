/** Seeded order: training must give the same bytes on every machine. */

/** Numbers in [0, 1) that follow from the seed alone (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Splits line numbers into `count` parts, each with a run of neighbours of every intent: lines that
 * stand next to each other are often variants of one, and a line whose variant stays in training
 * tells nothing about lines not seen: a threshold from lines held out at random rejects too much.
 * An intent with a single line is in no part: without that line nothing could recognise it.
 */
export function blocks(intents: readonly string[], count: number): number[][] {
  const parts = Array.from({ length: count }, (): number[] => []);
  let turn = 0;
  for (const lines of linesByIntent(intents)) {
    if (lines.length < 2) continue;
    // Intents with fewer lines than parts take turns, so that no part is left with most of them.
    lines.forEach((line, i) => {
      const part = (Math.floor((i * count) / lines.length) + turn) % count;
      parts[part]?.push(line);
    });
    turn += 1;
  }
  return parts;
}

/** Shuffles the first `count` numbers in place (Fisher-Yates). */
export function shuffle(numbers: Int32Array, count: number, random: () => number): void {
  for (let i = count - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    const kept = numbers[i] ?? 0;
    numbers[i] = numbers[j] ?? 0;
    numbers[j] = kept;
  }
}

/** A shuffled copy (Fisher-Yates). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    const swap = out[i] as T;
    out[i] = out[j] as T;
    out[j] = swap;
  }
  return out;
}

/**
 * Splits line numbers into `count` parts with every intent spread evenly over them.
 * An intent with a single line is in no part: without that line nothing could recognise it.
 */
export function stratified(
  intents: readonly string[],
  count: number,
  random: () => number,
): number[][] {
  const parts = Array.from({ length: count }, (): number[] => []);
  let next = 0;
  for (const lines of linesByIntent(intents)) {
    if (lines.length < 2) continue;
    for (const line of shuffled(lines, random)) {
      parts[next % count]?.push(line);
      next += 1;
    }
  }
  return parts;
}

/** Line numbers of each intent, in order. */
function linesByIntent(intents: readonly string[]): Iterable<readonly number[]> {
  const byIntent = new Map<string, number[]>();
  intents.forEach((intent, line) => {
    const lines = byIntent.get(intent);
    if (lines === undefined) byIntent.set(intent, [line]);
    else lines.push(line);
  });
  return byIntent.values();
}
