import { findBankCards } from '../../text/entities/card.ts';
import { cardSlot } from './card-slot.ts';
import { withOptions, type SlotOf, type SlotOptions } from './options.ts';

const NAMES =
  /(?:银行|储蓄|信用|借记)?卡(?:号码|号)?|账号|退到|打到|\b(?:bank|card|debit|visa|mastercard)\b/gu;

/**
 * A bank card number: 13 to 19 digits with a right check digit (Luhn), without spaces. A summary shows
 * its ends only. Reasons: `wrong-length`, `checksum`, `ambiguous`.
 */
export function bankCard<const O extends SlotOptions>(options?: O): SlotOf<string, O> {
  const slot = cardSlot({
    type: 'bank-card',
    findAll: findBankCards,
    names: NAMES,
    reasonFor: (digits) => (digits >= 13 && digits <= 19 ? 'checksum' : 'wrong-length'),
  });
  return withOptions(slot, options);
}
