import type { Content } from '../message.ts';

const FAQ = 'faq:';
const DIALOG_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const LONGEST_ID = 64;

/**
 * What a menu key or a scene begins: what `map` says, else what its own name says. The id of a dialog
 * or `faq:<entry>` is like a tap on it; another mapped text is as if the customer had written it.
 * @param wording as the channel's context has it, in the language of the account; a dialog is known by
 *   the wording `<id>.name`, which each has
 * @returns `undefined` where the key stands for nothing: record it as an event
 */
export function begunBy(
  key: string,
  map: Readonly<Record<string, string>>,
  wording: (key: string) => string,
): Content | undefined {
  const mapped = Object.hasOwn(map, key) ? map[key] : undefined;
  const target = mapped ?? key;
  if (target.startsWith(FAQ)) return { kind: 'choice', value: target, text: key };
  const name = nameOf(target, wording);
  if (name !== undefined) return { kind: 'choice', value: target, text: name };
  return mapped === undefined ? undefined : { kind: 'text', text: mapped };
}

function nameOf(id: string, wording: (key: string) => string): string | undefined {
  if (!DIALOG_ID.test(id) || id.length > LONGEST_ID) return undefined;
  try {
    return wording(`${id}.name`);
  } catch {
    return undefined;
  }
}
