import type { Found } from '../../text/entities/found.ts';
import { findNumbers } from '../../text/entities/number.ts';
import { findQuantities, type Quantity } from '../../text/entities/quantity.ts';
import { onlyOne, withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed, SlotInput } from './slot.ts';

/** Options of {@link quantity}. */
export interface QuantityOptions extends SlotOptions {
  readonly min?: number;
  readonly max?: number;
}

/**
 * A count or a measure, `{ amount, unit }`: 两件, 3双, `5kg`, "2 boxes"; the unit is as it was written, empty
 * for a bare number. In a sentence only those with a unit are found. Reasons: `not-a-number`,
 * `out-of-range`, `ambiguous`.
 */
export function quantity<const O extends QuantityOptions>(options?: O): SlotOf<Quantity, O> {
  const { min = 0, max = Infinity } = options ?? {};
  const read = (
    input: SlotInput,
    founds: readonly Found<Quantity>[],
  ): Parsed<Quantity> | undefined => {
    const texts = founds.map((found) => ({ ...found, value: textOf(found.value) }));
    const parsed = onlyOne(input, texts);
    if (parsed?.kind !== 'value') return parsed;
    const [amount = '', ...unit] = parsed.value.split(' ');
    const value = { amount: Number(amount), unit: unit.join(' ') };
    if (value.amount < min || value.amount > max) return { kind: 'none', reason: 'out-of-range' };
    return { ...parsed, value };
  };
  return withOptions(
    {
      type: 'quantity',
      free: false,
      parse(input): Parsed<Quantity> {
        const said = read(input, findQuantities(input.text));
        if (said !== undefined) return said;
        const bare = findNumbers(input.text).map((found) => ({
          ...found,
          value: { amount: found.value, unit: '' },
        }));
        return read(input, bare) ?? { kind: 'none', reason: 'not-a-number' };
      },
      find: (input): Parsed<Quantity> =>
        read(input, findQuantities(input.text)) ?? { kind: 'none' },
      show: (value, lang) => (lang === 'zh' ? textOf(value).replace(' ', '') : textOf(value)),
      toText: (value) => textOf(value),
    },
    options,
  );
}

function textOf({ amount, unit }: Quantity): string {
  return `${amount} ${unit}`.trim();
}
