import type { core } from 'zod';

/** What is wrong with a value and what to do about it, in words for the file's author. */
export interface Mending {
  readonly fault: string;
  readonly mend: string;
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}

function wrongType(expected: string, value: unknown): Mending {
  if (value === undefined) return { fault: 'missing', mend: 'add it' };
  if (value === null) return { fault: 'no value', mend: 'write one or remove the key' };
  const fault = `is ${kindOf(value)}`;
  if (expected === 'object' || expected === 'record') return { fault, mend: 'write a map of keys' };
  if (typeof value === 'object') {
    return { fault, mend: expected === 'array' ? 'write a list of texts' : 'write one text' };
  }
  return { fault, mend: 'put it in quotes to make it a text, or write a list of texts' };
}

/** Puts a schema's issue in words; custom issues bring their own in `message` and `params.mend`. */
export function mendingOf(issue: core.$ZodIssue, value: unknown): Mending {
  switch (issue.code) {
    case 'unrecognized_keys':
      return { fault: 'unknown key', mend: issue.message };
    case 'invalid_type':
      return wrongType(issue.expected, value);
    case 'too_small':
      if (issue.origin === 'string') {
        return { fault: 'empty text', mend: 'write the text or remove the key' };
      }
      return { fault: `fewer than ${issue.minimum} in the list`, mend: 'add to the list' };
    case 'too_big':
      return { fault: `more than ${issue.maximum}`, mend: 'shorten it or divide it' };
    case 'invalid_value':
      return { fault: `is "${String(value)}"`, mend: `use one of: ${issue.values.join(', ')}` };
    case 'invalid_format':
      return { fault: `"${String(value)}" is not allowed here`, mend: issue.message };
    case 'invalid_key':
      return { fault: 'not a valid key', mend: issue.issues[0]?.message ?? 'rename it' };
    case 'custom': {
      const mend: unknown = issue.params?.mend;
      return { fault: issue.message, mend: typeof mend === 'string' ? mend : 'correct it' };
    }
    default:
      return { fault: issue.message, mend: 'correct it' };
  }
}
