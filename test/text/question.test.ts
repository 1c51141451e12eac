import { expect } from 'chai';
import { analyze, coreOf, isQuestion, substanceOf } from '../../src/text/analyzer.ts';

const QUESTIONS = [
  '怎么退货',
  '如何開發票',
  '退款多久到账',
  '几天能到',
  '什么时候发货',
  '运费多少',
  '能不能退货',
  '可不可以换货',
  '可以退货吗',
  '支持货到付款吗',
  '为什么还没到',
  '在哪里看',
  '退款呢',
  '有没有发票',
  '是否包邮',
  '运费谁出',
  '到了没有',
  '我想问一下怎么退',
  '行不',
  '没有发票能退吗',
  '退货？',
  'how do I return it',
  'when will it arrive',
  'what is the policy',
  'can I return this',
  'may I exchange it',
  'do you ship abroad',
  'is it free',
  'are there fees',
  'does it work',
  'could I pay later',
  'what if it breaks',
  'hi, how long does it take',
  'I want to know how long it takes',
  'returns?',
  'please tell me when it ships',
  "what's the fee",
];
const STATEMENTS = [
  '我要退货',
  '退货',
  '能帮我退货吗？',
  '可以帮我查一下订单吗',
  '麻烦帮我取消',
  '还没收到呢',
  '我没有收到',
  '不是',
  '没有',
  '没什么问题',
  '东西坏了',
  '20261101001',
  '',
  'I want to return this',
  'return',
  'could you cancel it?',
  'can you please help me return this?',
  'it is broken',
  'cancel my order',
  'I need an invoice',
  'my order is late',
];

describe('isQuestion', () => {
  for (const text of QUESTIONS) {
    it(`takes "${text}" for a question`, () => {
      expect(isQuestion(text)).to.equal(true);
      expect(isQuestion(analyze(text))).to.equal(true);
    });
  }
  for (const text of STATEMENTS) {
    it(`takes "${text}" for none`, () => {
      expect(isQuestion(text)).to.equal(false);
      expect(isQuestion(analyze(text))).to.equal(false);
    });
  }
});

describe('coreOf', () => {
  const cases: readonly (readonly ['zh' | 'en', string, string])[] = [
    ['zh', '麻烦您帮我退货，谢谢', '退货'],
    ['zh', '你好，请问怎么退货呀？', '怎么退货'],
    ['zh', '退貨！！', '退货'],
    ['zh', '帮我查一下', '查'],
    ['zh', '质量问题，坏了', '质量问题坏了'],
    ['zh', '退 货', '退货'],
    ['zh', 'please 退货 thanks', '退货'],
    ['zh', '1.5万', '1.5万'],
    ['zh', '谢谢', '谢谢'],
    ['zh', '嗯嗯', '嗯嗯'],
    ['en', 'um, hi, please cancel my order, thanks!', 'cancel my order'],
    ['en', 'Could you please cancel it?', 'cancel it'],
    ['en', 'no thanks', 'no'],
    ['en', 'Hello!', 'hello'],
    ['en', "don't", "don't"],
    ['en', 'hike', 'hike'],
  ];
  for (const [lang, text, core] of cases) {
    it(`finds "${core}" in "${text}"`, () => {
      expect(coreOf(text, lang)).to.equal(core);
    });
  }

  it('has no substance in politeness alone', () => {
    for (const text of ['谢谢', '麻烦您帮我看一下，谢谢', '你好，在吗', 'thanks', '!!!', '']) {
      expect(substanceOf(text, 'zh'), text).to.equal('');
    }
    expect(substanceOf('hi, thank you', 'en')).to.equal('');
  });

  for (const part of ['请', '啊', '哈吧', 'please ', 'ok ', ', ', '能帮', 'do you mind ', '没有']) {
    it(`comes back from 100 KB of ${JSON.stringify(part)}`, () => {
      const long = part.repeat(100_000 / part.length);
      expect(coreOf(long, 'zh')).to.be.a('string');
      expect(coreOf(long, 'en')).to.be.a('string');
      expect(isQuestion(long, 'zh')).to.be.a('boolean');
      expect(isQuestion(long, 'en')).to.be.a('boolean');
    });
  }
});
