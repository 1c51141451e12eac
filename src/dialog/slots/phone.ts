import { digitRuns, withPlainDigits, type Found } from '../../text/entities/found.ts';
import { findInternationalPhones } from '../../text/entities/international-phone.ts';
import { findPhones } from '../../text/entities/phone.ts';
import { fold } from '../../text/fold.ts';
import { onlyOne, withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed, SlotInput } from './slot.ts';

/** Options of {@link phone}. */
export interface PhoneOptions extends SlotOptions {
  /** Also fixed lines and numbers abroad, as E.164 (`+14155552671`). Default: mobiles of the mainland only. */
  readonly any?: boolean;
}

/**
 * A mainland mobile number; the value is its 11 digits. Understands +86, spaces, dashes, full width
 * and 一三八…, "one three eight…". Reason: `wrong-length` for a number that is too short, too long or
 * not of the kind asked for.
 */
export function phone<const O extends PhoneOptions>(options?: O): SlotOf<string, O> {
  const findAll = (text: string): readonly Found<string>[] =>
    options?.any === true
      ? [...findPhones(text), ...findInternationalPhones(text)]
      : findPhones(text);
  return withOptions(
    {
      type: 'phone',
      free: false,
      parse(input: SlotInput): Parsed<string> {
        const found = onlyOne(input, findAll(input.text));
        if (found !== undefined) return found;
        const digits = digitRuns(withPlainDigits(fold(input.text).text), 5);
        return digits.length > 0 ? { kind: 'none', reason: 'wrong-length' } : { kind: 'none' };
      },
      find: (input): Parsed<string> => onlyOne(input, findAll(input.text)) ?? { kind: 'none' },
      show: (value) => value,
      toText: (value) => value,
    },
    options,
  );
}
