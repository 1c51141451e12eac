import { expect } from 'chai';
import { Synonyms } from '../../../src/knowledge/search/synonyms.ts';

describe('Synonyms', () => {
  const zh = new Synonyms('zh', [
    ['快递', '包裹', '物流'],
    ['快递费', '運費'],
  ]);
  const en = new Synonyms('en', [
    ['parcel', 'package'],
    ['arrive', 'turn up'],
    ['tax', 'vat'],
  ]);

  it('puts the first word of a group in the place of the others', () => {
    expect(zh.apply('我的包裹和物流')).to.equal('我的快递和快递');
    expect(en.apply('did my package turn up?')).to.equal('did my parcel arrive?');
  });

  it('prefers the longest word, and reads groups in one spelling', () => {
    expect(zh.apply('快递费')).to.equal('快递费');
    expect(zh.apply('运费')).to.equal('快递费');
  });

  it('replaces English words only whole', () => {
    expect(en.apply('packages, vats and private')).to.equal('packages, vats and private');
  });

  it('without groups leaves everything', () => {
    expect(new Synonyms('zh', []).apply('包裹')).to.equal('包裹');
  });
});
