import { expect } from 'chai';
import { confirm } from '../../../src/dialog/slots/confirm.ts';
import { brief, said } from './said.ts';

const CONFIRM: readonly (readonly [string, string])[] = [
  ['是', 'true*'],
  ['是的', 'true*'],
  ['好', 'true*'],
  ['好的', 'true*'],
  ['可以', 'true*'],
  ['行', 'true*'],
  ['对', 'true*'],
  ['没错', 'true*'],
  ['确认', 'true*'],
  ['要', 'true*'],
  ['嗯', 'true*'],
  ['嗯嗯', 'true*'],
  ['OK', 'true*'],
  ['没问题', 'true*'],
  ['确定', 'true*'],
  ['当然', 'true*'],
  ['不是', 'false*'],
  ['不', 'false*'],
  ['不要', 'false*'],
  ['否', 'false*'],
  ['不对', 'false*'],
  ['没有', 'false*'],
  ['别', 'false*'],
  ['不行', 'false*'],
  ['不用', 'false*'],
  ['不用了', 'false*'],
  ['算了', '-'],
  ['不确定', '-'],
  ['不是不可以', '-'],
  ['確認', 'true*'],
  ['對', 'true*'],
  ['沒錯', 'true*'],
  ['沒問題', 'true*'],
  ['當然', 'true*'],
  ['yes', 'true*'],
  ['y', 'true*'],
  ['Yeah!', 'true*'],
  ['yep', 'true*'],
  ['sure', 'true*'],
  ['correct', 'true*'],
  ['go ahead', 'true*'],
  ['no', 'false*'],
  ['nope', 'false*'],
  ['nah', 'false*'],
  ['n', 'false*'],
  ['not really', 'false*'],
  ["don't", 'false*'],
  ['no thanks', 'false*'],
  ['yes please', 'true*'],
  ['maybe', '-'],
  ['退货', '-'],
  ['是的，就这个地址', 'true'],
  ['对，但是地址错了', '-'],
  ['嗯，确认', 'true*'],
  ['好的谢谢', 'true*'],
  ['ｙｅｓ', 'true*'],
  ['取消', '-'],
  ['cancel', '-'],
  ['what?', '-'],
  ['可以吗', '-'],
  ['对了，我还想问', '-'],
  ['不，谢谢', 'false*'],
  ['no, thank you', 'false*'],
  ["that's right", 'true*'],
  ['对对对', 'true*'],
  ['好呀好呀', 'true*'],
  ['都对', 'true*'],
  ["I'm sure", 'true*'],
  ['I am not sure', '-'],
  ['确认一下地址', '-'],
  ['可以的话就退', '-'],
  ['对吧？', '-'],
  ['不行，太久了', 'false'],
  ['no, the address is wrong', 'false'],
  ['好吧', 'true*'],
];

describe('slot confirm', () => {
  const slot = confirm();
  for (const [text, parsed] of CONFIRM) {
    it(`reads "${text}" as ${parsed}`, () => {
      expect(brief(slot.parse(said(text)))).to.equal(parsed);
      expect(slot.find(said(text))).to.deep.equal({ kind: 'none' });
    });
  }

  it('takes a tap, and the number of an offered answer', () => {
    const offered = [
      { value: 'yes', title: '是', alike: [] },
      { value: 'no', title: '否', alike: [] },
    ];
    expect(brief(slot.parse(said('', { tapped: 'yes' })))).to.equal('true*');
    expect(brief(slot.parse(said('', { tapped: 'no' })))).to.equal('false*');
    expect(brief(slot.parse(said('2', { offered })))).to.equal('false*');
    expect(brief(slot.parse(said('第一个', { offered })))).to.equal('true*');
    expect(brief(slot.parse(said('2')))).to.equal('-');
  });

  it('shows its wording', () => {
    expect(slot.show(false, 'zh', (v) => `<${v}>`)).to.equal('<no>');
    expect(slot.toText(true)).to.equal('true');
  });
});
