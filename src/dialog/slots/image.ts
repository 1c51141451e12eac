import { withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed, SlotInput } from './slot.ts';

/**
 * A picture; the value is its URL, the first one where several came. Reason: `not-an-image` for other
 * files and for text.
 */
export function image<const O extends SlotOptions>(options?: O): SlotOf<string, O> {
  return withOptions(
    {
      type: 'image',
      free: false,
      parse: (input) => read(input) ?? { kind: 'none', reason: 'not-an-image' },
      find: (input) => read(input) ?? { kind: 'none' },
      show: (value) => value,
      toText: (value) => value,
    },
    options,
  );
}

function read(input: SlotInput): Parsed<string> | undefined {
  const picture = input.attachments.find((attachment) => attachment.kind === 'image');
  if (picture === undefined) return undefined;
  return {
    kind: 'value',
    value: picture.url,
    whole: input.text.trim() === '',
    quote: picture.name,
  };
}
