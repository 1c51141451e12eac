import { expect } from 'chai';
import {
  choice,
  confirm,
  dateTime,
  image,
  number,
  orderNumber,
  text,
  type Parsed,
} from '../../../src/dialog/slots/index.ts';
import { brief, picture, REASONS, said } from './said.ts';

const SKIPS: readonly (readonly [string, string])[] = [
  ['没有', 'null*'],
  ['无', 'null*'],
  ['跳过', 'null*'],
  ['不用', 'null*'],
  ['不需要', 'null*'],
  ['略过', 'null*'],
  ['none', 'null*'],
  ['no', 'null*'],
  ['skip', 'null*'],
  ['n/a', 'null*'],
  ["don't have one", 'null*'],
  ["I don't have one", 'null*'],
  ['没有订单号', 'null*'],
  ['沒有', 'null*'],
  ['20261101001', '20261101001*'],
  ['不用了，谢谢', 'null*'],
  ['skip it please', 'null*'],
  ['你好', '-'],
  ['没', 'null*'],
  ['略', 'null*'],
  ['我没有订单号', 'null*'],
  ['nope', 'null*'],
];

/** The type of value that a slot reads; used only by the compiler. */
type Read<S extends { parse: (input: never) => Parsed<unknown> }> = Extract<
  ReturnType<S['parse']>,
  { kind: 'value' }
>['value'];

describe('optional slots', () => {
  const slot = orderNumber({ optional: true });
  for (const [words, parsed] of SKIPS) {
    it(`reads "${words}" as ${parsed}`, () => {
      expect(brief(slot.parse(said(words)))).to.equal(parsed);
    });
  }

  it('never find a skip', () => {
    expect(brief(slot.find(said('没有')))).to.equal('-');
  });

  it('are not skipped unless optional', () => {
    expect(brief(orderNumber().parse(said('没有')))).to.equal('-');
    expect(brief(image().parse(said('跳过')))).to.equal('-not-an-image');
  });

  it('skip free text before taking it', () => {
    expect(brief(text({ optional: true }).parse(said('没有')))).to.equal('null*');
    expect(brief(text().parse(said('没有')))).to.equal('没有');
  });

  it('prefer a value to a skip', () => {
    expect(brief(confirm({ optional: true }).parse(said('不用')))).to.equal('false*');
    const none = [...REASONS, { value: 'none', title: '没有', alike: [] }];
    const reason = choice(['quality', 'none'], { optional: true });
    expect(brief(reason.parse(said('没有', { offered: none })))).to.equal('none*');
  });

  it('show and compare a skipped value', () => {
    expect(slot.show(null, 'zh', (v) => v)).to.equal('-');
    expect(slot.toText(null)).to.equal('');
  });

  it('say so in their type', () => {
    const skipped: Read<typeof slot> = null;
    const needed = number({ min: 1 });
    // @ts-expect-error a slot that must be answered has no null
    const missing: Read<typeof needed> = null;
    const when = dateTime({ future: true, optional: true });
    const date: Read<typeof when> = null;
    // @ts-expect-error options are checked
    text({ most: 3 });
    expect([skipped, missing, date]).to.deep.equal([null, null, null]);
    expect([slot.optional, needed.optional, when.optional]).to.deep.equal([true, false, true]);
  });
});

describe('slot text', () => {
  it('takes any text as it is, never whole, never found', () => {
    expect(brief(text().parse(said('  門鈴壞了。 ')))).to.equal('門鈴壞了。');
    expect(brief(text().find(said('门铃坏了')))).to.equal('-');
    expect(text().free).to.equal(true);
  });

  it('counts characters, not units', () => {
    const slot = text({ min: 2, max: 3 });
    expect(brief(slot.parse(said('😀')))).to.equal('-too-short');
    expect(brief(slot.parse(said('😀😀😀')))).to.equal('😀😀😀');
    expect(brief(slot.parse(said('😀😀😀😀')))).to.equal('-too-long');
    expect(brief(slot.parse(said('   ')))).to.equal('-');
  });
});

describe('slot image', () => {
  it('takes the first picture', () => {
    const attachments = [picture('file'), picture()];
    expect(brief(image().parse(said('', { attachments })))).to.equal('/files/a.jpg*');
    expect(brief(image().find(said('看图', { attachments })))).to.equal('/files/a.jpg');
  });

  it('takes no other file and no text', () => {
    expect(brief(image().parse(said('', { attachments: [picture('video')] })))).to.equal(
      '-not-an-image',
    );
    expect(brief(image().parse(said('/files/a.jpg')))).to.equal('-not-an-image');
    expect(brief(image().find(said('图')))).to.equal('-');
  });

  it('may be skipped where optional', () => {
    expect(brief(image({ optional: true }).parse(said('没有照片')))).to.equal('null*');
    expect(brief(image({ optional: true }).parse(said('skip')))).to.equal('null*');
  });
});
