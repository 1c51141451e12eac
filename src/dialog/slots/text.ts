import { findOrganisations } from '../../text/entities/organisation.ts';
import { findPersonName } from '../../text/entities/person-name.ts';
import { onlyOne, withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed, SlotInput } from './slot.ts';

/** Options of {@link text}. */
export interface TextOptions extends SlotOptions {
  /** Fewest characters. Default 1. */
  readonly min?: number;
  /** Most characters. Default 500. */
  readonly max?: number;
  /** It is the name of an organisation or a person: those are found in a sentence as well. */
  readonly names?: boolean;
}

/**
 * Any text, as it was written. Only names are found inside a sentence, and `whole` is never claimed: any
 * text could mean something else too. Reasons: `too-short`, `too-long`.
 */
export function text<const O extends TextOptions>(options?: O): SlotOf<string, O> {
  const min = options?.min ?? 1;
  const max = options?.max ?? 500;
  const named = options?.names === true;
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
      find: (input): Parsed<string> => (named ? organisationIn(input) : NONE),
      ...(named ? { tells: nameIn } : {}),
      show: (value) => value,
      toText: (value) => value,
    },
    options,
  );
}

const NONE: Parsed<string> = { kind: 'none' };

function organisationIn(input: SlotInput): Parsed<string> {
  return onlyOne(input, findOrganisations(input.text)) ?? NONE;
}

/** An organisation, or a part of the text that is nothing but a Chinese name. */
function nameIn(input: SlotInput): Parsed<string> {
  const organisation = organisationIn(input);
  if (organisation.kind === 'value') return organisation;
  for (const part of input.text.slice(0, 200).split(/[，,。;；、\s]+/u)) {
    if (!/^\p{Script=Han}{2,4}$/u.test(part)) continue;
    const found = findPersonName(part, 'zh');
    if (found?.quote === part) return { kind: 'value', value: part, whole: false, quote: part };
  }
  return NONE;
}
