import { findNamedPerson, findPersonName } from '../../text/entities/person-name.ts';
import { saysOnly, withOptions, type SlotOf, type SlotOptions } from './options.ts';
import type { Parsed } from './slot.ts';

const NAMES =
  /收件人|收货人|联系人|姓名|名字|全名|本人|叫做?|免贵|姓|先生|女士|小姐|\b(?:name|name's|full|recipient|receiver|i'm|am|call|called|mr|mrs|ms)\b/gu;

/**
 * The name of a person, as it was written and without a title: 张三, 我叫欧阳娜娜, 收件人：李四, "John
 * O'Neil". A bare Chinese name needs a family name that is known. In a sentence it is found only where
 * the sentence says that it is a name.
 */
export function personName<const O extends SlotOptions>(options?: O): SlotOf<string, O> {
  return withOptions(
    {
      type: 'person-name',
      free: false,
      parse(input): Parsed<string> {
        const found = findPersonName(input.text, input.lang);
        if (found === undefined) return { kind: 'none' };
        // "track package" reads like "john smith": other things come first.
        const plain = /^[a-z]/.test(found.quote) && findNamedPerson(input.text) === undefined;
        const whole = !plain && saysOnly(input, [found], NAMES);
        return { kind: 'value', value: found.value, whole, quote: found.quote };
      },
      find(input): Parsed<string> {
        const found = findNamedPerson(input.text);
        if (found === undefined) return { kind: 'none' };
        const whole = saysOnly(input, [found], NAMES);
        return { kind: 'value', value: found.value, whole, quote: found.quote };
      },
      show: (value) => value,
      toText: (value) => value,
    },
    options,
  );
}
