import { expect } from 'chai';
import fc from 'fast-check';
import { loadKnowledge } from '../../src/knowledge/load.ts';
import type { Knowledge } from '../../src/knowledge/types.ts';
import type { Lang } from '../../src/message.ts';
import { HeldClock, loadShop } from './shop.ts';

describe('search', () => {
  let shop: Knowledge;
  before(async () => {
    shop = await loadShop();
  });
  const first = (text: string, lang: Lang) => shop.search(text, lang)[0];

  it('finds a question word for word, whatever its marks, manners and characters', () => {
    for (const text of [
      '退款多久到账',
      '请问退款多久到账？谢谢',
      '退款多久到賬！！',
      '退款多久到账？？',
    ]) {
      expect(first(text, 'zh'), text).to.include({ entry: 'refund-time', score: 1, by: 'exact' });
    }
    for (const text of ['how long do refunds take', 'Hi, how long do refunds take please?']) {
      expect(first(text, 'en'), text).to.include({ entry: 'refund-time', score: 1, by: 'exact' });
    }
  });

  it('finds alike questions, and names the main one', () => {
    expect(first('退的钱怎么还没到', 'zh')).to.include({
      entry: 'refund-time',
      score: 1,
      question: '退款多久到账？',
    });
  });

  const KEYWORDS: readonly (readonly [Lang, string, string])[] = [
    ['zh', '退款一般几天到账呀', 'refund-time'],
    ['zh', '我的包裹几天能到', 'delivery-time'],
    ['zh', '买多少钱可以包邮', 'shipping-fee'],
    ['zh', '退货的邮费是谁付', 'return-fee'],
    ['zh', '能送到海外吗', 'only-chinese'],
    ['en', 'how many days does a refund take', 'refund-time'],
    ['en', 'when is my package arriving', 'delivery-time'],
    ['en', 'do you have free shipping', 'shipping-fee'],
    ['en', 'must I pay for sending it back', 'return-fee'],
    ['en', 'refnud time', 'refund-time'],
  ];
  for (const [lang, text, entry] of KEYWORDS) {
    it(`finds by keyword: ${text}`, () => {
      const hit = first(text, lang);
      expect(hit?.entry).to.equal(entry);
      expect(hit?.by).to.equal('keyword');
      expect(hit?.score).to.be.within(0.01, 0.999);
    });
  }

  const UNRELATED: readonly (readonly [Lang, string])[] = [
    ['zh', '今天天气怎么样'],
    ['zh', '讲个笑话'],
    ['zh', '你们老板是谁'],
    ['zh', '我要怎么办呢'],
    ['zh', '我想要这个可以吗'],
    ['zh', '在吗'],
    ['zh', '？？？'],
    ['zh', '😀😀'],
    ['en', 'tell me a joke'],
    ['en', 'what is the weather today'],
    ['en', 'who is your boss'],
    ['en', 'how do I do it'],
    ['en', 'can I have it'],
    ['en', '!!!'],
  ];

  for (const [lang, text] of UNRELATED) {
    it(`offers nothing for: ${text}`, () => {
      const score = first(text, lang)?.score ?? 0;
      expect(score).to.be.below(shop.thresholds(lang).suggest);
    });
  }

  it('the demo shop offers nothing for unrelated questions either', async () => {
    const demo = await loadKnowledge({ dir: 'knowledge', clock: new HeldClock() });
    for (const [lang, text] of UNRELATED) {
      const [hit] = demo.search(text, lang);
      expect(hit?.score ?? 0, `${text} -> ${hit?.question ?? ''}`).to.be.below(
        demo.thresholds(lang).suggest,
      );
    }
  });

  it('searches in the language of the question only', () => {
    expect(shop.search('海外可以配送吗', 'en').map((h) => h.entry)).not.to.include('only-chinese');
  });

  it('two entries that fit alike score lower than one that fits alone', () => {
    const both = first('运费', 'zh');
    const one = first('运费怎么算的', 'zh');
    expect(both?.score).to.be.below(one?.score ?? 0);
  });

  it('the classifier raises what keywords support, and nothing else', () => {
    const text = '买多少钱可以包邮';
    const plain = shop.search(text, 'zh');
    const helped = shop.search(text, 'zh', new Map([['shipping-fee', 0.9]]));
    expect(helped[0]?.entry).to.equal('shipping-fee');
    expect(helped[0]?.score).to.be.above(plain[0]?.score ?? 1);
    const unrelated = shop.search('讲个笑话', 'zh', new Map([['shipping-fee', 1]]));
    expect(unrelated[0]?.score ?? 0).to.be.below(shop.thresholds('zh').suggest);
  });

  it('the classifier can decide between two', () => {
    const hits = shop.search('邮费', 'zh', new Map([['return-fee', 1]]));
    expect(hits[0]).to.include({ entry: 'return-fee', by: 'classifier' });
  });

  it('gives at most as many as asked for, best first', () => {
    expect(shop.search('退货运费几天到', 'zh', undefined, 2)).to.have.length(2);
    expect(shop.search('退货运费几天到', 'zh', undefined, 0)).to.have.length(0);
    const scores = shop.search('退货运费几天到', 'zh').map((h) => h.score);
    expect(scores).to.deep.equal([...scores].sort((a, b) => b - a));
  });

  it('thresholds of a tiny shop are the documented ones', () => {
    expect(shop.thresholds('zh')).to.deep.equal({ answer: 0.6, suggest: 0.2 });
  });

  it('never throws, and scores stay within 0 and 1', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom(...Array.from('退款多久到账 refund?！\ud800😀０1{}\u0000')),
      }),
      fc.constantFrom('__proto__', 'constructor', '退'.repeat(100_000), 'a b '.repeat(25_000)),
    );
    const confidence = fc.double({ min: -2, max: 2 });
    fc.assert(
      fc.property(texts, fc.constantFrom<Lang>('zh', 'en'), confidence, (text, lang, score) => {
        for (const hit of shop.search(text, lang, new Map([['refund-time', score]]))) {
          expect(hit.score).to.be.within(0, 1);
        }
      }),
    );
  });
});

describe('thresholds of the demo shop', () => {
  it('leave room between an offer and an answer', async () => {
    const demo = await loadKnowledge({ dir: 'knowledge', clock: new HeldClock() });
    for (const lang of ['zh', 'en'] as const) {
      const { answer, suggest } = demo.thresholds(lang);
      expect(answer).to.be.within(0.4, 0.85);
      expect(suggest).to.be.within(0.08, answer - 0.1);
    }
  });

  it('every question of every entry finds its entry', async () => {
    const demo = await loadKnowledge({ dir: 'knowledge', clock: new HeldClock() });
    for (const lang of ['zh', 'en'] as const) {
      for (const entry of demo.entries.values()) {
        for (const text of entry.utterances[lang]) {
          const hits = demo.search(text, lang).filter((h) => h.score === 1);
          expect(
            hits.map((h) => h.entry),
            text,
          ).to.include(entry.id);
        }
      }
    }
  });
});
