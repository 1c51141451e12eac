import { digitRuns } from '../../text/entities/found.ts';
import { foundAt, withPlainDigits, type Found } from '../../text/entities/found.ts';
import { fold } from '../../text/fold.ts';
import { onlyOne, withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed } from './slot.ts';

const NUMBER = /(?<![\da-z])\d{6,9}(?![\da-z])/g;
const NAMES = /工单编号|工单号|工单|编号|\btickets?\b|\bcase\b/gu;

/** A ticket number: 6 to 9 digits, as they were given to the customer. Reason: `wrong-length`. */
export function ticketNumber<const O extends SlotOptions>(options?: O): SlotOf<string, O> {
  return withOptions(
    {
      type: 'ticket-number',
      free: false,
      parse(input): Parsed<string> {
        const found = onlyOne(input, numbersIn(input.text), NAMES);
        if (found !== undefined) return found;
        const digits = digitRuns(fold(input.text).text, 3);
        return digits.length > 0 ? { kind: 'none', reason: 'wrong-length' } : { kind: 'none' };
      },
      find: (input): Parsed<string> =>
        onlyOne(input, numbersIn(input.text), NAMES) ?? { kind: 'none' },
      show: (value) => value,
      toText: (value) => value,
    },
    options,
  );
}

function numbersIn(text: string): readonly Found<string>[] {
  const folded = fold(text);
  const plain = withPlainDigits(folded.text);
  return Array.from(plain.matchAll(NUMBER)).map((m) =>
    foundAt(text, folded, m.index, m.index + m[0].length, m[0]),
  );
}
