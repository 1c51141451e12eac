import { findEmails } from '../../text/entities/email.ts';
import { onlyOne, withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed, SlotInput } from './slot.ts';

/**
 * An e-mail address, in lower case. Reason: `incomplete` for what was meant as one and can't be right
 * ("a@qq", "a@gmail.con"): it is asked again, never mended.
 */
export function email<const O extends SlotOptions>(options?: O): SlotOf<string, O> {
  return withOptions(
    {
      type: 'email',
      free: false,
      parse(input: SlotInput): Parsed<string> {
        const found = onlyOne(input, findEmails(input.text));
        if (found !== undefined) return found;
        const meant = /[@＠]|\b(?:gmail|hotmail|outlook|qq|163|126)[.。]/i.test(input.text);
        return meant ? { kind: 'none', reason: 'incomplete' } : { kind: 'none' };
      },
      find: (input): Parsed<string> => onlyOne(input, findEmails(input.text)) ?? { kind: 'none' },
      show: (value) => value,
      toText: (value) => value,
    },
    options,
  );
}
