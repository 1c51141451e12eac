import { expect } from 'chai';
import { asksFor, holdsBack } from '../../src/understanding/wish.ts';

describe('clauses that wish something', () => {
  it('are told from statements', () => {
    for (const text of ['我要退货', '帮我查下订单', '麻烦开张发票']) {
      expect(asksFor(text, 'zh'), text).to.equal(true);
    }
    for (const text of ['耳机坏了', '收到货了']) expect(asksFor(text, 'zh'), text).to.equal(false);
    for (const text of ['I want to return it', 'please track it', 'track my order']) {
      expect(asksFor(text, 'en'), text).to.equal(true);
    }
    for (const text of ['my parcel arrived yesterday', 'the lamp broke']) {
      expect(asksFor(text, 'en'), text).to.equal(false);
    }
  });

  it('are held back by conditions, reasons and negations', () => {
    for (const text of ['如果要退货', '因为要退货', '我不退货', '还没收到货', '别取消']) {
      expect(holdsBack(text, 'zh'), text).to.equal(true);
    }
    for (const text of ['能不能帮我退货', '不好意思我要退货', '可不可以开发票']) {
      expect(holdsBack(text, 'zh'), text).to.equal(false);
    }
    for (const text of [
      'if I return it',
      "I don't want a refund",
      'before you ship it',
      'never return it',
    ]) {
      expect(holdsBack(text, 'en'), text).to.equal(true);
    }
    for (const text of ['when will it arrive', 'note the invoice', 'return it']) {
      expect(holdsBack(text, 'en'), text).to.equal(false);
    }
  });
});
