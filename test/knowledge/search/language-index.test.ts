import { expect } from 'chai';
import fc from 'fast-check';
import { LanguageIndex } from '../../../src/knowledge/search/language-index.ts';
import type { Searchable } from '../../../src/knowledge/search/language-index.ts';
import { Synonyms } from '../../../src/knowledge/search/synonyms.ts';

const NONE = { zh: new Synonyms('zh', []), en: new Synonyms('en', []) };

function index(lang: 'zh' | 'en', entries: Readonly<Record<string, readonly string[]>>) {
  const made = new LanguageIndex(lang, NONE[lang]);
  for (const [id, utterances] of Object.entries(entries)) made.put(id, { utterances, answer: '' });
  return made;
}

const SHOP = {
  invoice: ['怎么开发票', '发票在哪里开'],
  fee: ['快递费多少钱', '运费怎么算'],
  refund: ['退款多久到账', '退的钱几天到'],
};

describe('LanguageIndex', () => {
  it('finds a question that has one letter typed as pinyin or a homophone in it', () => {
    const shop = index('zh', SHOP);
    for (const [text, id] of [
      ['怎么开发piao', 'invoice'],
      ['怎么开fapiao', 'invoice'],
      ['快弟费是多少', 'fee'],
      ['退kuan要多久', 'refund'],
    ] as const) {
      const [first, second] = shop.search(text);
      expect(first?.id, text).to.equal(id);
      expect(first?.score, text).to.be.above(2 * (second?.score ?? 0));
    }
  });

  it('finds words that the answer alone has', () => {
    const shop = new LanguageIndex('en', NONE.en);
    shop.put('fee', { utterances: ['what does delivery cost'], answer: 'Free from 99 yuan.' });
    shop.put('time', { utterances: ['how long does delivery take'], answer: 'Two days.' });
    expect(shop.search('is it free from some yuan')[0]?.id).to.equal('fee');
  });

  it('shares one certainty among all entries: those that fit alike are no answer', () => {
    const twins = index('en', {
      a: ['where is my blue parcel', 'my blue parcel is late'],
      b: ['where is my red parcel', 'my red parcel is late'],
      c: ['can I pay by card'],
    });
    const sum = (text: string) => twins.search(text).reduce((s, hit) => s + hit.score, 0);
    expect(sum('parcel late')).to.be.at.most(1);
    const [first, second] = twins.search('parcel late');
    expect(first?.score).to.be.closeTo(second?.score ?? 0, 0.1);
    expect(first?.score).to.be.below(0.5);
  });

  it('an exact match is certain, and leaves nothing for the rest', () => {
    const hits = index('zh', SHOP).search('请问怎么开发票？');
    expect(hits).to.deep.equal([{ id: 'invoice', score: 1, by: 'exact' }]);
  });

  it('looks at what the classifier is sure of even where no word is shared', () => {
    const shop = index('en', { fee: ['what does delivery cost'], pay: ['can I pay by card'] });
    const ids = (classified: ReadonlyMap<string, number>) =>
      shop.search('zzz', { classified }).map((hit) => hit.id);
    expect(ids(new Map([['pay', 0.9]]))).to.deep.equal(['pay']);
    expect(ids(new Map([['gone', 0.9]]))).to.deep.equal([]);
    expect(ids(new Map([['pay', 0.1]]))).to.deep.equal([]);
  });

  it('leaves out what is not allowed', () => {
    const hits = index('zh', SHOP).search('怎么开发票', { allow: (id) => id !== 'invoice' });
    expect(hits.map((hit) => hit.id)).not.to.include('invoice');
  });

  const word = fc.constantFrom('退款', '发票', '运费', '多久', '怎么', '开', '到账', 'vip', 'card');
  const text = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(''));
  const entry = fc.record({ utterances: fc.array(text, { maxLength: 4 }), answer: text });
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const change = fc.record({ id, entry: fc.option(entry, { nil: undefined }) });

  it('finds the same whatever way the entries came there', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 25 }), text, (changes, query) => {
        const changed = new LanguageIndex('zh', NONE.zh);
        const left = new Map<string, Searchable>();
        for (const { id: name, entry: next } of changes) {
          if (next === undefined) {
            changed.remove(name);
            left.delete(name);
          } else {
            changed.put(name, next);
            left.set(name, next);
          }
        }
        const fresh = new LanguageIndex('zh', NONE.zh);
        for (const [name, each] of left) fresh.put(name, each);
        const rounded = (found: LanguageIndex) =>
          found.search(query).map((hit) => ({ ...hit, score: hit.score.toFixed(6) }));
        const order = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
        expect(rounded(changed).sort(order)).to.deep.equal(rounded(fresh).sort(order));
        expect(changed.size).to.equal([...left.values()].filter((e) => e.utterances[0]).length);
      }),
    );
  });

  it('keeps no memory of entries that were replaced', () => {
    const shop = index('zh', SHOP);
    const put = (i: number) => {
      shop.put('fee', { utterances: [`第${i}种运费`, `number${i} fee`], answer: `${i}元` });
    };
    for (let i = 0; i < 200; i++) put(i);
    const before = shop.bytes;
    for (let i = 0; i < 2000; i++) put(i);
    expect(shop.bytes).to.be.at.most(before + 2000);
  });
});
