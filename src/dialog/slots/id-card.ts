import { findIdCards } from '../../text/entities/card.ts';
import { cardSlot } from './card-slot.ts';
import { withOptions, type SlotOf, type SlotOptions } from './options.ts';

const NAMES =
  /(?:居民)?身份证(?:件)?(?:号码|号)?|证件(?:号码|号)?|\b(?:chinese|national|identity|card|resident)\b/gu;

/**
 * A mainland ID card number: 18 characters, `X` in capitals, with a right check character and a day of
 * birth that there is. A summary shows its ends only. Reasons: `wrong-length`, `checksum`, `ambiguous`.
 */
export function idCard<const O extends SlotOptions>(options?: O): SlotOf<string, O> {
  const slot = cardSlot({
    type: 'id-card',
    findAll: findIdCards,
    names: NAMES,
    // Without its X it has 17 digits.
    reasonFor: (digits) => (digits === 17 || digits === 18 ? 'checksum' : 'wrong-length'),
  });
  return withOptions(slot, options);
}
