import { Defect } from '../errors.ts';
import type { Lang } from '../message.ts';
import type { FaultCollector, KeyPath, Source } from './faults.ts';
import type { DialogFile } from './schema.ts';
import { fill } from './template.ts';
import type { Template } from './template.ts';
import { leaf, textKey } from './text-leaf.ts';
import type { Leaf } from './text-leaf.ts';

/** Every text the bot can say, by key. */
export class Texts {
  readonly #leaves = new Map<string, Leaf>();

  add(key: string, texts: Leaf): void {
    this.#leaves.set(key, texts);
  }

  has(key: string): boolean {
    return this.#leaves.has(key);
  }

  /** Names of the placeholders of a text; the same in every variant and language. */
  placeholders(key: string): readonly string[] {
    return this.#leaves.get(key)?.zh[0]?.names ?? [];
  }

  /** @throws Defect for an unknown key or a placeholder without a value */
  get(key: string, lang: Lang, vars: Readonly<Record<string, string>>, vary: number): string {
    const variants = this.#leaves.get(key)?.[lang];
    if (variants === undefined) throw new Defect(`There is no text ${key} in knowledge/`);
    const whole = Number.isSafeInteger(vary) ? Math.abs(vary) : 0;
    const template = variants[whole % variants.length];
    if (template === undefined) throw new Defect(`Text ${key} has no variant in ${lang}`);
    return fill(template, vars, key);
  }
}

const MAX_DEPTH = 6;

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Reads `wording.yaml`: nested maps whose leaves have `zh` and `en`. */
export function addWording(texts: Texts, source: Source, faults: FaultCollector): void {
  const walk = (value: unknown, path: KeyPath): void => {
    if (isMap(value) && ('zh' in value || 'en' in value)) {
      const read = faults.check(source, leaf, value, path);
      if (read !== undefined) texts.add(path.join('.'), read);
      return;
    }
    if (!isMap(value) || Object.keys(value).length === 0) {
      const mend = 'write { zh: ..., en: ... }';
      return faults.add(source, path, 'not a text in both languages', mend);
    }
    if (path.length >= MAX_DEPTH) {
      return faults.add(source, path, 'nested too deeply', `use at most ${MAX_DEPTH} levels`);
    }
    for (const [key, each] of Object.entries(value)) {
      if (faults.check(source, textKey, key, [...path, key]) !== undefined) {
        walk(each, [...path, key]);
      }
    }
  };
  walk(source.value, []);
}

function literal(text: string): Template {
  return { literals: [text], names: [] };
}

/** Adds the texts of one dialog under `<id>.name`, `<id>.slots.<slot>.…` and `<id>.say.<name>`. */
export function addDialogTexts(texts: Texts, id: string, file: DialogFile): void {
  texts.add(`${id}.name`, file.name);
  for (const [slot, wording] of Object.entries(file.slots)) {
    const key = `${id}.slots.${slot}`;
    const { zh, en } = wording.label;
    texts.add(`${key}.label`, { zh: zh.slice(0, 1).map(literal), en: en.slice(0, 1).map(literal) });
    texts.add(`${key}.ask`, wording.ask);
    if (wording.why !== undefined) texts.add(`${key}.why`, wording.why);
    for (const [reason, said] of Object.entries(wording.reasons)) {
      texts.add(`${key}.reasons.${reason}`, said);
    }
  }
  for (const [name, said] of Object.entries(file.say)) texts.add(`${id}.say.${name}`, said);
}
