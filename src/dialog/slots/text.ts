import { withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed, SlotInput } from './slot.ts';

/** Options of {@link text}. */
export interface TextOptions extends SlotOptions {
  /** Fewest characters. Default 1. */
  readonly min?: number;
  /** Most characters. Default 500. */
  readonly max?: number;
}

/**
 * Any text, as it was written. It is never found inside a sentence, and `whole` is never claimed: any
 * text could mean something else too. Reasons: `too-short`, `too-long`.
 */
export function text<const O extends TextOptions>(options?: O): SlotOf<string, O> {
  const min = options?.min ?? 1;
  const max = options?.max ?? 500;
  return withOptions(
    {
      type: 'text',
      free: true,
      parse(input: SlotInput): Parsed<string> {
        const value = input.text.trim();
        const length = Array.from(value).length;
        if (length === 0) return { kind: 'none' };
        if (length < min) return { kind: 'none', reason: 'too-short' };
        if (length > max) return { kind: 'none', reason: 'too-long' };
        return { kind: 'value', value, whole: false, quote: value };
      },
      find: (): Parsed<string> => ({ kind: 'none' }),
      show: (value) => value,
      toText: (value) => value,
    },
    options,
  );
}
