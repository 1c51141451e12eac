import { findNames, lexiconOf, type LexiconEntry } from '../../text/entities/lexicon.ts';
import { onlyOne, withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed, SlotInput } from './slot.ts';

/**
 * One of a list of things that have names, such as products; the value is its id. Names are understood
 * with a letter wrong, or with Chinese characters that sound alike (无线耳鸡). Unlike `choice` it offers
 * nothing, so the list may be long. Reason: `ambiguous`.
 * @param things ids with names in both languages; a summary shows the first name in its language
 */
export function named<const O extends SlotOptions>(
  things: readonly LexiconEntry[],
  options?: O,
): SlotOf<string, O> {
  const lexicon = lexiconOf(things);
  const read = (input: SlotInput): Parsed<string> => {
    const founds = findNames(input.text, lexicon).map((found) => ({
      ...found,
      value: found.value.id,
    }));
    return onlyOne(input, founds) ?? { kind: 'none' };
  };
  return withOptions(
    {
      type: 'named',
      free: false,
      parse: read,
      find: read,
      show(value, lang) {
        const names = things.find(({ id }) => id === value)?.names ?? [];
        const own = names.find((name) => /\p{Script=Han}/u.test(name) === (lang === 'zh'));
        return own ?? names[0] ?? value;
      },
      toText: (value) => value,
    },
    options,
  );
}
