import { findUrls } from '../../text/entities/url.ts';
import { onlyOne, withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed } from './slot.ts';

const NAMES = /链接|网址|网站|地址|连结|\b(?:link|url|website|web|page)\b/gu;

/**
 * A web address, as it was written: with `http`, `https` or `www`, or a bare host with a known end. It
 * is not fetched. Reason: `ambiguous`.
 */
export function url<const O extends SlotOptions>(options?: O): SlotOf<string, O> {
  return withOptions(
    {
      type: 'url',
      free: false,
      parse: (input): Parsed<string> =>
        onlyOne(input, findUrls(input.text), NAMES) ?? { kind: 'none' },
      find: (input): Parsed<string> =>
        onlyOne(input, findUrls(input.text), NAMES) ?? { kind: 'none' },
      show: (value) => value,
      toText: (value) => value,
    },
    options,
  );
}
