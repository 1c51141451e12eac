import { Defect } from '../errors.ts';

/** A text with `{placeholders}`, taken apart once. */
export interface Template {
  readonly literals: readonly string[];
  /** `names[i]` stands between `literals[i]` and `literals[i + 1]`. */
  readonly names: readonly string[];
}

const NAME = /^[a-zA-Z][a-zA-Z0-9]{0,40}$/;

/**
 * Takes a text apart.
 * @returns the template, or what is wrong with its braces
 */
export function parseTemplate(text: string): Template | string {
  const literals: string[] = [];
  const names: string[] = [];
  let from = 0;
  for (;;) {
    const open = text.indexOf('{', from);
    const literal = text.slice(from, open === -1 ? undefined : open);
    if (literal.includes('}')) return 'a } without its {';
    literals.push(literal);
    if (open === -1) return { literals, names };
    const close = text.indexOf('}', open);
    if (close === -1) return 'a { without its }';
    const name = text.slice(open + 1, close);
    if (!NAME.test(name)) return `{${name.slice(0, 40)}} is not a placeholder's name`;
    names.push(name);
    from = close + 1;
  }
}

/**
 * Fills a template in. Values are taken as they are: braces inside them mean nothing.
 * @throws Defect where a placeholder has no value
 */
export function fill(
  template: Template,
  vars: Readonly<Record<string, string>>,
  key: string,
): string {
  let out = template.literals[0] ?? '';
  for (const [i, name] of template.names.entries()) {
    const value = Object.hasOwn(vars, name) ? vars[name] : undefined;
    if (value === undefined) throw new Defect(`Text ${key} needs a value for {${name}}`);
    out += value + (template.literals[i + 1] ?? '');
  }
  return out;
}
