import { findOrderNumbers } from '../../text/entities/order-number.ts';
import { findPhones } from '../../text/entities/phone.ts';
import { digitRuns, withPlainDigits } from '../../text/entities/found.ts';
import { fold } from '../../text/fold.ts';
import { onlyOne, withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed, SlotInput } from './slot.ts';

/**
 * An order number: 11 digits beginning with 20. A mobile number is no order number; the dialog looks
 * the order up by it. Reason: `wrong-length` for digits that are too few, too many or begin otherwise.
 */
export function orderNumber<const O extends SlotOptions>(options?: O): SlotOf<string, O> {
  return withOptions(
    {
      type: 'order-number',
      free: false,
      parse,
      find: (input): Parsed<string> =>
        onlyOne(input, findOrderNumbers(input.text)) ?? { kind: 'none' },
      show: (value) => value,
      toText: (value) => value,
    },
    options,
  );
}

function parse(input: SlotInput): Parsed<string> {
  const found = onlyOne(input, findOrderNumbers(input.text));
  if (found !== undefined) return found;
  if (findPhones(input.text).length > 0) return { kind: 'none' };
  const digits = digitRuns(withPlainDigits(fold(input.text).text), 5);
  return digits.length > 0 ? { kind: 'none', reason: 'wrong-length' } : { kind: 'none' };
}
