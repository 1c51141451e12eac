import { expect } from 'chai';
import { referenceOf, type Reference } from '../../src/understanding/reference.ts';

function shown(reference: Reference | undefined): string {
  switch (reference?.kind) {
    case undefined:
      return '-';
    case 'matter':
      return `matter ${reference.matter}`;
    case 'place':
      return `place ${reference.place} ${reference.rest}`.trim();
    case 'thing':
      return `thing ${reference.before}_${reference.after}`;
    case 'left-out':
      return 'left-out';
  }
}

const ZH: readonly (readonly [string, string])[] = [
  ['那退货呢?', 'matter 退货'],
  ['还有发票呢', 'matter 发票'],
  ['那就退货吧', 'matter 退货'],
  ['那第一个呢', 'place 1'],
  ['最后一个', 'place -1'],
  ['那另一个呢', 'place other'],
  ['第二个我要退货', 'place 2 我要退货'],
  ['这个什么时候到', 'thing _什么时候到'],
  ['刚才那单帮我开发票', 'thing _帮我开发票'],
  ['什么时候到', 'left-out'],
  ['发货了没', 'left-out'],
  ['我的快递到哪了', '-'],
  ['为什么呢', '-'],
  ['你呢', '-'],
  ['那怎么退', '-'],
  ['第一次买', '-'],
  ['我要退货', '-'],
];

const EN: readonly (readonly [string, string])[] = [
  ['what about the invoice?', 'matter invoice'],
  ['And the return?', 'matter return'],
  ['the second one please', 'place 2'],
  ['what about the other one?', 'place other'],
  ['what about the second one', 'place 2'],
  ['return the second one', 'place 2 return'],
  ['When will it arrive?', 'thing when will _ arrive?'],
  ['I want to return it', 'thing i want to return _'],
  ['any news on that ticket?', 'thing any news on _?'],
  ['is it possible to return', '-'],
  ['when will my order arrive', '-'],
  ['What about you', '-'],
  ['how long does shipping take', '-'],
];

describe('words that point back', () => {
  for (const [text, expected] of ZH) {
    it(`zh ${text}`, () => {
      expect(shown(referenceOf(text, 'zh'))).to.equal(expected);
    });
  }
  for (const [text, expected] of EN) {
    it(`en ${text}`, () => {
      expect(shown(referenceOf(text, 'en'))).to.equal(expected);
    });
  }

  it('does not look for them in long messages', () => {
    expect(referenceOf(`这个${'很好'.repeat(60)}`, 'zh')).to.equal(undefined);
  });

  it('tells a question about where the thing is', () => {
    expect(referenceOf('这个到哪了', 'zh')).to.include({ whereabouts: true });
    expect(referenceOf('这个怎么退', 'zh')).to.include({ whereabouts: false });
  });
});
