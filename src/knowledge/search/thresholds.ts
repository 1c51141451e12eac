/** Scores that decide what is done with a hit. */
export interface Thresholds {
  /** At or above: it is the answer. */
  readonly answer: number;
  /** At or above: it is offered. */
  readonly suggest: number;
}

/** Where there is too little to measure. */
export const FALLBACK: Thresholds = { answer: 0.6, suggest: 0.2 };

/**
 * Of the answers given, the share that must be right, where about one question in four is about
 * something that no entry answers.
 */
const ANSWERS_RIGHT = 0.87;
/** Of what is answered or offered, the share that must hold the right entry. */
const OFFERS_RIGHT = 0.8;
/** Right answers taken for granted, so that one unlucky trial does not decide. */
const GRANTED = 3;

/** What came of trying out a question. */
export interface Outcome {
  /** Probability of the best entry. */
  readonly score: number;
  /** It is the right one. */
  readonly right: boolean;
  /** The right one is among those that would be offered. */
  readonly offered: boolean;
  /** How often such a question comes, beside others. */
  readonly weight: number;
}

/** Lowest score such that the trials at or above it are good to at least `share`. @param good 0 to 1 */
function lowest(
  share: number,
  trials: readonly Outcome[],
  good: (trial: Outcome) => number,
): number | undefined {
  const ordered = [...trials].sort((a, b) => b.score - a.score);
  let all = GRANTED;
  let passed = GRANTED;
  let found: number | undefined;
  for (const [i, trial] of ordered.entries()) {
    all += trial.weight;
    passed += trial.weight * good(trial);
    const last = ordered[i + 1]?.score !== trial.score;
    if (last && passed / all >= share) found = trial.score;
  }
  return found;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function logit(score: number): number {
  const p = clamp(score, 1e-4, 1 - 1e-4);
  return Math.log(p / (1 - p));
}

/**
 * How often a score is right on these trials: a line in its log-odds (Platt), drawn towards the score
 * itself where trials are few.
 */
function calibrated(trials: readonly Outcome[]): (score: number) => number {
  let slope = 1;
  let offset = 0;
  const at = (x: number): number => 1 / (1 + Math.exp(-(slope * x + offset)));
  for (let round = 0; round < 20; round++) {
    const gradient = [slope - 1, offset];
    const curve = [1, 0, 1];
    for (const { score, right, weight } of trials) {
      const x = logit(score);
      const p = at(x);
      const off = weight * (p - (right ? 1 : 0));
      const bend = weight * p * (1 - p);
      gradient[0] = (gradient[0] ?? 0) + off * x;
      gradient[1] = (gradient[1] ?? 0) + off;
      curve[0] = (curve[0] ?? 0) + bend * x * x;
      curve[1] = (curve[1] ?? 0) + bend * x;
      curve[2] = (curve[2] ?? 0) + bend;
    }
    const [g = 0, h = 0] = gradient;
    const [xx = 1, x1 = 0, one = 1] = curve;
    const determinant = xx * one - x1 * x1;
    slope -= clamp((one * g - x1 * h) / determinant, -1, 1);
    offset -= clamp((xx * h - x1 * g) / determinant, -1, 1);
  }
  return (score) => at(logit(score));
}

/**
 * The two thresholds that keep the budgets on these trials: 87 % of answers right, 80 % of offers. How
 * often a score is right in general counts as much as whether the trial was: some hundred trials alone
 * say too little.
 */
export function thresholdsFor(trials: readonly Outcome[]): Thresholds {
  const general = calibrated(trials);
  const likely = (t: Outcome): number => ((t.right ? 1 : 0) + general(t.score)) / 2;
  const answer = clamp(lowest(ANSWERS_RIGHT, trials, likely) ?? 0.8, 0.4, 0.8);
  const offered = (t: Outcome): number => (t.offered ? 1 : 0);
  const suggest = lowest(OFFERS_RIGHT, trials, offered) ?? FALLBACK.suggest;
  return { answer, suggest: clamp(suggest, 0.08, answer - 0.1) };
}
