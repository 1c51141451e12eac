import { digitRuns, type Found } from '../../text/entities/found.ts';
import { fold } from '../../text/fold.ts';
import { onlyOne } from './options.ts';
import type { Parsed, Slot, SlotInput } from './slot.ts';

/** What tells one kind of card from another. */
interface CardKind {
  readonly type: string;
  readonly findAll: (text: string) => readonly Found<string>[];
  /** Words that name the card and add nothing to its number. */
  readonly names: RegExp;
  /** What is wrong with a number of so many digits. */
  readonly reasonFor: (digits: number) => string;
}

/** A slot for a number with a check digit. Its value is shown with its ends only. */
export function cardSlot({
  type,
  findAll,
  names,
  reasonFor,
}: CardKind): Omit<Slot<string>, 'optional'> {
  return {
    type,
    free: false,
    parse(input: SlotInput): Parsed<string> {
      const found = onlyOne(input, findAll(input.text), names);
      if (found !== undefined) return found;
      const [run] = digitRuns(fold(input.text).text, 5);
      return run === undefined ? { kind: 'none' } : { kind: 'none', reason: reasonFor(run.length) };
    },
    find: (input): Parsed<string> => onlyOne(input, findAll(input.text), names) ?? { kind: 'none' },
    show: (value) => `${value.slice(0, 4)}${'*'.repeat(value.length - 8)}${value.slice(-4)}`,
    toText: (value) => value,
  };
}
