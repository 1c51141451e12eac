import { expect } from 'chai';
import { PRIOR } from '../../../src/knowledge/search/fusion.ts';
import { LanguageIndex } from '../../../src/knowledge/search/language-index.ts';
import { measure } from '../../../src/knowledge/search/measure.ts';
import { Synonyms } from '../../../src/knowledge/search/synonyms.ts';
import { FALLBACK } from '../../../src/knowledge/search/thresholds.ts';

const NONE = new Synonyms('en', []);

/** Entries whose questions all share the words of their entry. */
function shop(entries: number, wordsOf: (entry: number) => string): LanguageIndex {
  const ask = ['where is', 'tell me of', 'how about', 'please'];
  const made = new LanguageIndex('en', NONE);
  for (let i = 0; i < entries; i++) {
    const utterances = ask.map((start, k) => `${start} ${wordsOf(i)} v${k}`);
    made.put(`entry${i}`, { utterances, answer: '' });
  }
  return made;
}

const named = (i: number) => `gadget${'abcdefghijklmnopqrstuvwxyzABCD'.charAt(i)}x${i}y`;

describe('measure', () => {
  it('falls back where there is too little to measure', () => {
    const little = { weights: PRIOR, thresholds: FALLBACK };
    expect(measure(shop(5, (i) => `word${i}`))).to.deep.equal(little);
    expect(measure(new LanguageIndex('en', NONE))).to.deep.equal(little);
  });

  it('answers where entries are told apart, and not where they are not', () => {
    const answers = (index: LanguageIndex, text: string): boolean => {
      index.tuned = measure(index);
      return (index.search(text)[0]?.score ?? 0) >= index.tuned.thresholds.answer;
    };
    expect(answers(shop(30, named), `and what of ${named(3)}`)).to.equal(true);
    expect(
      answers(
        shop(30, (i) => `same thing ${i % 3}`),
        'and what of same thing 1',
      ),
    ).to.equal(false);
  });

  it('is the same for the same entries', () => {
    const make = () => measure(shop(30, (i) => `thing${i} of ${i % 7}`));
    expect(make()).to.deep.equal(make());
  });

  it('tunes weights so that unseen questions of clear entries are found for sure', () => {
    const index = shop(30, named);
    const text = `I look for ${named(7)}`;
    const before = index.search(text)[0];
    index.tuned = measure(index);
    const after = index.search(text)[0];
    expect(after?.id).to.equal('entry7');
    expect(after?.score).to.be.above(before?.score ?? 1);
    expect(after?.score).to.be.at.least(index.tuned.thresholds.answer);
  });

  it('leaves out the question it tries, and those of its fold', () => {
    const index = new LanguageIndex('en', NONE);
    const only = ['where is the zebra', 'the zebra please'];
    index.put('zebra', { utterances: only, answer: '' });
    index.put('other', { utterances: ['where is the parcel'], answer: '' });
    const attempt = index.attempt('zebra', 0, 2);
    expect(attempt?.own).to.be.below(attempt?.count ?? 0);
    // Without both, nothing of the zebra is left: its word is as unknown as any other.
    const alone = index.attempt('zebra', 0, 1);
    expect(alone?.none[1]).to.be.above(0.5);
    expect(alone?.none[1]).to.be.above(attempt?.none[1] ?? 1);
    expect(index.attempt('zebra', 9, 2)).to.equal(undefined);
    expect(index.attempt('nothing', 0, 2)).to.equal(undefined);
  });
});
