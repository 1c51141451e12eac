/** From a classifier's confidence to a probability, and where to stop believing it. */
import type { HeldOut } from './classify.ts';

/** A straight line in the logit of the confidence, read through the logistic function. */
interface Line {
  readonly slope: number;
  readonly offset: number;
}

/** How confidences of one model read as probabilities. */
export interface Calibration extends Line {
  /** Probability below which a message is taken as out of scope. */
  readonly threshold: number;
}

/** Of in-scope messages, the share that the threshold may reject. */
const REJECTION_BUDGET = 0.05;

/** Held-out lines below which a fit would be noise, and the fallback is used. */
const FEWEST = 10;

/** Typical of the fits on the measured sets; for languages with too few lines to hold any out. */
export const FALLBACK: Calibration = { slope: 1.2, offset: 1, threshold: 0.35 };

/** Confidences nearer to 0 and 1 than this read as this. */
const EDGE = 1e-6;

/** Probability, 0 to 1, of a confidence, 0 to 1. Grows with it. */
export function probability({ slope, offset }: Line, confidence: number): number {
  return 1 / (1 + Math.exp(-(slope * logit(confidence) + offset)));
}

function logit(confidence: number): number {
  const inside = Math.min(1 - EDGE, Math.max(EDGE, confidence));
  return Math.log(inside / (1 - inside));
}

/**
 * Of sorted confidences, the one that {@link REJECTION_BUDGET} of new messages stay below: its share
 * of the held-out lines, less what that share may be off by chance (two standard errors), so that
 * the budget is kept rather than hit.
 */
export function cutOf(sorted: readonly number[]): number {
  const chance = Math.sqrt((REJECTION_BUDGET * (1 - REJECTION_BUDGET)) / sorted.length);
  const share = Math.max(0, REJECTION_BUDGET - 2 * chance);
  return sorted[Math.floor(sorted.length * share)] ?? 0;
}

/**
 * Platt's fit of "is right" on held-out lines, and the threshold that rejects
 * {@link REJECTION_BUDGET} of them. {@link FALLBACK} where fewer than 10 lines are there or
 * confidence says nothing about being right.
 */
export function calibrate(heldOut: readonly HeldOut[]): Calibration {
  if (heldOut.length < FEWEST) return FALLBACK;
  const fitted = platt(heldOut);
  const line = fitted.slope > 0.1 ? fitted : FALLBACK;
  const sorted = heldOut.map((h) => h.confidence).sort((a, b) => a - b);
  return { slope: line.slope, offset: line.offset, threshold: probability(line, cutOf(sorted)) };
}

/** Newton's method with halved steps and smoothed targets (Lin, Lin and Weng 2007). */
function platt(heldOut: readonly HeldOut[]): Line {
  const right = heldOut.filter((h) => h.correct).length;
  const wrong = heldOut.length - right;
  const points = heldOut.map(({ confidence, correct }) => ({
    x: logit(confidence),
    target: correct ? (right + 1) / (right + 2) : 1 / (wrong + 2),
  }));
  const loss = ({ slope, offset }: Line): number =>
    points.reduce((sum, { x, target }) => {
      const z = slope * x + offset;
      return sum + Math.max(z, 0) - target * z + Math.log1p(Math.exp(-Math.abs(z)));
    }, 0);
  let line: Line = { slope: 0, offset: Math.log((right + 1) / (wrong + 1)) };
  let value = loss(line);
  for (let round = 0; round < 100; round += 1) {
    const step = newton(points, line);
    const better = halvings(line, step).find((next) => loss(next) < value);
    if (better === undefined) break;
    const before = value;
    line = better;
    value = loss(better);
    if (before - value < 1e-9 * before) break;
  }
  return line;
}

/** The full step and ever smaller parts of it, 20 in all. */
function halvings({ slope, offset }: Line, step: Line): Line[] {
  return Array.from({ length: 20 }, (_, i) => ({
    slope: slope - step.slope / 2 ** i,
    offset: offset - step.offset / 2 ** i,
  }));
}

function newton(
  points: readonly { readonly x: number; readonly target: number }[],
  { slope, offset }: Line,
): Line {
  let gradientSlope = 0;
  let gradientOffset = 0;
  let xx = 1e-9;
  let x1 = 0;
  let one = 1e-9;
  for (const { x, target } of points) {
    const p = 1 / (1 + Math.exp(-(slope * x + offset)));
    const weight = p * (1 - p);
    gradientSlope += (p - target) * x;
    gradientOffset += p - target;
    xx += weight * x * x;
    x1 += weight * x;
    one += weight;
  }
  const determinant = xx * one - x1 * x1;
  return {
    slope: (one * gradientSlope - x1 * gradientOffset) / determinant,
    offset: (xx * gradientOffset - x1 * gradientSlope) / determinant,
  };
}
