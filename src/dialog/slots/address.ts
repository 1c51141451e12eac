import { findOrderNumbers } from '../../text/entities/order-number.ts';
import { findPhones } from '../../text/entities/phone.ts';
import {
  addressSigns,
  findAddresses,
  LONGEST_ADDRESS,
  looksLikeAddress,
  withoutNextWish,
} from '../../text/entities/address.ts';
import { isQuestion } from '../../text/analyzer.ts';
import { findNamedPerson } from '../../text/entities/person-name.ts';
import { fold } from '../../text/fold.ts';
import { withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed, SlotInput } from './slot.ts';

const SHORTEST = 6;
const LEAD_IN =
  /^(?:(?:好的|嗯|请|麻烦|帮我|我的|我们的|新的|新?(?:收货|收件)?地址[是为]?|收货(?!人)|收件(?!人)|寄到|寄往|送到|发到|改成|改为|改到|换成|就?是|我?住在|[:：,，\s])|(?:my|the|our|new|please|delivery|shipping|address|is|it's|its|change|it|to|send|ship|deliver|at)\b)+/iu;
const TAIL =
  /[\s,，。.!！~～]*(?:谢谢[你您]?|多谢|麻烦[你您]?了|thanks|thank you|please|就这个|就这里|吧|啊|哦|呢|哈|啦)?[\s。.!！~～]*$/iu;

/**
 * A delivery address, as it was written, 6 to 200 characters: a place and in it a road, building,
 * village or number. Reasons: `too-short`, `too-long`, `incomplete`.
 */
export function address<const O extends SlotOptions>(options?: O): SlotOf<string, O> {
  return withOptions(
    {
      type: 'address',
      free: false,
      parse,
      find(input: SlotInput): Parsed<string> {
        const [found] = findAddresses(withoutNextWish(input.text));
        if (found === undefined) return { kind: 'none' };
        return { kind: 'value', value: cleaned(found.value), whole: false, quote: found.quote };
      },
      show: (value) => value,
      toText: (value) => value,
    },
    options,
  );
}

/** What tells who receives it, before or behind the number or name that it labels. */
const PHONE_LABEL =
  /[\s,，、;；]*(?:(?:收件人?|收货人?|联系人?)?的?(?:联系)?(?:电话|手机)(?:号码?)?|联系方式|(?:my )?\b(?:phone|mobile|cell|tel(?:ephone)?)(?: (?:number|no))?\b\.?)(?: ?是| is)?[\s:：]*$/iu;
const NAME_LABEL =
  /[\s,，、;；]*(?:(?:收件|收货|联系)人?(?:的?姓名|的?名字)?|姓名|名字|\b(?:(?:the )?(?:recipient|receiver|consignee|contact)(?:'s)?(?: name)?|attn|name))(?: ?[是为叫]| is)?[\s:：]*$/iu;

/**
 * The text without order and phone numbers and the name of who receives it, each with its label, and
 * without words of command around it.
 */
function cleaned(text: string): string {
  let rest = text;
  for (const { quote } of findOrderNumbers(text)) rest = rest.replace(quote, ' ');
  for (const { quote } of findPhones(text)) rest = without(rest, quote, PHONE_LABEL);
  rest = rest.trim();
  const name = findNamedPerson(rest)?.quote;
  if (name !== undefined && labelled(rest, name, NAME_LABEL)) {
    rest = without(rest, name, NAME_LABEL);
  }
  return rest
    .replace(/\s+/gu, ' ')
    .replace(/^[\s,，、。;；]*(?:改地址|改成|订单号?)?[\s,，、。;；]*/u, '')
    .replace(/[\s,，、。;；]*(?:确认|就这样)?[\s,，、;；]*$/u, '');
}

/** How much before a value its label is looked for, in UTF-16 units. */
const LONGEST_LABEL = 40;

function labelled(text: string, quote: string, label: RegExp): boolean {
  const at = text.indexOf(quote);
  return at >= 0 && label.test(text.slice(Math.max(0, at - LONGEST_LABEL), at));
}

/** `text` with a space in the place of `quote` and of the label before it. */
function without(text: string, quote: string, label: RegExp): string {
  const at = text.indexOf(quote);
  if (at < 0) return text;
  const from = Math.max(0, at - LONGEST_LABEL);
  const before = text.slice(0, from) + text.slice(from, at).replace(label, '');
  return `${before} ${text.slice(at + quote.length)}`;
}

function parse(input: SlotInput): Parsed<string> {
  const whole = input.text.trim().slice(0, 2000);
  const said = withoutNextWish(whole);
  const bare = said.slice(LEAD_IN.exec(said)?.[0].length ?? 0);
  const tail = TAIL.exec(bare.slice(-30))?.[0].length ?? 0;
  const value = bare.slice(0, bare.length - tail).trim();
  const { places, detail } = addressSigns(fold(value).text);
  if (value.length < SHORTEST) {
    return places > 0 ? { kind: 'none', reason: 'too-short' } : { kind: 'none' };
  }
  if (value.length > LONGEST_ADDRESS) return { kind: 'none', reason: 'too-long' };
  if (!looksLikeAddress(value) || isQuestion(value, input.lang)) {
    return { kind: 'none', reason: 'incomplete' };
  }
  const [found] = findAddresses(value);
  const only = found === undefined || found.value.length >= value.length - 1;
  return {
    kind: 'value',
    value: cleaned(only ? value : found.value),
    whole: said === whole && only && places >= 2 && detail,
    quote: only ? value : found.quote,
  };
}
