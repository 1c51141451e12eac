import { expect } from 'chai';
import { named, personName, phone, url } from '../../../src/dialog/slots/index.ts';
import { brief, said } from './said.ts';

type Cases = readonly (readonly [string, string, string])[];

const PERSON: Cases = [
  ['张三', '张三*', '-'],
  ['我叫欧阳娜娜', '欧阳娜娜*', '欧阳娜娜*'],
  ['收件人：李四', '李四*', '李四*'],
  ['陳小明先生', '陳小明*', '-'],
  ["my name is John O'Neil", "John O'Neil*", "John O'Neil*"],
  ['John Smith', 'John Smith*', '-'],
  ['john smith', 'john smith', '-'],
  ["I'm Sarah Connor, thanks", 'Sarah Connor*', 'Sarah Connor*'],
  ['你好，我叫刘洋，昨天下的单', '刘洋', '刘洋'],
  ['不知道', '-', '-'],
  ['我要退货', '-', '-'],
  ['where is my order', '-', '-'],
  ["I'm late", '-', '-'],
  ['随便', '-', '-'],
];
const URLS: Cases = [
  ['https://item.example.cn/1', 'https://item.example.cn/1*', 'https://item.example.cn/1*'],
  ['链接是www.example.com/help。', 'www.example.com/help*', 'www.example.com/help*'],
  ['http://a.cn http://b.cn', '-ambiguous', '-ambiguous'],
  ['没有链接', '-', '-'],
];
const PRODUCT: Cases = [
  ['无线耳机', 'earbuds*', 'earbuds*'],
  ['无线耳鸡', 'earbuds*', 'earbuds*'],
  ['the wirelss earbuds please', 'earbuds*', 'earbuds*'],
  ['耳机和充电宝', 'power-bank', 'power-bank'],
  ['无线耳机和充电宝', '-ambiguous', '-ambiguous'],
  ['不是无线耳机，是充电宝', 'power-bank', 'power-bank'],
  ['手机壳', '-', '-'],
];
const PHONES: Cases = [
  ['13800138000', '13800138000*', '13800138000*'],
  ['010-62345678', '+861062345678*', '+861062345678*'],
  ['+1 415 555 2671', '+14155552671*', '+14155552671*'],
  ['call +447911123456 at noon', '+447911123456', '+447911123456'],
  ['1380013800', '-wrong-length', '-'],
];
const product = named([
  { id: 'earbuds', names: ['无线耳机', 'wireless earbuds'] },
  { id: 'power-bank', names: ['充电宝', 'power bank'] },
]);

for (const [name, slot, cases] of [
  ['personName', personName(), PERSON],
  ['url', url(), URLS],
  ['named', product, PRODUCT],
  ['phone of any kind', phone({ any: true }), PHONES],
] as const) {
  describe(`slot ${name}`, () => {
    for (const [text, parsed, found] of cases) {
      it(`reads "${text}" as ${parsed}`, () => {
        expect(brief(slot.parse(said(text)))).to.equal(parsed);
        expect(brief(slot.find(said(text)))).to.equal(found);
      });
    }
  });
}

describe('slot named', () => {
  it('shows a name in the language', () => {
    expect(product.show('earbuds', 'zh', String)).to.equal('无线耳机');
    expect(product.show('earbuds', 'en', String)).to.equal('wireless earbuds');
  });
});
