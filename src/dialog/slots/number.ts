import { findNumbers } from '../../text/entities/number.ts';
import { onlyOne, withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed, SlotInput } from './slot.ts';

/** Options of {@link number}. */
export interface NumberOptions extends SlotOptions {
  readonly min?: number;
  readonly max?: number;
  /** Only whole numbers. Default: any. */
  readonly integer?: boolean;
}

const UNITS_ZH =
  /[个件双台部张份箱包瓶本条套只支盒斤克米元块次天位]钱?|公斤|千克|厘米|人民币|左右|不到|差不多/gu;
const UNITS_EN =
  /\b(?:pieces?|items?|pcs|yuan|rmb|cny|dollars?|units?|boxes|box|pairs?|kg|days?|times|of them|only|just)\b|[¥$]/g;
const UNITS = new RegExp(`${UNITS_ZH.source}|${UNITS_EN.source}`, 'gu');

/**
 * A number: `3`, `３件`, `两个`, `三十五`, "twenty-five", "a dozen". It is never found inside a sentence
 * that was not its answer. Reasons: `not-a-number`, `out-of-range`, `ambiguous`.
 */
export function number<const O extends NumberOptions>(options?: O): SlotOf<number, O> {
  const min = options?.min ?? -Infinity;
  const max = options?.max ?? Infinity;
  return withOptions(
    {
      type: 'number',
      free: false,
      parse(input: SlotInput): Parsed<number> {
        const parsed = onlyOne(input, findNumbers(input.text), UNITS);
        if (parsed === undefined) return { kind: 'none', reason: 'not-a-number' };
        if (parsed.kind === 'none') return parsed;
        const { value } = parsed;
        if (options?.integer === true && !Number.isInteger(value)) {
          return { kind: 'none', reason: 'not-a-number' };
        }
        return value < min || value > max ? { kind: 'none', reason: 'out-of-range' } : parsed;
      },
      find: (): Parsed<number> => ({ kind: 'none' }),
      show: (value) => String(value),
      toText: (value) => String(value),
    },
    options,
  );
}
