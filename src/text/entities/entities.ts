/** All entities of a text at once: what every part that wants to know what was named asks. */
import type { Lang } from '../../message.ts';
import { findBankCards, findIdCards } from './card.ts';
import { findCreditCodes } from './credit-code.ts';
import { findDateTimes, type DateTime } from './date-time.ts';
import { findEmails } from './email.ts';
import type { Found } from './found.ts';
import { findInternationalPhones } from './international-phone.ts';
import { findNames, lexiconOf, type Lexicon, type LexiconEntry } from './lexicon.ts';
import { findMoney } from './money.ts';
import { findNumbers } from './number.ts';
import { findNamedOrderNumbers, findOrderNumbers } from './order-number.ts';
import { findPercents } from './percent.ts';
import { findNamedPerson } from './person-name.ts';
import { findPhones } from './phone.ts';
import { findPlaces } from './place.ts';
import { findQuantities } from './quantity.ts';
import { readingOf, type Readable, type Reading } from './reading.ts';
import { findUrls } from './url.ts';

/** Plain JSON: numbers that identify something are text, so that none is rounded. */
type EntityValue = string | number | boolean | { readonly [key: string]: EntityValue };

/** What an entity is. */
export type EntityType =
  | 'address'
  | 'bank-card'
  | 'credit-code'
  | 'date'
  | 'date-time'
  | 'email'
  | 'id-card'
  | 'lexicon'
  | 'money'
  | 'number'
  | 'order-number'
  | 'percent'
  | 'person'
  | 'phone'
  | 'quantity'
  | 'time'
  | 'url';

/** Something that a text names. */
export interface Entity {
  readonly type: EntityType;
  /** The part that names it, as the customer wrote it. */
  readonly text: string;
  /** Where that part begins and ends in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /**
   * By type. `order-number`, `id-card`, `bank-card`, `credit-code`, `email`, `url`, `person`: text.
   * `phone`: the 11 digits of a mainland mobile, else E.164. `number`, `percent`: a number.
   * `date`: `2026-12-01`; `time`: `15:30`; `date-time`: `2026-12-01T15:30+08:00`. `money`: `{ amount,
   * currency, about? }`; `quantity`: `{ amount, unit }`; `address`: `{ province, city, district,
   * detail }`; `lexicon`: `{ id, type, name, distance }`.
   */
  readonly value: EntityValue;
}

/** What {@link findEntities} may need to know. */
export interface EntityOptions {
  /** Of the text. Default: nothing depends on it; names of people are looked for in both languages. */
  readonly lang?: Lang;
  /** Milliseconds since 1970: what "tomorrow" is relative to. */
  readonly now: number;
  /** Of the customer, an IANA name. Default: `Asia/Shanghai`. */
  readonly timeZone?: string;
  /** Products and other things with names; make it ready with `lexiconOf` where it is used often. */
  readonly lexicon?: Lexicon | readonly LexiconEntry[];
}

interface Candidate {
  readonly type: EntityType;
  readonly found: Found<unknown>;
  /** What it takes for itself: more than the quote where a street follows a place. */
  readonly end: number;
}

/**
 * The entities of a text in the order they stand. Where two overlap, the one that says more is kept:
 * an order number rather than a number, an ID card rather than a bank card, money rather than a
 * quantity, a date rather than a position. People only where the text says that a name is told (a bare
 * name is for slots: see `findPersonName`). Of a text longer than 5,000 characters the beginning is
 * read. Linear.
 * @throws RangeError where the time zone is unknown
 */
export function findEntities(text: Readable, options: EntityOptions): readonly Entity[] {
  const reading = readingOf(text);
  const taken = new Uint8Array(reading.text.length);
  const kept: Candidate[] = [];
  for (const candidate of candidatesIn(reading, options)) {
    const { start } = candidate.found;
    if (candidate.found.end <= start || taken.subarray(start, candidate.end).includes(1)) continue;
    taken.fill(1, start, candidate.end);
    kept.push(candidate);
  }
  return kept
    .sort((a, b) => a.found.start - b.found.start)
    .map(({ type, found }) => ({
      type,
      text: found.quote,
      start: found.start,
      end: found.end,
      value: found.value as EntityValue,
    }));
}

/** Those that say most come first. */
function* candidatesIn(reading: Reading, options: EntityOptions): Iterable<Candidate> {
  yield* ofType('email', findEmails(reading));
  yield* ofType('url', findUrls(reading));
  yield* ofType('credit-code', findCreditCodes(reading));
  yield* ofType('id-card', findIdCards(reading));
  yield* ofType('order-number', findOrderNumbers(reading));
  yield* ofType('phone', findPhones(reading));
  yield* ofType('bank-card', findBankCards(reading));
  yield* ofType('order-number', findNamedOrderNumbers(reading));
  yield* ofType('phone', findInternationalPhones(reading));
  const { lexicon } = options;
  if (lexicon !== undefined) {
    yield* ofType(
      'lexicon',
      findNames(reading, 'starts' in lexicon ? lexicon : lexiconOf(lexicon)),
    );
  }
  const person = findNamedPerson(reading);
  if (person !== undefined) yield* ofType('person', [person]);
  for (const found of findPlaces(reading)) yield { type: 'address', found, end: found.detailEnd };
  yield* ofType('percent', findPercents(reading));
  yield* ofType('money', findMoney(reading));
  yield* datesIn(reading, options);
  yield* ofType('quantity', findQuantities(reading));
  yield* ofType('number', findNumbers(reading));
}

function* ofType(type: EntityType, founds: readonly Found<unknown>[]): Iterable<Candidate> {
  for (const found of founds) yield { type, found, end: found.end };
}

function* datesIn(reading: Reading, { now, timeZone }: EntityOptions): Iterable<Candidate> {
  const zone = timeZone === undefined ? {} : { timeZone };
  for (const found of findDateTimes(reading, now, zone)) {
    const { type, value } = plainDate(found.value);
    yield { type, found: { ...found, value }, end: found.end };
  }
}

function plainDate({ iso, hasDate, hasTime }: DateTime): {
  readonly type: 'date' | 'time' | 'date-time';
  readonly value: string;
} {
  if (!hasTime) return { type: 'date', value: iso };
  if (hasDate) return { type: 'date-time', value: iso };
  return { type: 'time', value: iso.slice(11, 16) };
}
