import { expect } from 'chai';
import { LanguageIndex } from '../../../src/knowledge/search/language-index.ts';
import { Library } from '../../../src/knowledge/search/library.ts';
import type { Volume } from '../../../src/knowledge/search/library.ts';
import { Synonyms } from '../../../src/knowledge/search/synonyms.ts';

const synonyms = () => ({ zh: new Synonyms('zh', []), en: new Synonyms('en', []) });

function volume(id: string, question: string, revision = '1'): Volume {
  const utterances = [question, `tell me: ${question}`];
  return {
    id,
    revision,
    in: { zh: { utterances: [], answer: '' }, en: { utterances, answer: '' } },
  };
}

const THINGS = Array.from({ length: 40 }, (_, i) => volume(`e${i}`, `where is gadget x${i}y`));

describe('Library', () => {
  it('indexes only what differs from the version before', () => {
    const library = new Library(synonyms());
    library.hold(THINGS);
    const put: string[] = [];
    // eslint-disable-next-line @typescript-eslint/unbound-method -- put back below, called with its index
    const real = LanguageIndex.prototype.put;
    LanguageIndex.prototype.put = function (this: LanguageIndex, id, searchable) {
      put.push(id);
      real.call(this, id, searchable);
    };
    try {
      library.hold([...THINGS.slice(2), volume('e1', 'where is the zebra', '2')]);
    } finally {
      LanguageIndex.prototype.put = real;
    }
    expect(new Set(put)).to.deep.equal(new Set(['e1']));
    const first = (text: string) => library.search(text, 'en', {})[0];
    expect(first('where is the zebra')?.id).to.equal('e1');
    expect(first('where is gadget x0y')?.by).not.to.equal('exact');
    expect(first('where is gadget x1y')?.by).not.to.equal('exact');
    expect(first('where is gadget x2y')).to.deep.include({ id: 'e2', by: 'exact' });
  });

  it('decides the same as one that was made anew', () => {
    const changed = new Library(synonyms());
    changed.hold(THINGS.slice(0, 20));
    changed.hold(THINGS);
    const fresh = new Library(synonyms());
    fresh.hold(THINGS);
    expect(changed.thresholds('en')).to.deep.equal(fresh.thresholds('en'));
    expect(changed.search('is gadget x7y there', 'en', {})[0]?.score).to.be.closeTo(
      fresh.search('is gadget x7y there', 'en', {})[0]?.score ?? 0,
      1e-6,
    );
  });

  it('has measured before it is asked', () => {
    const library = new Library(synonyms());
    const before = library.thresholds('en');
    library.hold(THINGS);
    expect(library.thresholds('en')).not.to.deep.equal(before);
  });
});
