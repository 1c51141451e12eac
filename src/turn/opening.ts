/** What the sentence that starts a task tells beside the wish: "快递员把包裹扔在门口，我要投诉". */
import type { Lang } from '../message.ts';
import { findOrderNumbers } from '../text/entities/order-number.ts';
import { findPhones } from '../text/entities/phone.ts';
import { coreOf } from '../text/analyzer.ts';
import { clausesOf } from '../understanding/clauses.ts';

/** Words that name a wish or a number and tell nothing. */
const EMPTY_ZH =
  /我(?:们)?|你们?|您|想要?|要|需要|请|麻烦|帮|给|提交|申请|登记|办理?|一下|一件事|一个|个|事情?|你好|客服|商家|店铺?|订单号?|单号|手机号?|电话|号码?|是|的|了|吧|啊|呢|太|很|真|[\s\d]/gu;
const EMPTY_EN = new Set(
  (
    "i i'm i'd i've we want to would like need make file submit lodge raise register report a an the my your you please hi hello about of for on it this " +
    'is order number no phone mobile formal problem with have wish something can could'
  ).split(' '),
);
/** What must be left for a sentence to tell something: characters, words. */
const ENOUGH = { zh: 5, en: 5 } as const;
/** Letters of the task's name by which its other forms are known: complain, complaint. */
const STEM = 6;

/**
 * The sentence as it was written, where it tells enough for a text slot; `undefined` where it says no
 * more than that the task is wanted.
 * @param names the task's name in both languages
 */
export function told(text: string, names: readonly string[]): string | undefined {
  const numbers = [...findOrderNumbers(text), ...findPhones(text)].sort(
    (a, b) => b.start - a.start,
  );
  let bare = text;
  for (const { start, end } of numbers) bare = `${bare.slice(0, start)} ${bare.slice(end)}`;
  const tells = clausesOf(bare).some((clause) => tellsMuch(clause.text, names));
  return tells ? text.trim() : undefined;
}

function tellsMuch(clause: string, names: readonly string[]): boolean {
  const lang: Lang = /\p{Script=Han}/u.test(clause) ? 'zh' : 'en';
  const core = coreOf(clause, lang);
  if (lang === 'en') {
    const stems = names.map((name) => name.toLowerCase().slice(0, STEM));
    const words = core
      .split(/[^a-z'’]+/u)
      .filter((w) => w !== '' && !EMPTY_EN.has(w) && !stems.some((s) => w.startsWith(s)));
    return words.length >= ENOUGH.en;
  }
  let rest = core;
  for (const name of names) rest = rest.replaceAll(name, '');
  return Array.from(rest.replace(EMPTY_ZH, '')).length >= ENOUGH.zh;
}
