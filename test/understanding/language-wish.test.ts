import { expect } from 'chai';
import { languageWish } from '../../src/understanding/language-wish.ts';

const WISHES: readonly (readonly [string, 'zh' | 'en'])[] = [
  ['English please', 'en'],
  ['can you speak English?', 'en'],
  ['switch to English', 'en'],
  ['please switch to Chinese', 'zh'],
  ['I would like to speak Chinese', 'zh'],
  ['in Chinese please', 'zh'],
  ['please speak 中文', 'zh'],
  ['请说中文', 'zh'],
  ['用英文回复', 'en'],
  ['可以说英语吗？', 'en'],
  ['切换到英文', 'en'],
  ['能用中文吗', 'zh'],
  ['切换到English', 'en'],
];
const NONE = [
  '说明书有英文吗',
  '我要一个英文键盘',
  'do you have an English manual',
  'I want to buy an English keyboard',
  'the manual is in Chinese',
  '中文说明书在哪',
  '',
];

describe('asking for a language', () => {
  for (const [text, lang] of WISHES) {
    it(`${text} asks for ${lang}`, () => {
      expect(languageWish(text, false)).to.equal(lang);
    });
  }
  for (const text of NONE) {
    it(`${JSON.stringify(text)} asks for none`, () => {
      expect(languageWish(text, true)).to.equal(undefined);
    });
  }

  it('takes a bare name only where it may', () => {
    expect(languageWish('中文', true)).to.equal('zh');
    expect(languageWish('中文', false)).to.equal(undefined);
  });
});
