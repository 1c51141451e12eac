/** Numbers that are read aloud digit by digit: "one three eight, double zero…", 幺三八，零零…. */

/** A number read aloud and where it stands in the folded text. */
export interface SpokenRun {
  readonly start: number;
  readonly end: number;
  /** Kept as text: a number that begins with 0 or is long must not become another one. */
  readonly digits: string;
}

const WORDS = new Map<string, string>([
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'].map(
    (word, i): [string, string] => [word, String(i)],
  ),
  ['oh', '0'],
  ['o', '0'],
  ['nought', '0'],
]);
const TIMES = new Map([
  ['double', 2],
  ['triple', 3],
  ['treble', 3],
]);
const CHINESE = '零〇一幺二三四五六七八九两';
const CHINESE_AS = '0011234567892';
const TOKEN = /[a-z]+|\d+|[零〇一幺二三四五六七八九两]+|\+/g;
const BETWEEN = /^[ ,、-]{0,2}$/;
/** Shorter ones are ordinary numbers, or no numbers at all ("one two"). */
const SHORTEST = 7;

/**
 * Runs of at least 7 digits in which at least one was a word ("one three eight 0013 8000") or which
 * Chinese commas part. Linear.
 * @param folded see `fold`
 */
export function spokenRuns(folded: string): readonly SpokenRun[] {
  const runs: SpokenRun[] = [];
  let run: { start: number; end: number; digits: string[]; words: number } | undefined;
  let times = 1;
  const close = (): void => {
    const digits = run?.digits.join('') ?? '';
    if (run !== undefined && run.words >= 2 && digits.length >= SHORTEST) {
      runs.push({ start: run.start, end: run.end, digits });
    }
    run = undefined;
  };
  for (const match of folded.matchAll(TOKEN)) {
    const [token] = match;
    if (run !== undefined && !BETWEEN.test(folded.slice(run.end, match.index))) close();
    const repeat = TIMES.get(token);
    if (repeat !== undefined) {
      times = repeat;
      run ??= { start: match.index, end: match.index, digits: [], words: 0 };
      run.end = match.index + token.length;
      continue;
    }
    const said = digitsOf(token);
    if (said === undefined) {
      close();
    } else {
      run ??= { start: match.index, end: match.index, digits: [], words: 0 };
      run.digits.push(said.repeat(times));
      run.words += /\d/.test(token) ? 0 : 1;
      run.end = match.index + token.length;
    }
    times = 1;
  }
  close();
  return runs;
}

function digitsOf(token: string): string | undefined {
  const word = WORDS.get(token);
  if (word !== undefined) return word;
  if (/^\d/.test(token)) return token;
  if (!CHINESE.includes(token.charAt(0))) return undefined;
  return Array.from(token, (c) => CHINESE_AS[CHINESE.indexOf(c)] ?? '').join('');
}
