import { coreOf } from '../../text/analyzer.ts';
import type { Found } from '../../text/entities/found.ts';
import { barePosition, findPositions } from '../../text/entities/position.ts';
import { mentionsOf } from './mention.ts';
import {
  isDenied,
  onlyOne,
  saysOnly,
  withOptions,
  type SlotOf,
  type SlotOptions,
} from './options.ts';
import type { OfferedChoice, Parsed, SlotInput } from './slot.ts';

/**
 * One of `values`. Titles and other words for them are in the dialog's knowledge file. Understands a
 * tap, the title or a word for it, anywhere in the sentence unless denied ("不是质量问题，是发错货了"),
 * and its number or place ("2", "②", "第二个", "最后一个", "the second one"). Reason: `ambiguous`.
 * @example choice(['quality', 'changed-mind'])  // Slot<'quality' | 'changed-mind'>
 */
export function choice<const V extends string, const O extends SlotOptions>(
  values: readonly V[],
  options?: O,
): SlotOf<V, O> {
  return withOptions(
    {
      type: 'choice',
      free: false,
      values,
      parse: (input) => only(values, parse(input)),
      find: (input) => only(values, byMention(input) ?? NONE),
      show: (value, _lang, title) => title(value),
      toText: (value) => value,
    },
    options,
  );
}

const NONE: Parsed<string> = { kind: 'none' };

/** Values that the slot does not have are none. */
function only<V extends string>(values: readonly V[], parsed: Parsed<string>): Parsed<V> {
  if (parsed.kind === 'none') return parsed;
  const value = values.find((own) => own === parsed.value);
  return value === undefined ? { kind: 'none' } : { ...parsed, value };
}

function parse(input: SlotInput): Parsed<string> {
  const tapped = input.offered.find((o) => o.value === input.tapped);
  if (input.tapped !== undefined) return chosen(tapped, true, tapped?.title ?? '');
  if (input.text.trim() === '') return NONE;
  const named = byName(input);
  if (named !== undefined) return named;
  const position = byPosition(input);
  if (position?.kind === 'value' && position.whole) return position;
  // "2号买的，质量问题": a name says more than a number that may mean something else.
  return byMention(input) ?? position ?? byPrefix(input) ?? NONE;
}

function chosen(choice: OfferedChoice | undefined, whole: boolean, quote: string): Parsed<string> {
  return choice === undefined ? NONE : { kind: 'value', value: choice.value, whole, quote };
}

/** The whole message is a title, another word for it, or the value itself. */
function byName(input: SlotInput): Parsed<string> | undefined {
  const core = coreOf(input.text, input.lang);
  const same = (name: string): boolean => coreOf(name, input.lang) === core;
  const named =
    input.offered.find((o) => same(o.title)) ??
    input.offered.find((o) => same(o.value)) ??
    input.offered.find((o) => o.alike.some(same));
  return named === undefined ? undefined : chosen(named, true, input.text.trim());
}

function byPosition(input: SlotInput): Parsed<string> | undefined {
  const { text, offered } = input;
  const bare = barePosition(text);
  if (bare !== undefined) return chosen(at(offered, bare), true, text.trim());
  const founds = findPositions(text).filter((found) => !isDenied(text, found.start));
  const choices: Found<string>[] = [];
  for (const found of founds) {
    const choice = at(offered, found.value);
    if (choice !== undefined) choices.push({ ...found, value: choice.value });
  }
  return onlyOne(input, choices);
}

function at(offered: readonly OfferedChoice[], position: number): OfferedChoice | undefined {
  return position === 0 ? undefined : offered.at(position > 0 ? position - 1 : position);
}

/** Titles and other words for them inside the sentence; the longest that stands at a place counts. */
function byMention(input: SlotInput): Parsed<string> | undefined {
  const mentions = mentionsOf(input.text, input.offered);
  const meant = mentions.filter((mention) => !mention.denied);
  const values = new Set(meant.map((mention) => mention.value));
  const [first] = meant;
  if (first === undefined) return undefined;
  if (values.size > 1) return { kind: 'none', reason: 'ambiguous' };
  return {
    kind: 'value',
    value: first.value,
    whole: mentions.length === meant.length && saysOnly(input, meant),
    quote: first.quote,
  };
}

/** The beginning of one title only: "质量" for 质量问题. */
function byPrefix(input: SlotInput): Parsed<string> | undefined {
  const core = coreOf(input.text, input.lang);
  if (core.length < (/^\p{Script=Han}/u.test(core) ? 2 : 4)) return undefined;
  const fits = input.offered.filter((o) =>
    [o.title, ...o.alike].some((name) => coreOf(name, input.lang).startsWith(core)),
  );
  if (fits.length > 1) return { kind: 'none', reason: 'ambiguous' };
  return fits.length === 0 ? undefined : chosen(fits[0], true, input.text.trim());
}
