/** What all slots share: options, skipping, and whether a message said anything else. */
import { coreOf, substanceOf } from '../../text/analyzer.ts';
import type { Found } from '../../text/entities/found.ts';
import type { Parsed, Slot, SlotInput } from './slot.ts';

/** Options of every slot. */
export interface SlotOptions {
  /** May be skipped ("没有", "skip"); the value is then `null`. Default: it must be answered. */
  readonly optional?: boolean;
}

/** A slot of `T`, of `T | null` where it is optional. */
export type SlotOf<T, O> = Slot<
  O extends { readonly optional: infer B } ? (true extends B ? T | null : T) : T
>;

/** Completes a slot with what `optional` means. */
export function withOptions<T, O extends SlotOptions>(
  slot: Omit<Slot<T>, 'optional'>,
  options: O | undefined,
): SlotOf<T, O> {
  const optional = options?.optional === true;
  const made: Slot<T | null> = {
    ...slot,
    optional,
    parse(input) {
      if (!optional) return slot.parse(input);
      if (slot.free && isSkip(input)) return SKIPPED;
      const parsed = slot.parse(input);
      return parsed.kind === 'none' && isSkip(input) ? SKIPPED : parsed;
    },
    find: (input) => slot.find(input),
    show: (value, lang, title) => (value === null ? '-' : slot.show(value, lang, title)),
    toText: (value) => (value === null ? '' : slot.toText(value)),
  };
  return made as SlotOf<T, O>;
}

const SKIPPED: Parsed<null> = { kind: 'value', value: null, whole: true, quote: '' };
const SKIP_ZH =
  /^(?:我)?(?:这个|暂时|目前|现在|先|都)?(?:没有|没|无|暂无|不需要|不用|不要|不填|不提供|不想填|不想提供|不传|不发|跳过|略过|略|空着|免了|跳过去|直接跳过)(?:照片|图片|图|截图|订单号?|单号|邮箱|电话|手机号?|地址|税号|备注|这个|这一步|这步|填|提供|传|拍)?(?:了|的|啦)?$/u;
const SKIP_EN =
  /^(?:no|none|nope|nah|skip|skip (?:it|this|that)|n\/a|na|nothing|no thanks|no thank you|not needed|no need|pass|not applicable|(?:i )?(?:don't|dont|do not) have (?:one|it|any|that|a [a-z]+|an [a-z ]+|the [a-z ]+)|(?:i )?have(?:n't| not) got (?:one|any)|without|leave it (?:blank|empty)|no (?:photo|picture|image|order number|order|email|phone|address|number))$/;

function isSkip(input: SlotInput): boolean {
  if (input.tapped !== undefined) return /^(?:skip|none|no)$/.test(input.tapped);
  if (input.text.length > 80) return false;
  const core = coreOf(input.text, input.lang);
  return SKIP_ZH.test(core) || SKIP_EN.test(core) || /跳过|略过|\bskip\b/u.test(core.slice(-12));
}

const LABEL_ZH =
  /订单编号|订单号码?|单号|订单|手机号码?|电话号码?|联系电话|联系方式|号码|手机|电话|邮箱地址|电子邮箱|电子邮件|邮箱|邮件|收货地址|地址|统一社会信用代码|信用代码|纳税人识别号|税号|日期|时间|数量|原因|金额|一共|总共|大概|大约|左右|就|应该|改成|改为|换成|选择|我选|选|填写|填|写|我的|这个|那个|我要|我想要|我想|要|我|是|为|的|用|在|于|到|吧|呢|了|哈|那|号|:/gu;
const LABELS_EN = new Set(
  (
    "my the a an it its it's is was order orders number no num phone mobile cell telephone tel email e-mail mail address code tax id credit " +
    "social unified use at on by for in this that here heres here's i want would like choose pick select option choice take go with yes sure " +
    "one please me to date time day about around think guess i'll ill i'd id make change should be meant um well and"
  ).split(' '),
);

/**
 * Whether nothing was said beside the values at `founds`: only politeness and words that name the
 * slot ("我的手机号是…", "order number is …").
 * @param also more words of Chinese that add nothing here, such as measure words
 */
export function saysOnly(
  input: SlotInput,
  founds: readonly Found<unknown>[],
  also?: RegExp,
): boolean {
  if (input.text.length > 300) return false;
  let rest = '';
  let from = 0;
  for (const { start, end } of founds) {
    rest += `${input.text.slice(from, start)} `;
    from = end;
  }
  rest += input.text.slice(from);
  const core = substanceOf(rest, input.lang);
  const bare = (also === undefined ? core : core.replace(also, ' ')).replace(LABEL_ZH, ' ');
  const left = bare.split(/[ .,#:/()=-]+/).filter((word) => word !== '' && !LABELS_EN.has(word));
  return substanceOf(left.join(' '), input.lang) === '';
}

const DENIED =
  /(?:不是|不要|别|并非|而非|不选|不对是|\b(?:not|isn't|isnt|no longer|never)(?: the| my| for| about| at| a)?)[: ]*$/u;

/** Whether the text right before `start` denies what follows: "不是质量问题", "not the second". */
export function isDenied(text: string, start: number): boolean {
  return DENIED.test(text.slice(Math.max(0, start - 16), start).toLowerCase());
}

/**
 * The one value among what was found: denied ones do not count, the same value said twice counts
 * once, two different ones are `ambiguous`.
 */
export function onlyOne<T>(
  input: SlotInput,
  founds: readonly Found<T>[],
  also?: RegExp,
): Parsed<T> | undefined {
  const meant = founds.filter((found) => !isDenied(input.text, found.start));
  const [first] = meant;
  if (first === undefined) return undefined;
  if (meant.some((found) => found.value !== first.value))
    return { kind: 'none', reason: 'ambiguous' };
  return {
    kind: 'value',
    value: first.value,
    whole: meant.length === founds.length && saysOnly(input, founds, also),
    quote: first.quote,
  };
}
