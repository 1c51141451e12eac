import { foundAt, type Found } from './found.ts';
import { readingOf, type Readable } from './reading.ts';

/**
 * Numbers in the order they stand: `12`, `1,234.5`, `1.5万`, `三十五`, `两`, `貳佰`, `一个半`, "twenty-five",
 * "a dozen", "two and a half". Positions ("第二个", "the second"), dates and times are left out, as are
 * digit runs too long to be exact.
 */
export function findNumbers(source: Readable): readonly Found<number>[] {
  const { text, folded, numbers } = readingOf(source);
  return numbers.map(({ start, end, value }) => foundAt(text, folded, start, end, value));
}
