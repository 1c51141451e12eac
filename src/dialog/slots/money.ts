import { findMoney, type Money } from '../../text/entities/money.ts';
import { findNumbers } from '../../text/entities/number.ts';
import type { Found } from '../../text/entities/found.ts';
import { onlyOne, withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed, SlotInput } from './slot.ts';

/** Options of {@link money}. */
export interface MoneyOptions extends SlotOptions {
  /** In the currency that was said. */
  readonly min?: number;
  readonly max?: number;
  /** ISO 4217; what a number without a currency is in. Default: `CNY`. */
  readonly currency?: string;
}

/** Currency first, amount behind: one text a sum, so that sums can be compared. */
const SPACE = ' ';

/**
 * A sum of money, `{ amount, currency }`: 35元, 三块五, 叁佰元整, ¥99.9, "20 dollars"; a bare number in the
 * slot's currency. In a sentence only sums with a currency are found. Reasons: `not-a-number`,
 * `out-of-range`, `ambiguous`.
 */
export function money<const O extends MoneyOptions>(options?: O): SlotOf<Money, O> {
  const { min = 0, max = Infinity, currency = 'CNY' } = options ?? {};
  const read = (input: SlotInput, founds: readonly Found<Money>[]): Parsed<Money> | undefined => {
    const parsed = onlyOne(
      input,
      founds.map((found) => ({ ...found, value: textOf(found.value) })),
    );
    if (parsed?.kind !== 'value') return parsed;
    const [code = currency, amount] = parsed.value.split(SPACE);
    const value = { amount: Number(amount), currency: code };
    if (value.amount < min || value.amount > max) return { kind: 'none', reason: 'out-of-range' };
    return { ...parsed, value };
  };
  return withOptions(
    {
      type: 'money',
      free: false,
      parse(input): Parsed<Money> {
        const said = read(input, findMoney(input.text));
        if (said !== undefined) return said;
        const bare = findNumbers(input.text).map((found) => ({
          ...found,
          value: { amount: found.value, currency },
        }));
        return read(input, bare) ?? { kind: 'none', reason: 'not-a-number' };
      },
      find: (input): Parsed<Money> => read(input, findMoney(input.text)) ?? { kind: 'none' },
      show: ({ amount, currency: code }, lang) =>
        new Intl.NumberFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', {
          style: 'currency',
          currency: code,
        }).format(amount),
      toText: ({ amount, currency: code }) => `${amount} ${code}`,
    },
    options,
  );
}

function textOf({ amount, currency }: Money): string {
  return `${currency}${SPACE}${amount}`;
}
