import type { Lang } from '../../message.ts';
import { OUT_OF_SCOPE, type TermLine } from '../classify.ts';
import { termsOf } from '../terms.ts';
import { RECIPES, type Recipe } from './recipe.ts';

/**
 * The name of each intent as one more line ("card_arrival" reads "card arrival"): with few lines it
 * is worth several, with many it does no harm (docs/understanding.md). None where the recipe is
 * without them.
 */
export function namedLines(
  lang: Lang,
  lines: readonly TermLine[],
  recipe: Recipe = RECIPES[lang],
): TermLine[] {
  const intents = [...new Set(lines.map((line) => line.intent))].filter((i) => i !== OUT_OF_SCOPE);
  if (!recipe.names || intents.length < 2) return [];
  return intents.flatMap((intent) => {
    const words = intent
      .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
      .replaceAll(/[^A-Za-z0-9]+/g, ' ')
      .trim();
    const terms = termsOf(words, lang);
    return terms.length === 0 ? [] : [{ terms, intent }];
  });
}
