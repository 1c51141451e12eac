import { z } from 'zod';
import type { Lang } from '../message.ts';
import { parseTemplate } from './template.ts';
import type { Template } from './template.ts';

/** Longest single text in a knowledge file, in UTF-16 units. */
const MAX_TEXT = 4000;

/** One text: not empty, spaces at the ends cut off. */
export const sentence = z.string().trim().min(1).max(MAX_TEXT);

/** A short name: tags, owners, words. */
export const word = z.string().trim().min(1).max(100);

/** A key that authors make up: slots, choices, reasons, texts. */
export const textKey = z
  .string()
  .max(80)
  .regex(/^[a-zA-Z][a-zA-Z0-9-]*$/, 'use letters, digits and dashes, a letter first');

function oneOrMore(value: unknown): unknown {
  return typeof value === 'string' ? [value] : value;
}

/** A text or a list of variants of it. */
const variants = z.preprocess(oneOrMore, z.array(sentence).min(1).max(50));

/** A word or a list of words. */
export const words = z.preprocess(oneOrMore, z.array(word).max(100));

/** A map whose keys are all known; the mend of any other key lists them. */
export function keyed<S extends z.core.$ZodLooseShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `known here: ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

/** A fault of our own, with its mend. */
export function addFault(ctx: z.RefinementCtx, path: PropertyKey[], fault: string, mend: string) {
  ctx.addIssue({ code: 'custom', message: fault, path, params: { mend } });
}

/** Every variant of one text, ready to fill in. */
export type Leaf = Readonly<Record<Lang, readonly Template[]>>;

function namesOf(template: Template): string {
  return [...new Set(template.names)].sort().join(', ');
}

/** A text in both languages: variants with one and the same set of placeholders. */
export const leaf = keyed({ zh: variants, en: variants }).transform((texts, ctx): Leaf => {
  const out: Record<Lang, Template[]> = { zh: [], en: [] };
  let first: Template | undefined;
  for (const lang of ['zh', 'en'] as const) {
    for (const [i, text] of texts[lang].entries()) {
      const template = parseTemplate(text);
      if (typeof template === 'string') {
        addFault(
          ctx,
          [lang, i],
          template,
          'write placeholders as {name}; texts have no other braces',
        );
        continue;
      }
      first ??= template;
      if (namesOf(template) !== namesOf(first)) {
        addFault(
          ctx,
          [lang, i],
          `has the placeholders (${namesOf(template)}), the first variant has (${namesOf(first)})`,
          'use the same placeholders in every variant and language',
        );
      }
      out[lang].push(template);
    }
  }
  return out;
});
