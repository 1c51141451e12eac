import { expect } from 'chai';
import { isConditional } from '../../src/understanding/condition.ts';
import type { Lang } from '../../src/message.ts';

const conditional: readonly [Lang, string][] = [
  ['zh', '如果不能退货，就给我转人工'],
  ['zh', '要是还不发货我就退货'],
  ['zh', '明天要是不到的话我就投诉'],
  ['en', "if it doesn't arrive tomorrow I'll return it"],
  ['en', 'I’ll return it if it does not arrive tomorrow'],
  ['en', 'Unless it ships today, I will file a complaint'],
  ['en', "if I can't return it, I'll talk to a person"],
];
const wished: readonly [Lang, string][] = [
  ['zh', '如果可以的话，帮我退货'],
  ['zh', '如果方便，请帮我开发票'],
  ['zh', '我就要退货'],
  ['zh', '要是坏了怎么退货'],
  ['en', 'if possible, please return it'],
  ['en', "if you can, I'd like to return it"],
  ['en', 'I would like to return it if possible'],
  ['en', 'what if it is broken'],
];

describe('isConditional', () => {
  for (const [lang, text] of conditional) {
    it(`holds for: ${text}`, () => expect(isConditional(text, lang)).to.equal(true));
  }
  for (const [lang, text] of wished) {
    it(`does not hold for: ${text}`, () => expect(isConditional(text, lang)).to.equal(false));
  }
});
