/** What a classifier is made of, and what it is trained with. */
import type { Lang } from '../../message.ts';

/** What a classifier is made of. Each number was chosen on validation files: docs/understanding.md. */
export interface Recipe {
  /** What the logistic regression counts in the sum; 0 leaves it out. */
  readonly softmaxShare: number;
  /** What the support vector machine counts in the sum; 0 leaves it out. */
  readonly svmShare: number;
  /** What a line on the wrong side costs the support vector machine. */
  readonly cost: number;
  /** Passes of the logistic regression over all lines, at most. */
  readonly epochs: number;
  /** Share of features that the logistic regression leaves out at random. */
  readonly dropout: number;
  /** Weight of each of `KINDS`, 1 where there is none; 0 leaves it out. */
  readonly kinds: readonly number[];
  /** What a feature that training has not seen counts in a message's length, of the rarest seen. */
  readonly unknown: number;
  /** Whether the names of intents are lines, too. */
  readonly names: boolean;
  /** {@link Classifier.temperature} */
  readonly temperature: number;
  /** {@link Classifier.doubt} */
  readonly doubt: number;
}

const COMMON = {
  softmaxShare: 1,
  svmShare: 4,
  cost: 0.5,
  epochs: 20,
  dropout: 0.3,
  kinds: [1, 1.2, 0.4, 0.7],
  unknown: 0.8,
} as const;

/** The recipes that serve. Names of intents are English, and in Chinese new pairs tell little. */
export const RECIPES: Readonly<Record<Lang, Recipe>> = {
  zh: { ...COMMON, names: false, temperature: 0.7, doubt: 0 },
  en: { ...COMMON, names: true, temperature: 0.4, doubt: 0.25 },
};
