import type { Lang } from '../../message.ts';
import type { TermLine } from '../classify.ts';
import { Fitter } from './fitter.ts';
import { namedLines } from './names.ts';
import { RECIPES, type Recipe } from './recipe.ts';

export { RECIPES, type Recipe } from './recipe.ts';

/** A classifier trained on lines, as bytes. The same lines and seed give the same bytes. */
export function fit(
  lang: Lang,
  lines: readonly TermLine[],
  seed: number,
  recipe: Recipe = RECIPES[lang],
): Uint8Array {
  return new Fitter(lines, { recipe, seed, names: namedLines(lang, lines, recipe) }).whole();
}
