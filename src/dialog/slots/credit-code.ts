import { findCreditCodes } from '../../text/entities/credit-code.ts';
import { fold } from '../../text/fold.ts';
import { onlyOne, withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed, SlotInput } from './slot.ts';

/**
 * A company's unified social credit code (GB 32100-2015), in capitals. Reasons: `too-short`,
 * `too-long`, and `checksum` where a character must be wrong.
 */
export function creditCode<const O extends SlotOptions>(options?: O): SlotOf<string, O> {
  return withOptions(
    {
      type: 'credit-code',
      free: false,
      parse,
      find: (input): Parsed<string> =>
        onlyOne(input, findCreditCodes(input.text)) ?? { kind: 'none' },
      show: (value) => value,
      toText: (value) => value,
    },
    options,
  );
}

function parse(input: SlotInput): Parsed<string> {
  const found = onlyOne(input, findCreditCodes(input.text));
  if (found !== undefined) return found;
  const runs = fold(input.text).text.match(/[0-9a-z]+(?:[ -][0-9a-z]*\d[0-9a-z]*)*/g) ?? [];
  const lengths = runs
    .filter((run) => /\d/.test(run))
    .map((run) => run.replace(/[ -]/g, '').length);
  const length = Math.max(0, ...lengths.slice(0, 100));
  if (length < 6) return { kind: 'none' };
  if (length === 18) return { kind: 'none', reason: 'checksum' };
  return { kind: 'none', reason: length < 18 ? 'too-short' : 'too-long' };
}
