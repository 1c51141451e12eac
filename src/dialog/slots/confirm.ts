import { barePosition, findPositions } from '../../text/entities/position.ts';
import { yesNoIn } from '../../text/entities/yes-no.ts';
import { withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed, SlotInput } from './slot.ts';

const YES = new Set(['yes', 'true', '1']);
const NO = new Set(['no', 'false', '0']);

/**
 * Yes or no. `title('yes')` and `title('no')` give its wording. "算了" and "cancel" are no answer: they
 * end the dialog. It is never found inside another sentence.
 */
export function confirm<const O extends SlotOptions>(options?: O): SlotOf<boolean, O> {
  return withOptions(
    {
      type: 'confirm',
      free: false,
      parse,
      find: (): Parsed<boolean> => ({ kind: 'none' }),
      show: (value, _lang, title) => title(value ? 'yes' : 'no'),
      toText: (value) => String(value),
    },
    options,
  );
}

function parse(input: SlotInput): Parsed<boolean> {
  const tapped = byValue(input.tapped) ?? byOffer(input);
  if (tapped !== undefined) return { kind: 'value', value: tapped, whole: true, quote: input.text };
  const read = yesNoIn(input.text);
  return read === undefined ? { kind: 'none' } : { kind: 'value', ...read, quote: input.text };
}

function byValue(value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  return YES.has(value) ? true : NO.has(value) ? false : undefined;
}

/** Where yes and no were offered as a list: its titles and numbers. */
function byOffer({ offered, text }: SlotInput): boolean | undefined {
  const title = offered.find((o) => o.title === text.trim())?.value;
  const position = barePosition(text) ?? findPositions(text)[0]?.value;
  const at =
    position === undefined ? undefined : offered.at(position > 0 ? position - 1 : position);
  return byValue(title ?? at?.value);
}
